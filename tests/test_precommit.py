"""The hooks, run by the real pre-commit from a real git repository that has this project as its hook source."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.process import BUG, CLEAN, FIXED
from repository import ENVIRONMENT, git, repository

ROOT = Path(__file__).parent.parent
PYPROJECT = '[project]\nname = "x"\nversion = "1"\ndependencies = ["requests"]\n'
NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'
PARTS = ("src", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")

CONFIG = """\
repos:
  - repo: {source}
    rev: {revision}
    hooks:
      - id: unchunk-fix
      - id: unchunk
"""
FLAKE8 = """\
repos:
  - repo: local
    hooks:
      - id: flake8
        name: flake8
        entry: flake8
        language: python
        types: [python]
        require_serial: true
        additional_dependencies: ["flake8", "{source}"]
"""

pytest.importorskip("pre_commit", reason="pre-commit is not installed")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return this project, as it is now, as a git repository of its own."""
    folder = tmp_path_factory.mktemp("source")
    for name in PARTS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    return repository(folder)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of pre-commit's environments, so that each is installed once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def scratch(tmp_path: Path, source: Path) -> Path:
    """Return a repository that uses the hooks, with a program that has a finding."""
    config = CONFIG.format(source=source.as_uri(), revision=git(source, "rev-parse", "HEAD").strip())
    folder = repository(tmp_path / "scratch", clean_py=CLEAN)
    (folder / ".pre-commit-config.yaml").write_text(config)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=hooks")
    return folder


def pre_commit(folder: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pre-commit as the person with that repository does."""
    environment = {**ENVIRONMENT, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def outcomes(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the result of each hook."""
    return [line.rstrip(".").rpartition(".")[2] for line in done.stdout.splitlines() if "....." in line]


def test_the_manifest_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    subprocess.run(command, check=True)


def test_a_clean_repository_passes_and_one_without_python_is_skipped(scratch: Path, home: Path) -> None:
    assert outcomes(pre_commit(scratch, home, "run", "--all-files")) == ["Passed", "Passed"]
    (scratch / "notes.txt").write_text("chunk\n")
    git(scratch, "add", "notes.txt")
    done = pre_commit(scratch, home, "run")
    assert done.returncode == 0
    assert [outcome.rpartition(")")[2] for outcome in outcomes(done)] == ["Skipped", "Skipped"]


def test_all_files_fail_get_fixed_with_the_dependency_and_then_pass(scratch: Path, home: Path) -> None:
    (scratch / "bug.py").write_text(BUG)
    (scratch / "stub.pyi").write_text("x: int\n")
    (scratch / "empty.ipynb").write_text(NOTEBOOK)
    git(scratch, "add", "--all")
    done = pre_commit(scratch, home, "run", "--all-files")
    assert done.returncode == 1
    assert outcomes(done) == ["Failed", "Passed"]
    assert "bug.py: 1 fixed" in done.stdout
    assert "files were modified by this hook" in done.stdout
    assert (scratch / "bug.py").read_text() == FIXED
    assert "unchunk>=" in (scratch / "pyproject.toml").read_text()
    git(scratch, "add", "--all")
    assert outcomes(pre_commit(scratch, home, "run", "--all-files")) == ["Passed", "Passed"]


def test_only_what_is_staged_is_checked_and_what_is_not_stays(scratch: Path, home: Path) -> None:
    program = scratch / "clean.py"
    program.write_text(CLEAN + "\n\nprint('staged')\n")
    git(scratch, "add", "--all")
    partly = program.read_text() + "\n\n" + BUG
    program.write_text(partly)
    done = pre_commit(scratch, home, "run")
    assert (done.returncode, outcomes(done)) == (0, ["Passed", "Passed"]), done.stdout
    assert program.read_text() == partly


def test_a_staged_finding_is_fixed_in_the_file_and_the_commit_is_stopped(scratch: Path, home: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install"], cwd=scratch, env=ENVIRONMENT, check=True, capture_output=True
    )
    (scratch / "bug.py").write_text(BUG)
    git(scratch, "add", "--all")
    environment = {**ENVIRONMENT, "PRE_COMMIT_HOME": str(home)}
    commit = ["git", "commit", "--quiet", "--message=bug"]
    first = subprocess.run(commit, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    assert first.returncode == 1
    assert (scratch / "bug.py").read_text() == FIXED
    git(scratch, "add", "--all")
    second = subprocess.run(commit, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stderr


def test_excluded_files_are_left_alone_though_pre_commit_names_them(scratch: Path, home: Path) -> None:
    (scratch / "generated").mkdir()
    (scratch / "generated" / "bug.py").write_text(BUG)
    (scratch / "pyproject.toml").write_text(PYPROJECT + "\n[tool.unchunk]\nexclude = ['generated']\n")
    git(scratch, "add", "--all")
    assert outcomes(pre_commit(scratch, home, "run", "--all-files")) == ["Passed", "Passed"]


def test_what_cannot_be_fixed_fails_both_hooks_with_its_reason(scratch: Path, home: Path) -> None:
    (scratch / "bug.py").write_text("def f(:\njson.loads(chunk) iter_content requests\n")
    git(scratch, "add", "--all")
    done = pre_commit(scratch, home, "run", "--all-files")
    assert outcomes(done) == ["Failed", "Failed"]
    assert "- exit code: 2" in done.stdout
    assert "unchunk: bug.py:1: is not Python" in done.stdout


def test_flake8s_own_hook_takes_the_plugin_as_an_additional_dependency(scratch: Path, home: Path, source: Path) -> None:
    (scratch / ".pre-commit-config.yaml").write_text(FLAKE8.format(source=source))
    (scratch / ".flake8").write_text("[flake8]\nselect = UNC\n")
    (scratch / "bug.py").write_text(BUG)
    git(scratch, "add", "--all")
    done = pre_commit(scratch, home, "run", "--all-files")
    assert done.returncode == 1
    assert "bug.py:8:16: UNC101 " in done.stdout
    (scratch / "bug.py").write_text(FIXED)
    assert outcomes(pre_commit(scratch, home, "run", "--all-files")) == ["Passed"]


def test_ruff_leaves_our_comments_alone_when_it_is_told_of_us(tmp_path: Path) -> None:
    ruff = shutil.which("ruff", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if ruff is None:
        pytest.skip("ruff is not installed")
    (tmp_path / "a.py").write_text(BUG.replace("loads(chunk)", "loads(chunk)  # noqa: UNC101"))
    check = [ruff, "check", "--no-cache", "--select=RUF100,RUF102", "--preview", "a.py"]

    def flagged(config: str) -> bool:
        (tmp_path / "ruff.toml").write_text(config)
        return subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1

    assert flagged("")
    assert not flagged('lint.external = ["UNC"]\n')
