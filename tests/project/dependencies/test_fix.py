"""`unchunk fix` and the project around the file: one transaction, told in every format."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from unchunk.cli.main import main
from unchunk.codemod import atomic_write
from unchunk.project.vendor.module import sealed

from .projects import make

BUG = """\
import json

import requests


def events(url):
    for chunk in requests.get(url, stream=True).iter_content(None):
        data = json.loads(chunk)
        print(data["id"])
"""
PYPROJECT = '[project]\nname = "demo"\nversion = "1"\ndependencies = [\n  "requests",\n]\n'
DECLARED = PYPROJECT.replace('  "requests",\n', '  "requests",\n  "unchunk>=0.1.0",\n')

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in the test's folder, a real checkout, and return its status."""
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "--quiet"], check=True)

    def call(*arguments: str) -> int:
        return main(["fix", "--isolated", *arguments])

    return call


def contents(root: Path) -> dict[str, bytes]:
    """Return all files of a project, temporary ones that were left behind too."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def test_source_and_dependency_are_written_together(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {"src/demo/app.py": BUG, "pyproject.toml": PYPROJECT, "uv.lock": "version = 1\n"})
    assert run() == 0
    after = contents(tmp_path)
    assert b"from unchunk import iter_json" in after["src/demo/app.py"]
    assert after["pyproject.toml"].decode() == DECLARED
    assert after["uv.lock"] == b"version = 1\n"
    out, err = capsys.readouterr()
    assert "pyproject.toml: unchunk>=0.1.0 added to [project] dependencies\n" in out
    assert err == "unchunk: uv.lock: out of date with this change: run `uv lock`\n"
    assert run() == 0
    assert contents(tmp_path) == after


def test_diff_shows_both_and_can_be_applied(
    run: Run, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    make(tmp_path, {"src/demo/app.py": BUG, "pyproject.toml": PYPROJECT})
    before = contents(tmp_path)
    assert run("--diff") == 1
    assert contents(tmp_path) == before
    patch = capfdbinary.readouterr().out
    assert b"+++ src/demo/app.py" in patch
    assert b'+  "unchunk>=0.1.0",' in patch
    subprocess.run(["git", "apply", "-p0"], input=patch, cwd=tmp_path, check=True)
    assert contents(tmp_path)["pyproject.toml"].decode() == DECLARED


def test_json_names_the_dependency(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make(tmp_path, {"app.py": BUG, "requirements.txt": "requests\n"})
    assert run("--output-format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["dependencies"] == [
        {"path": "requirements.txt", "line": 2, "entry": "unchunk>=0.1.0", "where": "the requirements"}
    ]
    assert told["changed"] == ["app.py", "requirements.txt"]


def test_no_dependency_leaves_the_dependency_file_alone(run: Run, tmp_path: Path) -> None:
    make(tmp_path, {"app.py": BUG, "requirements.txt": "requests\n"})
    assert run("--no-dependency") == 0
    assert contents(tmp_path)["requirements.txt"] == b"requests\n"
    assert b"from unchunk import" in contents(tmp_path)["app.py"]


REFUSED = {
    "malformed": ({"pyproject.toml": "[project\n"}, "pyproject.toml:1: is not valid TOML"),
    "hashes": ({"requirements.txt": "a==1 --hash=sha256:00\n"}, "requirements.txt:1: is in hash-checking mode"),
    "dynamic": (
        {"pyproject.toml": '[project]\nname = "x"\ndynamic = ["dependencies"]\n'},
        "pyproject.toml:3: the dependencies are dynamic",
    ),
    "computed": ({"setup.py": "setup(install_requires=needs())\n"}, "setup.py:1: install_requires is computed"),
    "pinned": ({"requirements.txt": "a\nunchunk<0.1\n"}, "requirements.txt:2: asks for `unchunk<0.1`"),
    "several": ({"requirements-a.txt": "a\n", "requirements-b.txt": "b\n"}, "several places could declare"),
}


@pytest.mark.parametrize(("files", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_declared_is_not_fixed_but_with_no_dependency(
    files: dict[str, str], reason: str, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {"app.py": BUG, **files})
    before = contents(tmp_path)
    assert run() == 2
    assert contents(tmp_path) == before
    err = capsys.readouterr().err
    assert f"app.py: left as it is: {'' if 'several' in reason else reason}" in err
    assert reason in err
    assert re.search(r"add `unchunk[>=]=0\.1\.0|change it to `unchunk>=0\.1\.0`", err)
    assert "--no-dependency" in err
    assert run("--no-dependency") == 0
    assert contents(tmp_path) == before | {"app.py": contents(tmp_path)["app.py"]}


def test_read_only_dependency_file_is_told_and_nothing_is_changed(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {"app.py": BUG, "requirements.txt": "requests\n"})
    (tmp_path / "requirements.txt").chmod(0o444)
    before = contents(tmp_path)
    assert run() == 2
    assert contents(tmp_path) == before
    assert "app.py: left as it is: requirements.txt: is read-only; make it writable, or add `unchunk>=0.1.0` there" in (
        capsys.readouterr().err
    )


def test_one_project_that_refuses_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "good/app.py": BUG,
            "good/requirements.txt": "requests\n",
            "bad/app.py": BUG,
            "bad/setup.py": "setup(**everything)\n",
        },
    )
    assert run() == 2
    after = contents(tmp_path)
    assert after["good/requirements.txt"] == b"requests\nunchunk>=0.1.0\n"
    assert after["bad/app.py"].decode() == BUG
    assert b"from unchunk" in after["good/app.py"]


@pytest.mark.parametrize("failing", range(2))
def test_write_that_fails_half_way_leaves_everything_as_it_was(
    failing: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, {"app.py": BUG, "requirements.txt": "requests\n"})
    before = contents(tmp_path)
    swap, calls = atomic_write.exchange, []

    def fail(one: Path, other: Path) -> bool:
        calls.append(other)
        if len(calls) == failing + 1:
            raise OSError(5, "Input/output error")
        return swap(one, other)

    monkeypatch.setattr(atomic_write, "exchange", fail)
    assert run() == 2
    assert len(calls) > failing
    assert contents(tmp_path) == before


def test_disk_that_takes_one_file_but_not_the_other_leaves_everything_as_it_was(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    make(tmp_path, {"app.py": BUG, "requirements.txt": "".join(f"package-{number}\n" for number in range(500))})
    before = contents(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "unchunk", "fix", "--isolated"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)),
    )
    assert done.returncode == 2, done.stderr
    assert "requirements.txt: cannot be written" in done.stderr
    assert contents(tmp_path) == before


def test_script_with_its_own_dependencies_is_written_once_with_both_changes(run: Run, tmp_path: Path) -> None:
    make(tmp_path, {"job.py": f'# /// script\n# dependencies = ["requests"]\n# ///\n{BUG}'})
    assert run() == 0
    text = contents(tmp_path)["job.py"].decode()
    assert '# dependencies = ["requests", "unchunk>=0.1.0"]' in text
    assert "from unchunk import iter_json" in text
    assert run() == 0
    assert contents(tmp_path)["job.py"].decode() == text


def test_file_outside_of_any_project_is_fixed_and_what_to_install_is_told(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {"app.py": BUG})
    assert run() == 0
    assert "app.py: no file declares its dependencies; install it where the program runs: `pip install" in (
        capsys.readouterr().err
    )


def test_check_looks_at_no_dependency_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"app.py": "import json\n", "requirements.txt": "a==1 --hash=sha256:00\n"})
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--isolated"]) == 0


def test_vendored_copy_is_written_imported_and_renewed(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {"src/demo/__init__.py": "", "src/demo/app.py": BUG, "pyproject.toml": PYPROJECT})
    assert run("--vendor", "demo._streams") == 0
    after = contents(tmp_path)
    assert after["pyproject.toml"].decode() == PYPROJECT
    assert b"from demo._streams import iter_json" in after["src/demo/app.py"]
    copy = tmp_path / "src/demo/_streams.py"
    assert "src/demo/_streams.py: copy of the helper written" in capsys.readouterr().out
    assert run("--vendor", "demo._streams") == 0
    assert contents(tmp_path) == after
    program = copy.read_text()
    copy.write_text(sealed(program[program.index('"""') :] + "\n\nOLD = 1\n", "0.0.9"))
    assert run("--vendor", "demo._streams") == 0
    assert "src/demo/_streams.py: copy of the helper renewed" in capsys.readouterr().out
    assert contents(tmp_path) == after


def test_vendored_module_that_is_someone_s_own_file_refuses_the_fix(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(tmp_path, {"demo/__init__.py": "", "demo/app.py": BUG, "demo/streams.py": "mine = 1\n"})
    before = contents(tmp_path)
    assert run("--vendor", "demo.streams") == 2
    assert contents(tmp_path) == before
    assert "demo/app.py: left as it is: demo/streams.py is not a copy of the helper" in capsys.readouterr().err


def test_vendor_that_is_no_module_s_name_is_a_usage_error(run: Run, tmp_path: Path) -> None:
    make(tmp_path, {"app.py": BUG})
    assert run("--vendor", "demo-streams") == 2
    assert contents(tmp_path)["app.py"].decode() == BUG


def test_fixed_program_runs_with_the_vendored_copy_alone(run: Run, tmp_path: Path) -> None:
    program = """\
import io
import json
import socket


def values(connection: socket.socket):
    while True:
        chunk = connection.recv(3)
        if not chunk:
            break
        yield json.loads(chunk)


if __name__ == "__main__":
    ours, theirs = socket.socketpair()
    theirs.sendall(b'{"a": 1} [2, 3] "four"')
    theirs.close()
    print(*values(ours))
"""
    make(tmp_path, {"demo/__init__.py": "", "demo/app.py": program})
    assert run("--vendor", "demo._streams", "--unsafe-fixes") == 0
    command = [sys.executable, "-S", "-m", "demo.app"]  # -S: nothing that is installed can be imported
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("{'a': 1} [2, 3] four\n", "")
