"""`check` and `fix` on notebooks: what they report where, what they leave alone, and what they say to bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.notebook.books import STYLES, as_jupyter_writes, as_string, book, code, markdown, sources

SETUP = "import json\nimport requests\nr = requests.get('http://127.0.0.1', stream=True)"
ASK = "r = requests.get('x', stream=True)"
LOOP = "for chunk in r.iter_content(None):\n    data = json.loads(chunk)\n    print(data)"
FIXED = "for data in iter_json(r.iter_content(None)):\n    print(data)"
BUG = book(markdown("# x"), code(SETUP), code(LOOP))


def unchunk(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "unchunk", *arguments]
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, check=False)


def write(folder: Path, content: bytes, name: str = "book.ipynb") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def places(folder: Path, *arguments: str) -> list[str]:
    """Return the places that `check` reports: `path:cell:line:column: CODE`."""
    lines = unchunk("check", "--output-format=concise", *arguments, cwd=folder).stdout.decode().splitlines()
    return [": ".join(line.split(": ")[:1] + line.split(": ")[1].split()[:1]) for line in lines]


QUIET = [
    book(code(SETUP), markdown(LOOP)),
    book(code(SETUP), code(f"%%script python\n{LOOP}")),
    book(code(SETUP), code(LOOP), metadata={"language_info": {"name": "R"}}),
    book(code(SETUP), code(LOOP.replace("loads(chunk)", "loads(chunk)  # noqa"))),
    book(code(SETUP), code(LOOP.replace("loads(chunk)", "loads(chunk)  # unchunk: ignore[UNC101]"))),
    book(code("# unchunk: ignore-file"), code(SETUP), code(LOOP)),
    book(code(SETUP), code("r = requests.get('x').iter_lines()"), code(LOOP.replace("r.iter_content(None)", "r"))),
    book(code(LOOP)) | {"cells": []},
]


@pytest.mark.parametrize("content", QUIET)
def test_nothing_is_reported_or_changed(tmp_path: Path, content: dict[str, Any]) -> None:
    path = write(tmp_path, as_jupyter_writes(content))
    done = unchunk("check", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert unchunk("fix", cwd=tmp_path).returncode == 0
    assert path.read_bytes() == as_jupyter_writes(content)


@pytest.mark.parametrize("style", STYLES)
def test_a_finding_is_reported_in_its_cell(tmp_path: Path, style: Any) -> None:
    write(tmp_path, style(BUG))
    assert places(tmp_path, "book.ipynb") == ["book.ipynb:cell 3:2:12: UNC101"]
    assert places(tmp_path) == ["book.ipynb:cell 3:2:12: UNC101"], "notebooks are found in folders"


@pytest.mark.parametrize(
    "spell",
    [
        lambda text: text.replace("json", "\\u006ason"),
        lambda text: text.replace("    data", "\\tdata"),
        lambda text: text,
    ],
)
def test_escapes_of_json_hide_nothing(tmp_path: Path, spell: Any) -> None:
    loop = "def f(r):\n    for chunk in r.iter_content():\n        json.loads(chunk)"
    content = book(code("import json"), code(loop))
    write(tmp_path, spell(as_string(content).decode()).encode())
    assert places(tmp_path) == ["book.ipynb:cell 2:3:9: UNC101"]


def test_the_full_report_shows_lines_of_cells(tmp_path: Path) -> None:
    write(tmp_path, as_string(BUG))
    shown = unchunk("check", "--output-format", "full", cwd=tmp_path).stdout.decode()
    assert "--> book.ipynb:cell 3:2:12" in shown
    assert "2 |     data = json.loads(chunk)\n  |            ^^^^^^^^^^^^^^^^^" in shown


def test_programs_are_told_lines_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, as_jupyter_writes(BUG))
    number, line = next((n, line) for n, line in enumerate(path.read_text().splitlines(), 1) if "loads(chunk)" in line)
    column = line.index("json.loads") + 1
    told = unchunk("check", "--output-format", "github", cwd=tmp_path).stdout.decode()
    assert f"file=book.ipynb,line={number},col={column},endLine={number}" in told
    (found,) = json.loads(unchunk("check", "--output-format", "json", cwd=tmp_path).stdout)
    assert (found["cell"], found["line"], found["column"], found["end_column"]) == (3, 2, 12, 29)
    assert {step["cell"] for step in found["trace"]} == {3}


def test_in_python_files_the_cell_is_null(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"{SETUP}\n{LOOP}\n")
    (found,) = json.loads(unchunk("check", "--output-format", "json", cwd=tmp_path).stdout)
    assert found["cell"] is None


def test_the_fixes_in_sarif_give_the_bytes_of_fix(tmp_path: Path) -> None:
    path = write(tmp_path, as_jupyter_writes(BUG))
    log = json.loads(unchunk("check", "--output-format", "sarif", cwd=tmp_path).stdout)
    changes = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"]
    lines = path.read_text().splitlines(keepends=True)

    def offset(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + column - 1

    text = path.read_text()
    for change in sorted(changes, key=lambda each: -each["deletedRegion"]["startLine"]):
        region = change["deletedRegion"]
        start = offset(region["startLine"], region.get("startColumn", 1))
        end = offset(region.get("endLine", region["startLine"]), region["endColumn"])
        text = text[:start] + change.get("insertedContent", {"text": ""})["text"] + text[end:]
    unchunk("fix", "--no-dependency", cwd=tmp_path)
    assert text == path.read_text()


@pytest.mark.parametrize("style", STYLES)
def test_the_fix_changes_the_cells_it_has_to(tmp_path: Path, style: Any) -> None:
    path = write(tmp_path, style(BUG))
    assert unchunk("fix", "--no-dependency", cwd=tmp_path).returncode == 0
    assert sources(path.read_bytes()) == [
        "# x",
        SETUP.replace("import json\n", "").replace("requests\n", "requests\nfrom unchunk import iter_json\n", 1),
        FIXED,
    ]


@pytest.mark.parametrize(
    ("cells", "home"),
    [
        ([code("%pip install requests"), code(SETUP), code(LOOP)], 1),
        ([code("import os\nimport sys"), code(SETUP), code("import zlib"), code(LOOP)], 1),
        ([code("import requests"), code("import json as j\nimport json"), code(ASK), code(LOOP)], 1),
        ([code("from json import loads\nimport requests"), code(ASK), code(LOOP.replace("json.", ""))], 0),
        ([code(SETUP), code("from unchunk import rechunk"), code(LOOP), code("rechunk")], 1),
        ([code(SETUP), code(LOOP), code("from zzz import y")], 0),
        ([code(f"{SETUP}\n{LOOP}")], 0),
    ],
)  # fmt: skip
def test_the_helper_is_imported_in_the_right_cell(tmp_path: Path, cells: list[dict[str, Any]], home: int) -> None:
    path = write(tmp_path, as_jupyter_writes(book(*cells)))
    unchunk("fix", "--no-dependency", cwd=tmp_path)
    imported = [
        number for number, text in enumerate(sources(path.read_bytes())) if "iter_json" in text and "import" in text
    ]
    assert imported[0] == home


def test_a_cell_magic_stays_the_first_line(tmp_path: Path) -> None:
    inside = f"%%time\ndef f(r):\n    import json\n    {LOOP.replace(chr(10), chr(10) + '    ')}\nf(r)"
    for cells in ([code(inside)], [code("x = 1"), code(inside)], [code("import requests"), code(inside)]):
        path = write(tmp_path, as_jupyter_writes(book(*cells)))
        unchunk("fix", "--no-dependency", cwd=tmp_path)
        *_, last = sources(path.read_bytes())
        assert "for data in iter_json(r.iter_content(None)):" in last
        assert last.startswith("%%time\n")


def test_only_findings_on_changed_lines_are_reported(tmp_path: Path) -> None:
    path = write(tmp_path, as_jupyter_writes(BUG))
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    path.write_bytes(as_jupyter_writes(book(markdown("# y"), code(SETUP), code(LOOP))))
    assert unchunk("check", "--diff-base", "HEAD", cwd=tmp_path).returncode == 0
    path.write_bytes(as_jupyter_writes(book(markdown("# y"), code(SETUP), code(LOOP.replace("(chunk)", "( chunk)")))))
    assert unchunk("check", "--diff-base", "HEAD", cwd=tmp_path).returncode == 1


def test_json_stays_imported_where_a_magic_or_an_unreadable_cell_uses_it(tmp_path: Path) -> None:
    for last in ("%time json.dumps(1)", "json.dumps( = 1"):
        path = write(tmp_path, as_jupyter_writes(book(code(SETUP), code(LOOP), code(last))))
        unchunk("fix", "--no-dependency", cwd=tmp_path)
        assert sources(path.read_bytes())[0].startswith("import json\nimport requests\nfrom unchunk")
        assert sources(path.read_bytes())[1:] == [FIXED, last]


def test_a_notebook_of_format_3_is_fixed_in_its_worksheets(tmp_path: Path) -> None:
    old = {
        "cell_type": "code",
        "collapsed": False,
        "language": "python",
        "metadata": {},
        "outputs": [],
        "prompt_number": 1,
    }
    cells = [old | {"input": text.splitlines(keepends=True)} for text in (SETUP, LOOP)]
    content = {
        "metadata": {"name": "old"},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}}],
    }
    path = write(tmp_path, json.dumps(content, indent=1).encode())
    assert places(tmp_path) == ["book.ipynb:cell 2:2:12: UNC101"]
    unchunk("fix", "--no-dependency", cwd=tmp_path)
    assert sources(path.read_bytes())[1] == FIXED
    after = json.loads(path.read_bytes())
    for cell, new in zip(cells, after["worksheets"][0]["cells"], strict=True):
        cell["input"] = new["input"]
    assert after == content


def test_cells_that_cannot_be_read_are_told_and_the_others_checked(tmp_path: Path) -> None:
    content = book(code(SETUP), code("x = = 1"), code("y = 1\0"), code(LOOP))
    path = write(tmp_path, as_jupyter_writes(content))
    done = unchunk("check", cwd=tmp_path)
    assert done.stdout.startswith(b"book.ipynb:cell 4:2:12: UNC101")
    told = done.stderr.decode().splitlines()
    assert len(told) == 2
    assert told[0].startswith("unchunk: book.ipynb:cell 2:1: skipped: ")
    assert told[1].startswith("unchunk: book.ipynb:cell 3")
    assert done.returncode == 1, "a cell that is left out is no error"
    assert unchunk("fix", "--no-dependency", cwd=tmp_path).returncode == 0
    assert sources(path.read_bytes())[1:] == ["x = = 1", "y = 1\0", FIXED]


def huge() -> bytes:
    """Return a notebook of 100 MB, nearly all of it in one output."""
    output = {"data": {"image/png": "A" * 100_000_000}, "metadata": {}, "output_type": "display_data"}
    return as_jupyter_writes(book(code(SETUP), code("plot()", outputs=[output]), code(LOOP)))


def test_a_notebook_of_100_megabytes_is_checked_and_fixed(tmp_path: Path) -> None:
    before = huge()
    path = write(tmp_path, before)
    assert places(tmp_path) == ["book.ipynb:cell 3:2:12: UNC101"]
    assert unchunk("fix", "--no-dependency", cwd=tmp_path).returncode == 0
    after = path.read_bytes()
    start, end = before.index(b'"image/png"'), before.index(b'"plot()"')
    assert before[start:end] in after
    assert sources(after)[2] == FIXED


BAD = {
    "cut short": as_jupyter_writes(BUG)[:-60],
    "a merge conflict": b"<<<<<<< HEAD\n" + as_jupyter_writes(BUG),
    "UTF-16": as_jupyter_writes(BUG).decode().encode("utf-16-le").replace(b"\0", b"") + b"\0",
    "NUL bytes": as_jupyter_writes(BUG).replace(b'"cells"', b'"cells\0"'),
    "a list": b'["json.loads", "iter_content"]',
    "no notebook": b'{"json.loads": "iter_content"}',
    "a format from the future": as_jupyter_writes(BUG | {"nbformat": 9}),
    "nests deep": as_jupyter_writes(BUG).replace(b'"metadata": {', b'"metadata": {"x": ' + b"[" * 100_000, 1),
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_what_is_no_notebook_is_told_in_one_line_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)
    write(tmp_path, as_jupyter_writes(BUG), "good.ipynb")
    for command in ("check", "fix"):
        done = unchunk(
            command, "book.ipynb", "good.ipynb", *(["--no-dependency"] if command == "fix" else []), cwd=tmp_path
        )
        assert done.returncode == 2
        assert done.stderr.count(b"\n") == 1
        assert done.stderr.startswith(b"unchunk: book.ipynb:")
        assert b"notebook" in done.stderr
        assert b"Traceback" not in done.stderr
        assert b"good.ipynb" in done.stdout, "the others are still done"
        assert path.read_bytes() == content
    assert sorted(os.listdir(tmp_path)) == ["book.ipynb", "good.ipynb"]


def test_noqa_comments_are_added_to_cells(tmp_path: Path) -> None:
    path = write(tmp_path, as_jupyter_writes(BUG))
    unchunk("check", "--add-noqa", cwd=tmp_path)
    assert sources(path.read_bytes()) == ["# x", SETUP, LOOP.replace("loads(chunk)", "loads(chunk)  # noqa: UNC101")]
    assert unchunk("check", cwd=tmp_path).returncode == 0


def test_a_baseline_follows_a_finding_from_cell_to_cell(tmp_path: Path) -> None:
    path = write(tmp_path, as_jupyter_writes(BUG))
    unchunk("check", "--write-baseline", "known.json", cwd=tmp_path)
    path.write_bytes(as_string(book(code("print('new')"), code(SETUP), markdown("y"), code(f"x = 1\n{LOOP}"))))
    assert unchunk("check", "--baseline", "known.json", cwd=tmp_path).returncode == 0
    assert unchunk("check", cwd=tmp_path).returncode == 1


@pytest.mark.parametrize("style", STYLES)
def test_the_dependency_travels_with_a_notebook(tmp_path: Path, style: Any) -> None:
    write(tmp_path, b'[project]\nname = "x"\nversion = "1"\ndependencies = []\n', "pyproject.toml")
    write(tmp_path, style(BUG))
    unchunk("fix", cwd=tmp_path)
    assert "unchunk" in (tmp_path / "pyproject.toml").read_text()


def test_standard_input_is_a_notebook_if_its_name_says_so(tmp_path: Path) -> None:
    arguments = ["--no-dependency", "--stdin-filename", "a.ipynb", "-"]
    done = unchunk("fix", *arguments, cwd=tmp_path, stdin=as_jupyter_writes(BUG))
    assert sources(done.stdout)[2] == FIXED


def test_why_explains_a_line_of_a_cell(tmp_path: Path) -> None:
    write(tmp_path, as_jupyter_writes(BUG))
    assert b"UNC101" in unchunk("check", "--why", "book.ipynb:cell 3:2", cwd=tmp_path).stdout
    for wrong in ("book.ipynb:3", "book.ipynb:cell 9:1", "book.ipynb:cell 3:99"):
        done = unchunk("check", "--why", wrong, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stderr.count(b"\n") == 1


def test_nbqa_runs_the_flake8_plugin_on_cells(tmp_path: Path) -> None:
    pytest.importorskip("nbqa", reason="nbqa is not installed: it runs flake8 on notebooks")
    write(tmp_path, as_jupyter_writes(book(code(f"%matplotlib inline\n{SETUP}"), code(LOOP))))
    command = [sys.executable, "-m", "nbqa", "flake8", "--select=UNC", "book.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("book.ipynb:cell_2:2:12: UNC101 "), done.stderr
