"""Tests of the examples pass as their streams come, fail when these are cut, and pass in every mode once fixed."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from test_examples import PROGRAMS, PROGRAMS_ON_A_SERVER, Program
from testing.running import outcomes, run
from unchunk.codemod.fix import fix_source

pytest_plugins = ["pytester"]

TEST = """
import runpy, sys
from unchunk.testing import stream_server

def test_program(capsys):
    with stream_server({body!r}, {cuts!r}, delay=0.02) as server:
        sys.argv = ["program.py", server.url]
        runpy.run_path({path!r}, run_name="__main__")
    assert capsys.readouterr().out.splitlines() == {expected!r}
"""


@pytest.mark.parametrize("program", PROGRAMS_ON_A_SERVER, ids=lambda program: program.file)
def test_example_fails_when_it_is_cut_and_passes_in_every_mode_once_fixed(
    pytester: pytest.Pytester, program: Program
) -> None:
    pytest.importorskip(program.package)
    write(pytester, program, (PROGRAMS / program.file).read_text())
    assert outcomes(run(pytester)) == {"passed": 1}
    broken = run(pytester, "--rechunk=half", "--rechunk-report=report.json")
    assert outcomes(broken) == {"failed": 1}
    broken.stdout.fnmatch_lines(["*fails with one change (mode half):", "  stream 1 * cut at byte *: b'*' | b'*"])
    assert f'"line": {program.line}, ' in (pytester.path / "report.json").read_text()
    fixed = fix_source((PROGRAMS / program.file).read_text(), program.file, unsafe=True)
    write(pytester, program, fixed.source)
    assert outcomes(run(pytester, "--rechunk=all")) == {"passed": 1}


def write(pytester: pytest.Pytester, program: Program, source: str) -> Path:
    path = pytester.path / "program.py"
    path.write_text(source)
    cuts = list(itertools.accumulate(map(len, program.pieces)))[:-1]
    test = TEST.format(body=b"".join(program.pieces), cuts=cuts, path=str(path), expected=[*program.expected])
    return pytester.makepyfile(test_program=test)
