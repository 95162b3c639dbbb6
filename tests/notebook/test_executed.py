"""Notebooks that are fixed and executed: wrong on cut streams before, right at every cut after."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cuts import every_cut
from tests.notebook.books import as_jupyter_writes, as_string, book, code, markdown, raw, sources

nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed: it executes the notebooks")
nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed: it reads the notebooks")
pytest.importorskip("ipykernel", reason="ipykernel is not installed: it runs the cells")

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "examples"))
from server import CuttingServer, pieces  # noqa: E402

RECORDS = [{"n": 1, "é": "😀}"}, {"n": 22, "é": "{"}]
PRINTED = "".join(f"{record['n']} {record['é']}\n" for record in RECORDS)
LINES = [json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in RECORDS]
EVENTS = [b"data: " + line + b"\n" for line in LINES] + [b"data: [DONE]\n\n"]
SHOW = "print(data['n'], data['é'])"


@dataclass(frozen=True, slots=True)
class Case:
    """A notebook with the bug, the pieces that it was written for, and where it is reported.

    Attributes:
        imported: the number of the cell that the helper is imported in.
    """

    cells: list[dict[str, Any]]
    pieces: list[bytes]
    cell: int
    line: int
    imported: int

    @property
    def notebook(self) -> dict[str, Any]:
        """With cell ids in format 4.5, without them in 4.4."""
        return book(*self.cells, minor=5 if "id" in self.cells[0] else 4)


REQUESTS = Case(
    [
        markdown("# Streams\n![a](attachment:a.png)", attachments={"a.png": {"image/png": "iVBORw0KGgo="}}, id="m"),
        code("%env PROOF=1\n!true \\\n  && true", id="magics"),
        raw("import json") | {"id": "raw"},
        code("import json\nimport os\n\nimport requests", id="imports"),
        code("%%bash\ncat <<E >/dev/null\nimport json\nE", id="bash"),
        code("get_ipython().system('true')\nresponse = requests.get(os.environ['URL'], stream=True)", id="ask"),
        code(
            "%%time\nfiles = !echo data\nfor chunk in response.iter_content(None):\n"
            f"    data = json.loads(chunk)\n    {SHOW}\nos.getcwd?",
            id="loop",
            outputs=[{"name": "stdout", "output_type": "stream", "text": ["1 \U0001f600}\n", "x" * 100_000]}],
            execution_count=7,
        ),
    ],
    LINES,
    cell=7,
    line=4,
    imported=4,
)
HTTPX = Case(
    [
        code("import os, httpx"),
        code("import json\nclient = httpx.AsyncClient()"),
        code(
            "async with client.stream('GET', os.environ['URL']) as response:\n"
            f"    async for chunk in response.aiter_bytes():\n        data = json.loads(chunk)\n        {SHOW}"
        ),
    ],
    LINES,
    cell=3,
    line=3,
    imported=2,
)
EVENTS_IN_A_FUNCTION = Case(
    [
        code("import json, os\nimport requests\n\nURL = os.environ['URL']"),
        code(
            "def events(url):\n    with requests.get(url, stream=True) as response:\n"
            "        for chunk in response.iter_content(chunk_size=None):\n"
            "            text = chunk.decode()\n            if text.startswith('data: ') and '[DONE]' not in text:\n"
            "                yield json.loads(text[6:])"
        ),
        code(f"for data in events(URL):\n    {SHOW}"),
    ],
    EVENTS,
    cell=2,
    line=6,
    imported=1,
)
CASES = {"requests": REQUESTS, "httpx": HTTPX, "events": EVENTS_IN_A_FUNCTION}


def unchunk(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "unchunk", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jupyter and IPython keep to the test's folder."""
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))


def executed(data: bytes, server: CuttingServer, cuts: Iterator[tuple[int, ...]]) -> Iterator[str]:
    """Yield what the notebook prints when it is executed from top to bottom, once for each way to cut; in one
    kernel.
    """
    content = nbformat.reads(data.decode(), as_version=4)
    client = nbclient.NotebookClient(content, kernel_name="python3", timeout=60)
    with client.setup_kernel(env=os.environ | {"URL": server.url}):
        for server.cuts in cuts:
            for number, cell in enumerate(content.cells):
                client.execute_cell(cell, number)
            outputs = [output for cell in content.cells for output in cell.get("outputs", ())]
            text = "".join(output["text"] for output in outputs if output.get("name") == "stdout")
            yield re.sub(r"(?:CPU times|Wall time): .*\n", "", text)


def all_cuts(stream: bytes) -> list[tuple[int, ...]]:
    """Return every way to cut that the server can tell apart."""
    ways = [[len(chunk) for chunk in chunks if chunk] for chunks in every_cut(stream)]
    return list(dict.fromkeys(tuple(itertools.accumulate(sizes))[:-1] for sizes in ways))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("style", [as_jupyter_writes, as_string])
def test_the_notebook_is_reported_and_fixed_in_its_cells_only(tmp_path: Path, case: Case, style: Any) -> None:
    path = tmp_path / "book.ipynb"
    before = style(case.notebook)
    path.write_bytes(before)
    reported = json.loads(unchunk("check", "--output-format", "json", "book.ipynb", cwd=tmp_path).stdout)
    assert [(entry["cell"], entry["line"], entry["fixable"]) for entry in reported] == [(case.cell, case.line, True)]
    text = unchunk("check", "book.ipynb", cwd=tmp_path).stdout
    assert text.startswith(f"book.ipynb:cell {case.cell}:{case.line}:")
    assert unchunk("fix", "--no-dependency", "book.ipynb", cwd=tmp_path).returncode == 0
    after = path.read_bytes()
    old, new = json.loads(before), json.loads(after)
    changed = [
        number
        for number, (one, other) in enumerate(zip(sources(before), sources(after), strict=True), 1)
        if one != other
    ]
    assert changed == sorted({case.cell, case.imported})
    assert without_sources(before, changed) == without_sources(after, changed)
    for number in changed:
        del old["cells"][number - 1]["source"], new["cells"][number - 1]["source"]
    assert old == new
    nbformat.validate(nbformat.reads(after.decode(), as_version=4))
    assert "from unchunk import" in sources(after)[case.imported - 1]
    again = unchunk("fix", "--no-dependency", "book.ipynb", cwd=tmp_path)
    assert (again.returncode, path.read_bytes()) == (0, after)
    assert unchunk("check", "book.ipynb", cwd=tmp_path).returncode == 0


def without_sources(data: bytes, numbers: list[int]) -> bytes:
    """Return the bytes without the sources of some cells, found by nothing that the program under test uses."""
    for number in numbers:
        source = json.loads(data)["cells"][number - 1]["source"]
        spellings = [
            json.dumps(source, indent=indent, ensure_ascii=ascii) for indent in (None, 1) for ascii in (True, False)
        ]
        spellings += [spelling.replace("\n ", "\n    ").replace("\n]", "\n   ]") for spelling in spellings]
        (spelling,) = {spelling.encode() for spelling in spellings if spelling.encode() in data}
        assert data.count(spelling) == 1
        data = data.replace(spelling, b'"?"')
    return data


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_notebook_is_right_on_well_cut_streams_and_wrong_on_others(case: Case) -> None:
    stream = b"".join(case.pieces)
    with CuttingServer(stream, cuts=list(itertools.accumulate(map(len, case.pieces)))[:-1]) as server:
        well_cut = tuple(server.cuts)
        assert list(executed(as_jupyter_writes(case.notebook), server, iter([well_cut]))) == [printed(case)]
        outputs = []
        with contextlib.suppress(
            nbclient.exceptions.CellExecutionError
        ):  # IPython 8 shows it and goes on after `%%time`
            outputs = list(executed(as_jupyter_writes(case.notebook), server, iter([(len(stream) // 3,)])))
        assert outputs != [printed(case)]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_fixed_notebook_prints_the_same_at_every_cut(tmp_path: Path, case: Case) -> None:
    path = tmp_path / "book.ipynb"
    path.write_bytes(as_jupyter_writes(case.notebook))
    unchunk("fix", "--no-dependency", "book.ipynb", cwd=tmp_path)
    stream = b"".join(case.pieces)
    cuts = all_cuts(stream)
    assert len(cuts) > len(stream)
    with CuttingServer(stream) as server:
        printed_at = dict(zip(cuts, executed(path.read_bytes(), server, iter(cuts)), strict=True))
    wrong = {cut: text for cut, text in printed_at.items() if text != printed(case)}
    assert not wrong
    assert list(pieces(stream, cuts[5])) != [stream], "the server does cut"


def printed(case: Case) -> str:
    """Return what a notebook prints when it is right."""
    return ("env: PROOF=1\n" if case is REQUESTS else "") + PRINTED
