"""Claims of the README: its commands run, its programs run, its rewrites are made, its links lead somewhere."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.process import BUG, FIXED
from conftest import CORE, HERE
from repository import ENVIRONMENT, git, repository
from unchunk.codemod.fix import fix_source

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
PROJECT = '[project]\nname = "app"\nversion = "0"\ndependencies = []\n'


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language, without the two that `.ci/run` runs."""
    found = re.findall(rf"(<!-- ci:\w+ -->\n)?```{language}\n(.*?)```", README, re.DOTALL)
    return [text for marked, text in found if not marked]


def commands() -> Iterator[str]:
    for block in blocks("sh"):
        yield from (line.split(" #")[0].strip() for line in block.splitlines())


# The status of each command on a project with one finding, and whether the finding is gone afterwards.
OUTCOMES = {
    "unchunk check": (1, False),
    "unchunk check src": (1, False),
    "unchunk check --fix src": (0, True),
    "unchunk check --select ALL src": (1, False),
    "unchunk fix --diff": (1, False),
    "unchunk fix": (0, True),
    "unchunk fix --unsafe-fixes src": (0, True),
    "unchunk rule UNC102": (0, False),
    "flake8 --select UNC src": (1, False),
    "unchunk check --output-format github .": (1, False),
    "unchunk check --output-format sarif . > unchunk.sarif": (1, False),
    "unchunk check --diff-base origin/main .": (1, False),
    "unchunk check --write-baseline unchunk-baseline.json .": (0, False),
    "unchunk check --baseline unchunk-baseline.json .": (0, False),
    "unchunk fix one two three": (0, False),
    "unchunk campaign run --root .": (0, False),
    "python -m libcst.tool codemod --no-format -x unchunk.codemod.command.FixStreamedJson src": (0, True),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = repository(tmp_path / "app", pyproject__toml=PROJECT)
    (folder / "pyproject.toml").write_text(PROJECT)
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    for name in ("src", "one", "two", "three"):
        (folder / name).mkdir()
    (folder / "src" / "app.py").write_text(BUG)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=app")
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**ENVIRONMENT, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("command", [command for command in commands() if not command.startswith("pip ")])
def test_command_does_what_the_readme_says(project: Path, command: str) -> None:
    status, fixed = OUTCOMES[command]
    if "--baseline" in command:
        run("unchunk check --write-baseline unchunk-baseline.json .", project)
    done = run(command, project)
    assert done.returncode == status, done.stderr
    assert (project / "src" / "app.py").read_text() == (FIXED if fixed else BUG), done.stderr


def test_every_outcome_is_of_a_command_in_the_readme() -> None:
    assert set(OUTCOMES) <= set(commands())


@pytest.mark.parametrize("command", [command for command in commands() if command.startswith("pip ")])
def test_extras_to_install_are_there(command: str) -> None:
    [extra] = re.findall(r"'unchunk\[(\w+)\]'", command)
    assert re.search(rf"^{extra} = \[", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)


# What goes before each diff so that it is a whole program.
PROLOGUES = (
    "import json\n\nfrom together import Together\n\nclient = Together()\n",
    "import json\n\nimport requests\n\nresponse = requests.get(URL, stream=True)\nlog = open(LOG, mode)\n",
)


@pytest.mark.parametrize(("diff", "prologue"), [*zip(blocks("diff"), PROLOGUES, strict=True)])
def test_rewrite_is_the_one_shown(diff: str, prologue: str) -> None:
    def side(mark: str) -> str:
        return "".join(f"{line[1:]}\n" for line in diff.splitlines() if line[:1] in ("", " ", mark))

    result = fix_source(prologue + side("-"), "app.py", unsafe=True)
    assert result.fixed
    assert not result.left
    assert result.source.endswith(side("+"))


class Response:
    """A response to loops over it, as the snippets use it."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces

    def iter_content(self, size: int | None) -> Iterator[bytes]:
        return iter(self.pieces)

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


def test_snippet_of_the_helper_runs() -> None:
    [snippet] = [block for block in blocks("python") if "from unchunk import" in block]
    program = f"async def main(response, chunks, fragments_of_text):\n{textwrap.indent(snippet, '    ')}"
    names: dict[str, Any] = {}
    exec(program + "    return values, arguments, data, item, event, line, growing\n", names)
    response = Response(b'data: {"a"', b": 1}\n\nda", b"ta: [DONE]\n\n")
    told = asyncio.run(names["main"](response, [b"[1, 2", b"3]"], ['{"city": "Zü', 'rich"}']))
    values, arguments, data, item, event, line, growing = told
    assert (values, arguments, data, item) == ([{"a": 1}, {"b": 2}], {"city": "Zürich"}, {"a": 1}, 23)
    assert (event.data, line, growing) == ("[DONE]", b"\n", {"city": "Zürich"})


def test_first_snippet_is_the_bug() -> None:
    prologue = "import json\n\nimport requests\n\nresponse = requests.get(URL, stream=True)\n"
    assert fix_source(prologue + blocks("python")[0], "app.py").fixed


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda path: path.name
)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        assert "://" in target or (page.parent / target).exists(), target


def test_links_of_the_package_index_lead_somewhere() -> None:
    tomllib = pytest.importorskip("tomllib")
    hook = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["metadata"]["hooks"][
        "fancy-pypi-readme"
    ]
    text = README
    for each in hook["substitutions"]:
        text = re.sub(each["pattern"], each["replacement"], text)
    outside = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert re.findall(r"\]\((?!https?:)[^)]*\)", outside) == []
    assert "docs/semantics.md" in outside
    assert "*unchunk check reports the line" in outside
    assert re.findall(r"OWNER|example\.com", README) == []


def test_every_core_test_is_there() -> None:
    assert [name for name in CORE if not (HERE / name).exists()] == []
