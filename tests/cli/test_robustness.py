"""Hostile circumstances of a process: closed pipes, interruptions, odd locales and odd names; and what it imports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli.process import BUG, CLEAN, FIXED, out, told, unchunk

LISTING = """\
import sys
sys.argv = ["unchunk", *{arguments!r}]
from unchunk.cli.main import main
status = main()
sys.stderr.write("status %d\\n" % status)
sys.stderr.write("\\n".join(sorted(sys.modules)))
"""

# Each of these costs a noticeable part of what `import ast` costs.
HEAVY = frozenset(
    """
    argparse ast asyncio concurrent dataclasses difflib fnmatch hashlib importlib.metadata
    inspect json multiprocessing pathlib pkgutil shutil subprocess tempfile tokenize tomllib typing unittest xml
    """.split()  # noqa: SIM905
)


def imported(folder: Path, *arguments: str) -> set[str]:
    """Return the modules that a run has imported, beyond those of a bare interpreter."""
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print('\\n'.join(sys.modules))"], capture_output=True, text=True, check=True
    )
    done = subprocess.run(
        [sys.executable, "-c", LISTING.format(arguments=list(arguments))],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    first, _, modules = done.stderr.partition("\n")
    assert first.startswith("status 0"), done.stderr
    return set(modules.split()) - set(bare.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [["a.py"], ["--force-exclude", "a.py"], ["-q", "--jobs=2", "a.py"], ["--output-format", "github", "a.py"]],
)
def test_a_clean_file_costs_no_heavy_and_no_foreign_import(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "a.py").write_text("import os\n\n\ndef f(x):\n    return x\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["unchunk"]\n')
    modules = imported(tmp_path, "check", *arguments)
    assert not {module for module in modules if module in HEAVY}
    foreign = {module.split(".")[0] for module in modules} - sys.stdlib_module_names - {"unchunk"}
    assert not foreign
    assert sum(module.startswith("unchunk") for module in modules) <= 20


def test_a_finding_is_reported_without_the_packages_that_only_a_fix_needs(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    modules = imported(tmp_path, "check", "--exit-zero", "--output-format=json", "a.py")
    assert not {module.split(".")[0] for module in modules} & {
        "libcst",
        "rich",
        "tomlkit",
        "yaml",
        "packaging",
        "flake8",
    }


@pytest.mark.parametrize(
    "arguments", [["--output-format=full"], ["--output-format=json"], ["--show-files"], ["--statistics"]]
)
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, arguments: list[str]) -> None:
    for number in range(200):
        (tmp_path / f"a{number}.py").write_text(BUG)
    process = subprocess.Popen(
        [sys.executable, "-m", "unchunk", "check", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == (0 if arguments == ["--show-files"] else 1)


def test_an_output_that_is_closed_from_the_start_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    done = subprocess.run(
        f"{sys.executable} -m unchunk check >&-",
        shell=True,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 1


def _wait_until_at_work(pid: int) -> None:
    """Wait until a process, or one that it has started, has used the processor for longer than starting takes."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if any(_seconds(one) > 0.3 for one in children) or (not children and _seconds(str(pid)) > 2):
            return
        time.sleep(0.02)
    raise AssertionError("the process never got to work")


def _heed_interruptions() -> None:
    """Also where a shell started the tests in the background, with interruptions ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _seconds(pid: str) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="only Linux tells what a process is at")
@pytest.mark.parametrize("jobs", ["--jobs=1", "--jobs=2"])
def test_an_interruption_is_one_line_and_130_and_leaves_no_process(tmp_path: Path, jobs: str) -> None:
    slow = (
        "import json, requests\n"
        + "def f(r: requests.Response):\n    for c in r.iter_content(1):\n        json.loads(c)\n" * 300
    )
    for number in range(200):
        (tmp_path / f"a{number}.py").write_text(slow)
    process = subprocess.Popen(
        [sys.executable, "-m", "unchunk", "check", jobs], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, preexec_fn=_heed_interruptions,
    )  # fmt: skip
    _wait_until_at_work(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (130, b"")
    assert errors == b"unchunk: interrupted\n"
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii"},
    ],
)
@pytest.mark.parametrize("format", ["full", "concise", "json", "junit"])
def test_what_a_locale_cannot_show_is_escaped(tmp_path: Path, locale: dict[str, str], format: str) -> None:
    (tmp_path / "漢.py").write_text(
        BUG.replace("print(data", "print('漢', data").replace("data = json", "漢 = data = json"), encoding="utf-8"
    )
    done = unchunk(tmp_path, "check", f"--output-format={format}", env=locale)
    assert done.returncode == 1, done.stderr
    assert b"UNC101" in done.stdout
    assert b"\\u6f22" in done.stdout or "漢".encode() in done.stdout


def test_names_with_bytes_that_are_no_text_come_out_as_they_are(tmp_path: Path) -> None:
    name = b"caf\xe9 \xff.py"
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
        file.write(BUG.encode())
    done = unchunk(tmp_path, "check")
    assert done.stdout.startswith(name + b":8:16: UNC101")
    assert unchunk(tmp_path, "check", name).stdout.startswith(name + b":8:16: UNC101")
    assert unchunk(tmp_path, "check", "--output-format=full").stdout.count(name) == 1
    assert unchunk(tmp_path, "fix", "--no-dependency", "--diff").stdout.startswith(b"--- " + name)
    assert unchunk(tmp_path, "fix", "--no-dependency").returncode == 0
    assert unchunk(tmp_path, "check").returncode == 0
    missing = unchunk(tmp_path, "check", b"missing\xff.py")
    assert missing.stderr == b"unchunk: missing\xff.py: no such file or directory\n"


def test_names_with_blanks_newlines_and_quotes_are_taken_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "new\nline").mkdir()
    (tmp_path / "new\nline" / 'it\'s "a" b.py').write_text(BUG)
    done = unchunk(tmp_path, "check", "--output-format=json")
    assert b'it\'s \\"a\\" b.py' in done.stdout
    assert unchunk(tmp_path, "fix", "--no-dependency").returncode == 0


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "#", "\x0c", "\r", "x = 1", "'''\n'''"])
def test_the_smallest_programs_are_clean(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.py").write_bytes(text.encode())
    assert unchunk(tmp_path, "check", "a.py").returncode == 0
    assert unchunk(tmp_path, "check", "--report-unused-ignores", "--select=ALL", "a.py").returncode == 0


def _with_fault(folder: Path, sabotage: str) -> dict[str, str]:
    """Return the environment of a process in which something of ours is broken."""
    site = folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(sabotage)
    return {"PYTHONPATH": os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])}


FAULTS = {
    "finding": ("unchunk.analysis.api", "check_source", ["check"], ["b.py:8:16"]),
    "planning": ("unchunk.codemod.plan", "plan", ["check"], ["a.py:8:16", "b.py:8:16"]),
    "rewriting": ("unchunk.codemod.fix", "_rewritten", ["fix", "--no-dependency"], ["a.py:8:16"]),
}


@pytest.mark.parametrize(("module", "name", "command", "places"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_our_own_is_two_and_the_other_files_go_on(
    tmp_path: Path, module: str, name: str, command: list[str], places: list[str]
) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "b.py").write_text(BUG)
    environment = _with_fault(
        tmp_path,
        f"import {module} as module\n"
        f"whole = module.{name}\n"
        "def broken(*given, **more):\n"
        "    every = (one for each in given for one in (each if type(each) is list else [each]))\n"
        "    if 'a.py' in [getattr(one, 'path', one) for one in every]:\n"
        "        raise KeyError('Module(' + 'x' * 9999 + ')\\n')\n"
        "    return whole(*given, **more)\n"
        f"module.{name} = broken\n",
    )
    done = unchunk(tmp_path, *command, "a.py", "b.py", env=environment)
    assert done.returncode == 2
    assert [line.partition(": ")[0] for line in out(done).splitlines() if ":8:16" in line] == places
    (line,) = [line for line in told(done) if "internal error" in line]
    assert line.startswith("unchunk: a.py: internal error, please report it: KeyError: 'Module(xxx")
    assert len(line) < 500
    assert Path(line.partition("more in ")[2].rstrip(")")).read_text(encoding="utf-8").count("KeyError") > 0
    if command[0] == "fix":
        assert (tmp_path / "a.py").read_text() == BUG
        assert (tmp_path / "b.py").read_text() == FIXED


def test_an_interrupt_that_libcst_takes_for_an_error_of_its_own_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BUG)
    (tmp_path / "b.py").write_text(BUG)
    environment = _with_fault(
        tmp_path,
        "import signal\n"
        "import unchunk.codemod.fix as module\n"
        "def interrupted(*given):\n"
        "    try:\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "    except KeyboardInterrupt:\n"
        "        raise KeyError('the whole tree') from None\n"
        "    return whole(*given)\n"
        "whole = module._rewritten\n"
        "module._rewritten = interrupted\n",
    )
    done = unchunk(tmp_path, "fix", "--no-dependency", "a.py", "b.py", env=environment)
    assert told(done)[-1] == "unchunk: interrupted"
    assert done.returncode == 130
    assert [(tmp_path / name).read_text() for name in ("a.py", "b.py")] == [BUG, BUG]


def test_the_module_is_the_command(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CLEAN)
    script = Path(sys.executable).with_name("unchunk")
    if not script.exists():
        pytest.skip("the console script is not installed next to this Python")
    assert subprocess.run([script, "check"], cwd=tmp_path, check=False).returncode == 0


@pytest.mark.parametrize("command", [["check"], ["fix", "--no-dependency"]])
def test_programs_that_are_looked_at_are_never_imported(tmp_path: Path, command: list[str]) -> None:
    for module in ("select", "tokenize", "libcst", "json", "difflib", "rich"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('imported')\n")
    (tmp_path / "app.py").write_text(BUG)
    done = unchunk(tmp_path, *command)
    assert (done.returncode, told(done)) == (1 if command == ["check"] else 0, [])
    assert "app.py" in out(done)
