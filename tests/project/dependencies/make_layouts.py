"""Creates the project layouts of `tests/fixtures/layouts` with the tools that people create their projects with.

    python tests/project/dependencies/make_layouts.py TOOLS_FOLDER [LAYOUT...]

Each tool is installed, in the version noted here, into a virtual environment of its own in TOOLS_FOLDER. Kept of a
created project are the files that say what it is and depends on. Lock files keep their first lines only (nothing reads
more of them), addresses of package indexes are replaced, and so are the texts that no test needs.

Poetry reads an index that only knows the simple API with SIMPLE_INDEX=URL in the environment.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAYOUTS_FOLDER = HERE.parent.parent / "fixtures" / "layouts"

TOOLS = {
    "uv": "uv==0.13.8",
    "poetry": "poetry==2.5.1 poetry-plugin-export==1.10.1",
    "poetry1": "poetry==1.8.5",
    "pdm": "pdm==2.29.3 hishel==1.1.10 unearth==0.18.2",  # which it starts with
    "hatch": "hatch==1.18.2",
    "pip-compile": "pip-tools==7.6.2",
    "pipenv": "pipenv==2026.10.3",
    "flit": "flit==4.2.0",
    "putup": "pyscaffold==4.6",
    "pip": "pip==26.3",
}
_EXECUTABLES = {"poetry1": "poetry"}
_DROPPED_FOLDERS = {".venv", ".git", "tests", "docs", "__pycache__", "dist", "build"}
_DROPPED_FILES = {".gitignore", ".python-version", ".pdm-python", "LICENSE", "LICENSE.txt", ".gitattributes", "tox.ini"}
_NO_SOURCES = re.compile(r"^(tool\.poetry\.)?source = \[\]\n", re.MULTILINE)  # what is left of an index for Poetry
_INDEX_PAGE = re.compile(r"https://[\w.-]*pypi[\w.-]*(?=/)")
_INDEX = re.compile(r"https://[\w.-]+/simple\b")

Command = tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """A project to create.

    Attributes:
        commands: run one after the other in the new, empty folder; the first word is a tool.
        files: written before the commands run.
        changes: pairs of an old and a new text, replaced in a file after the commands have run.
        answers: what to type where a command asks.
    """

    commands: tuple[Command, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    answers: str = ""


_UV_INIT = ("uv", "init", "--author-from", "none", "--vcs", "none", "--no-workspace", "--name", "demo")
_UV_MEMBER = ("uv", "init", "--author-from", "none", "--vcs", "none", "--lib")
_POETRY_NEW = ("new", "--name", "demo")
_REQUIREMENTS_IN = "# What the program needs.\nidna\ncertifi>=2020\n"

LAYOUTS: dict[str, Layout] = {
    "uv-app": Layout(commands=(_UV_INIT, ("uv", "add", "idna"))),
    "uv-app-empty": Layout(commands=(_UV_INIT,)),
    "uv-lib": Layout(commands=((*_UV_INIT, "--lib"), ("uv", "add", "idna", "certifi"))),
    "uv-package-groups": Layout(
        commands=(
            (*_UV_INIT, "--package"),
            ("uv", "add", "zipp", "idna"),
            ("uv", "add", "--group", "test", "iniconfig"),
            ("uv", "add", "--dev", "idna"),
        )
    ),
    "uv-extras": Layout(
        commands=((*_UV_INIT, "--lib"), ("uv", "add", "idna"), ("uv", "add", "--optional", "test", "iniconfig"))
    ),
    "uv-workspace": Layout(
        commands=(
            _UV_INIT,
            (*_UV_MEMBER, "packages/alpha"),
            (*_UV_MEMBER, "packages/beta"),
            ("uv", "add", "--package", "alpha", "idna"),
            ("uv", "add", "--package", "beta", "certifi"),
        )
    ),
    "uv-script": Layout(commands=(("uv", "init", "--script", "job.py"), ("uv", "add", "--script", "job.py", "idna"))),
    "uv-pip-compile": Layout(
        files={"requirements.in": _REQUIREMENTS_IN},
        commands=(("uv", "pip", "compile", "requirements.in", "-o", "requirements.txt"),),
    ),
    "uv-export-hashes": Layout(
        commands=(
            (*_UV_INIT, "--lib"),
            ("uv", "add", "idna"),
            ("uv", "export", "--format", "requirements-txt", "-o", "requirements.txt"),
        )
    ),
    "poetry-src": Layout(commands=(("poetry", *_POETRY_NEW, "--src", "."), ("poetry", "add", "--lock", "idna"))),
    "poetry-flat-group": Layout(
        commands=(
            ("poetry", *_POETRY_NEW, "--flat", "."),
            ("poetry", "add", "--lock", "idna", "certifi"),
            ("poetry", "add", "--lock", "--group", "test", "iniconfig"),
        )
    ),
    "poetry-export": Layout(
        commands=(
            ("poetry", *_POETRY_NEW, "."),
            ("poetry", "add", "--lock", "idna"),
            ("poetry", "export", "-o", "requirements.txt"),
        )
    ),
    "poetry1": Layout(commands=(("poetry1", *_POETRY_NEW, "."), ("poetry1", "add", "--lock", "idna", "zipp"))),
    "poetry1-dev": Layout(
        commands=(
            ("poetry1", *_POETRY_NEW, "--src", "."),
            ("poetry1", "add", "--lock", "certifi"),
            ("poetry1", "add", "--lock", "--group", "dev", "iniconfig"),
        )
    ),
    "pdm-app": Layout(commands=(("pdm", "init", "-n"), ("pdm", "add", "--no-sync", "idna"))),
    "pdm-lib-groups": Layout(
        commands=(
            ("pdm", "init", "-n", "--lib"),
            ("pdm", "add", "--no-sync", "idna"),
            ("pdm", "add", "--no-sync", "-dG", "test", "iniconfig"),
        )
    ),
    "hatch-lib": Layout(commands=(("hatch", "new", "demo", "."),)),
    "hatch-env": Layout(
        commands=(("hatch", "new", "demo", "."),),
        changes={
            "pyproject.toml": (
                "[tool.hatch.envs.types]",
                '[tool.hatch.envs.test]\ndependencies = [\n  "iniconfig",\n]\n\n[tool.hatch.envs.types]',
            )
        },
    ),
    "flit": Layout(
        files={"demo.py": '"""A demo."""\n\n__version__ = "0.1"\n'},
        commands=(("flit", "init"),),
        answers="\n\n\n\n4\n\n\n",
    ),
    "pip-tools": Layout(
        files={"requirements.in": _REQUIREMENTS_IN},
        commands=(("pip-compile", "--no-emit-index-url", "--no-emit-find-links", "requirements.in"),),
    ),
    "pip-tools-hashes": Layout(
        files={"requirements.in": _REQUIREMENTS_IN},
        commands=(("pip-compile", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"),),
    ),
    "pip-tools-layered": Layout(
        files={
            "requirements/base.in": _REQUIREMENTS_IN,
            "requirements/test.in": "-r base.in\niniconfig\n",
            "requirements/prod.in": "-r base.in\nzipp\n",
        },
        commands=tuple(
            ("pip-compile", "--no-emit-index-url", "--no-emit-find-links", f"requirements/{name}.in")
            for name in ("base", "test", "prod")
        ),
    ),
    "pip-tools-pyproject": Layout(
        files={
            "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n'
            '[project]\nname = "demo"\nversion = "0.1"\ndependencies = ["idna", "certifi"]\n'
        },
        commands=(
            ("pip-compile", "--no-emit-index-url", "--no-emit-find-links", "-o", "requirements.txt", "pyproject.toml"),
        ),
    ),
    "pip-freeze": Layout(commands=(("pip", "install", "--quiet", "idna", "zipp"), ("pip", "freeze"))),
    "pipenv": Layout(commands=(("pipenv", "install", "idna"),)),
    "pipenv-dev": Layout(commands=(("pipenv", "install", "idna", "zipp"), ("pipenv", "install", "--dev", "iniconfig"))),
    "pipenv-export": Layout(commands=(("pipenv", "install", "idna", "certifi"), ("pipenv", "requirements"))),
    "pyscaffold": Layout(commands=(("putup", "--force", "."),)),
}


class ToolFailed(Exception):
    """A tool ended with another status than 0."""


def main(arguments: list[str]) -> int:
    """Create the layouts named, or all of them, and put them in their place."""
    if not arguments:
        print(__doc__)
        return 2
    tools = Path(arguments[0]).resolve()
    names = arguments[1:] or list(LAYOUTS)
    for name in names:
        with tempfile.TemporaryDirectory() as scratch:
            made = create(name, Path(scratch), tools)
            target = LAYOUTS_FOLDER / name
            shutil.rmtree(target, ignore_errors=True)
            keep(made, target)
        print(name, *sorted(path.name for path in target.rglob("*") if path.is_file()))
    note_versions()
    return 0


def create(name: str, scratch: Path, tools: Path | None) -> Path:
    """Create a project in `scratch` and return its folder.

    Args:
        tools: where the tools are installed to; None takes those on the PATH.
    """
    layout = LAYOUTS[name]
    folder = scratch / "demo"
    folder.mkdir()
    for path, text in layout.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    environment = _environment(scratch)
    for command in _with_index(layout.commands):
        _run(command, folder, environment, tools, layout.answers)
    for path, (old, new) in layout.changes.items():
        text = (folder / path).read_text(encoding="utf-8")
        assert old in text, f"{name}: {path} has no {old!r}"
        (folder / path).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def search_path() -> str:
    """Return the search path for tools: next to the running Python first, as it need not be on the PATH itself."""
    return os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])


def keep(made: Path, target: Path) -> None:
    """Copy what says what a project is and depends on."""
    for path in _kept(made):
        copy = target / path.relative_to(made)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(_cleaned(path))


def note_versions() -> None:
    """Write down which versions the layouts were created with."""
    lines = ["Created by tests/project/dependencies/make_layouts.py with:", "", *sorted(TOOLS.values()), ""]
    (LAYOUTS_FOLDER / "TOOLS.txt").write_text("\n".join(lines), encoding="utf-8")


def _kept(made: Path) -> Iterable[Path]:
    for path in sorted(made.rglob("*")):
        inside = path.relative_to(made)
        if (
            path.is_file()
            and not _DROPPED_FOLDERS & set(inside.parts)
            and path.name not in _DROPPED_FILES
            and _matters(path)
        ):
            yield path


def _matters(path: Path) -> bool:
    return not path.name.startswith(".") and path.suffix != ".rst"


def _cleaned(path: Path) -> bytes:
    text = path.read_text(encoding="utf-8")
    if path.name.endswith(".lock"):
        return ("\n".join(text.splitlines()[:2]) + "\n").encode()
    if path.suffix == ".md":
        return b""
    text = _NO_SOURCES.sub("", text)
    return _INDEX_PAGE.sub("https://index.example", _INDEX.sub("https://index.example/simple", text)).encode()


def _environment(scratch: Path) -> dict[str, str]:
    """Return an environment without anyone's name, settings or other projects."""
    home = scratch / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = demo\n\temail = demo@example.invalid\n", encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("VIRTUAL_ENV", "PIP_", "GIT_"))}
    return kept | {
        "HOME": str(home),
        "PATH": os.pathsep.join([os.path.dirname(os.path.realpath(sys.executable)), search_path()]),
        "PIP_CONFIG_FILE": os.devnull,
        "PIPENV_VENV_IN_PROJECT": "1",
        "PIPENV_NOSPIN": "1",
        "PDM_CHECK_UPDATE": "0",
        "NO_COLOR": "1",
    }


def _with_index(commands: Sequence[Command]) -> list[Command]:
    """Return the commands, with an index for Poetry where one is given, known from the project's creation to the
    end.
    """
    index = os.environ.get("SIMPLE_INDEX")
    if index is None or not commands or commands[0][0] not in ("poetry", "poetry1"):
        return list(commands)
    tool = commands[0][0]
    added = (tool, "source", "add", "--priority=primary", "given", index)
    return [commands[0], added, *commands[1:], (tool, "source", "remove", "given")]


def _run(command: Command, folder: Path, environment: dict[str, str], tools: Path | None, answers: str) -> None:
    tool, *arguments = command
    program = _EXECUTABLES.get(tool, tool) if tools is None else str(_installed(command, tools))
    done = subprocess.run(
        [program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, input=answers, check=False
    )
    if done.returncode:
        raise ToolFailed(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}{done.stderr}")
    if command[:2] in (("pip", "freeze"), ("pipenv", "requirements")):
        (folder / "requirements.txt").write_text(done.stdout, encoding="utf-8")


def _installed(command: Command, tools: Path) -> Path:
    """Return the path of a command's tool, installed first where it is missing; pip starts with an empty
    environment.
    """
    tool = command[0]
    home = tools / re.sub(r"\W+", "-", TOOLS[tool])
    program = home / "bin" / _EXECUTABLES.get(tool, tool)
    if not program.exists() or (tool == "pip" and command[:2] == ("pip", "install")):
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", *TOOLS[tool].split()], check=True)
    return program


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
