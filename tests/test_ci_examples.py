"""The command lines of the CI examples, run as they stand there."""

from __future__ import annotations

import ast
import configparser
import json
import os
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.process import BUG, CLEAN
from repository import ENVIRONMENT, git, repository

EXAMPLES = Path(__file__).parent.parent / "examples" / "ci"
BIN = Path(sys.executable).parent


def run(command: str, folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a line as a CI server's shell does."""
    environment = {**ENVIRONMENT, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **env}
    return subprocess.run(
        ["sh", "-ec", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository with an old finding on main, and a new one on a branch."""
    folder = repository(tmp_path / "project", old_py=BUG, clean_py=CLEAN)
    git(folder, "checkout", "--quiet", "-b", "branch")
    (folder / "new.py").write_text(BUG)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=new")
    return folder


def load(name: str) -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    loaded: dict[str, Any] = yaml.safe_load((EXAMPLES / name).read_text())
    return loaded


def commands(steps: list[str]) -> Iterator[str]:
    return (step for step in steps if step.startswith("unchunk "))


def test_the_steps_for_github_upload_a_log_and_annotate_what_a_pull_request_brings(project: Path) -> None:
    steps = load("github.yml")["jobs"]["unchunk"]["steps"]
    scan, pull_request, push = commands([step.get("run", "") for step in steps])
    uploaded = next(step["with"]["sarif_file"] for step in steps if "upload-sarif" in step.get("uses", ""))
    assert run(scan, project).returncode == 0
    assert len(json.loads((project / uploaded).read_text())["runs"][0]["results"]) == 2
    done = run(pull_request, project, BASE=git(project, "rev-parse", "main").strip())
    assert done.returncode == 1
    assert [line.split("file=")[1].split(",")[0] for line in done.stdout.splitlines()] == ["new.py"]
    done = run(push, project)
    assert (done.returncode, done.stdout.count("::error ")) == (1, 2)


def test_the_script_for_gitlab_leaves_the_reports_that_it_names(project: Path) -> None:
    job = load("gitlab.yml")["unchunk"]
    quality, junit = commands(job["script"])
    assert run(quality, project).returncode == 0
    assert run(junit, project).returncode == 1
    reports = job["artifacts"]["reports"]
    issues = json.loads((project / reports["codequality"]).read_text())
    assert {issue["location"]["path"] for issue in issues} == {"old.py", "new.py"}
    assert ET.parse(project / reports["junit"]).getroot().get("failures") == "2"
    (project / "old.py").write_text(CLEAN)
    (project / "new.py").write_text(CLEAN)
    assert run(" && ".join([quality, junit]), project).returncode == 0


def test_the_plain_script_fails_on_findings_and_with_a_branch_on_new_ones_only(project: Path) -> None:
    script = shlex.quote(str(EXAMPLES / "check.sh"))
    done = run(script, project)
    assert done.returncode == 1
    assert "    2  UNC101" in done.stdout
    assert len(json.loads((project / "unchunk.json").read_text())) == 2
    done = run(f"{script} main", project)
    assert done.returncode == 1
    assert "    1  UNC101" in done.stdout
    git(project, "rm", "--quiet", "new.py")
    assert run(f"{script} main", project).returncode == 0
    assert run(f"{script} nowhere", project).returncode == 2


def test_the_environments_of_tox_run(project: Path) -> None:
    config = configparser.ConfigParser(interpolation=None)
    config.read(EXAMPLES / "tox.ini")
    check = config["testenv:unchunk"]["commands"].replace("{posargs:.}", ".")
    fix = config["testenv:unchunk-fix"]["commands"].replace("{posargs:.}", ".")
    assert run(check, project).returncode == 1
    assert run(fix, project).returncode == 0
    assert run(check, project).returncode == 0


def test_the_sessions_of_nox_say_what_the_environments_of_tox_say() -> None:
    tree = ast.parse((EXAMPLES / "noxfile.py").read_text())
    ran = [
        [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "session.run"
    ]
    assert ran == [["unchunk", "check"], ["unchunk", "fix"]]


@pytest.mark.parametrize(
    ("shell", "check"),
    [("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]), ("fish", ["fish", "--no-execute"]), ("tcsh", None)],
)
def test_completion_scripts_name_commands_options_and_choices(
    tmp_path: Path, shell: str, check: list[str] | None
) -> None:
    pytest.importorskip("shtab")
    done = run(f"unchunk completion --shell {shell}", tmp_path)
    assert done.returncode == 0
    for word in ("check", "output-format", "unsafe-fixes", "rule", "UNC101", "chunk-parse", "sarif"):
        assert word in done.stdout
    if check is not None:
        script = tmp_path / "script"
        script.write_text(done.stdout)
        try:
            subprocess.run([*check, script], check=True)
        except FileNotFoundError:
            pytest.skip(f"{shell} is not installed")
