"""The helper as one module: what a project gets that keeps a copy."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_origin

import pytest

import unchunk
from unchunk.analysis import check_source
from unchunk.analysis.flow import functions
from unchunk.analysis.limits import limits
from unchunk.project.vendor import module
from unchunk.project.vendor.module import NotOneModule, generate, same_program, version_of

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def source() -> str:
    return generate("1.2.3")


@pytest.fixture
def copy(source: str, tmp_path: Path) -> Path:
    path = tmp_path / "streams.py"
    path.write_text(source, encoding="utf-8", newline="")
    return path


def run(*command: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        list(map(str, command)), cwd=ROOT, env=os.environ | (env or {}), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_nothing_but_the_header_says_where_it_comes_from(source: str) -> None:
    header, _, rest = source.partition('"""')
    assert header.startswith("# Copied from unchunk 1.2.3 by `unchunk fix --vendor`")
    assert "MIT License" in header
    assert "Copyright (c)" in header
    assert "WITHOUT WARRANTY OF ANY KIND" in header
    assert "unchunk" not in rest


def test_all_public_names_are_there_and_its_own(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("streams", copy)
    assert spec is not None
    assert spec.loader is not None
    streams = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "streams", streams)
    spec.loader.exec_module(streams)
    assert streams.__all__ == sorted(unchunk.__all__)
    own = [public for name in unchunk.__all__ if get_origin(public := getattr(streams, name)) is None]
    assert {public.__module__ for public in own} == {"streams"}
    assert len(own) == len(unchunk.__all__) - 3  # types for annotations are made of typing's


def test_imports_are_of_the_standard_library_and_at_the_top_once(source: str) -> None:
    tree = ast.parse(source)
    lines = [node.lineno for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    first_other = next(node.lineno for node in tree.body[1:] if not isinstance(node, ast.Import | ast.ImportFrom))
    assert max(lines) < first_other
    imported = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert len(imported) == len(set(imported))
    assert all(getattr(node, "level", 0) == 0 for node in ast.walk(tree))


def test_generated_again_it_is_the_same(source: str) -> None:
    assert generate("1.2.3") == source


def test_every_comment_and_docstring_of_the_helper_is_kept(source: str) -> None:
    tree = ast.parse(source)
    kept = {
        node.name: ast.get_docstring(node) for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    assert all(kept[name] for name in set(unchunk.__all__) - {"Boundary", "Framing", "OnError"})
    assert source.count("\n#") > 40


def test_ruff_finds_nothing_with_default_settings(copy: Path) -> None:
    run(sys.executable, "-m", "ruff", "check", "--isolated", copy)
    run(sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,W,F,I,B,UP", "--ignore", "E501", copy)


def test_mypy_strict_finds_nothing_with_default_settings(copy: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "mypy", "--strict", f"--config-file={os.devnull}", f"--cache-dir={tmp_path}/c", copy)


def test_unchunk_finds_nothing_in_it_and_looks_at_all_of_it(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entered = 0

    def counting(*arguments: Any) -> Any:
        nonlocal entered
        entered += 1
        return original(*arguments)

    original = functions._run
    monkeypatch.setattr(functions, "_run", counting)
    with limits() as reached:
        assert check_source(copy.read_text(), str(copy)) == []
    assert not reached
    assert entered < 12_000  # functions that are run; without summaries of their calls 27,000 are not enough


def test_what_begins_like_a_copy_is_looked_into_all_the_same(copy: Path, tmp_path: Path) -> None:
    heading = copy.read_text().partition("\n\n")[0].replace("# flake8: noqa\n", "")
    program = f"{heading}\nimport json\n\n\ndef load(response):\n    for chunk in response.iter_content(9):\n"
    (finding,) = check_source(f"{program}        yield json.loads(chunk)\n", "app.py")
    assert finding.code == "UNC101"
    (tmp_path / "reading.py").write_text(f"{heading}\n\n\ndef pieces(response):\n    return response.iter_content(9)\n")
    caller = "import json\nfrom reading import pieces\n\nfor chunk in pieces(r):\n    json.loads(chunk)\n"
    (finding,) = check_source(caller, str(tmp_path / "app.py"), follow_imports=True)
    assert finding.code == "UNC101"


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_syntax_is_that_of_every_supported_python(version: str, copy: Path) -> None:
    target = f"py{version.replace('.', '')}"
    run(sys.executable, "-m", "ruff", "check", "--isolated", f"--target-version={target}", "--select=E9,F", copy)
    ast.parse(copy.read_text(encoding="utf-8"), feature_version=tuple(map(int, version.split("."))))


def test_helpers_own_tests_pass_with_the_copy(copy: Path) -> None:
    tests = ROOT / "tests" / "stream"
    if not tests.is_dir():
        pytest.skip("the helper's tests are not here")
    environment = {"VENDORED_MODULE": str(copy), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.project.vendor.as_unchunk",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:unchunk",
    ]
    # Tests that count the work inside the package's modules, or what importing the package costs, are not about a copy.
    inside = [path for path in sorted(tests.glob("test_*.py")) if "from unchunk.stream" in path.read_text()]
    elsewhere = [*(f"--ignore={path}" for path in inside), "-k", "not imports_nothing_else"]
    done = run(*command, "-o", "addopts=", tests, *elsewhere, env=environment)
    last = done.stdout.splitlines()[-1]
    assert re.search(r"\b[1-9]\d* passed\b", last), done.stdout
    assert "copy of the helper" in done.stdout, "the tests ran against the package"


def test_version_is_read_back_from_the_header_only(source: str) -> None:
    assert version_of(source) == "1.2.3"
    assert version_of(f"x = 1\n{source}") is None
    assert version_of("") is None
    assert version_of("# Copied from another 1.2.3 by hand\n") is None


def test_layout_and_comments_are_no_difference_but_code_is(source: str) -> None:
    assert same_program(source, source.replace("\n\n\n", "\n\n") + "# end\n")
    assert not same_program(source, source + "x = 1\n")
    assert not same_program(source, "x = (\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("from . import errors\n", "only `from .module import name`"),
        ("from .errors import JSONStreamError as E\n", "under another name"),
        ("import json as j\n", "under another name"),
        ("import httpx\n", "httpx is not in the standard library"),
        ("def f() -> None:\n    from .errors import JSONStreamError\n", "below the top"),
        ("class JSONStreamError: ...\n", "JSONStreamError is one thing in"),
        ("from fnmatch import filter as filter\n", "under another name"),
        ("from .decoder import JSONStreamDecoder\n", "the modules need each other"),
    ],
)
def test_module_that_cannot_be_carried_along_is_an_error(
    text: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = module._source

    def changed(*names: str) -> str:
        return text + original(*names) if names[-1] == "chunks.py" else original(*names)

    monkeypatch.setattr(module, "_source", changed)
    with pytest.raises(NotOneModule, match=re.escape(reason)):
        generate("1")
