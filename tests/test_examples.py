"""The example programs: right on well-cut streams, wrong on others, and right at every cut once they are fixed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
sys.path.insert(0, str(EXAMPLES))

from server import CuttingServer  # noqa: E402
from streams import CITIES, DOCUMENTS, chat_events, ndjson, well_cut  # noqa: E402

PROGRAMS = EXAMPLES / "programs"


@dataclass(frozen=True, slots=True)
class Program:
    """One program, the pieces it was written for, what it prints then, and the rule that reports it."""

    file: str
    pieces: tuple[bytes, ...]
    expected: tuple[object, ...]
    code: str
    line: int
    package: str
    prints_one_whole: bool = False


def values(pieces: list[bytes], file: str, code: str, line: int, package: str) -> Program:
    return Program(file, tuple(pieces), tuple(map(repr, CITIES)), code, line, package)


def texts(pieces: list[bytes], file: str, code: str, line: int, package: str) -> Program:
    return Program(file, tuple(pieces), tuple(DOCUMENTS), code, line, package)


PROGRAMS_ON_A_SERVER = [
    texts(chat_events(DOCUMENTS)[1:], "requests_sse.py", "UNC101", 16, "requests"),
    values(ndjson(), "httpx_lines.py", "UNC102", 12, "httpx"),
    values(ndjson(), "httpx_async.py", "UNC101", 13, "httpx"),
    values(ndjson(), "aiohttp_chunks.py", "UNC101", 13, "aiohttp"),
    values(ndjson(), "urllib3_stream.py", "UNC101", 11, "urllib3"),
]
DELTA_PROGRAMS = [("together_delta.py", "together"), ("openai_delta.py", "openai")]


def run(program: Path, *arguments: str) -> tuple[list[str], BaseException | None]:
    """Return what the program prints, line by line, and what it ends with, run in this process for speed."""
    out = io.StringIO()
    error: BaseException | None = None
    argv, sys.argv = sys.argv, [str(program), *arguments]
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(str(program), run_name="__main__")
    except Exception as raised:
        error = raised
    finally:
        sys.argv = argv
    return out.getvalue().splitlines(), error


def some_cuts(body: bytes) -> Iterator[list[int]]:
    """No cut at all, every single cut, every byte, every seventh: as `CuttingServer` takes them."""
    yield []
    yield from ([at] for at in range(1, len(body)))
    yield list(range(1, len(body)))
    yield list(range(7, len(body), 7))


@pytest.fixture
def fixed(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that fixes a program in a folder of its own."""

    def fix(name: str) -> Path:
        copy = tmp_path / name
        copy.write_bytes((PROGRAMS / name).read_bytes())
        command = [sys.executable, "-m", "unchunk", "fix", "--unsafe-fixes", "--no-dependency", str(copy)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        return copy

    return fix


def check(path: Path) -> list[dict[str, object]]:
    command = [sys.executable, "-m", "unchunk", "check", "--output-format", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=path.parent)
    assert done.returncode in (0, 1), done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    assert done.returncode == bool(found)
    return found


@pytest.mark.parametrize("program", PROGRAMS_ON_A_SERVER, ids=lambda program: program.file)
def test_program_is_right_on_a_well_cut_stream_and_wrong_on_another(program: Program) -> None:
    pytest.importorskip(program.package)
    body = b"".join(program.pieces)
    with CuttingServer(body, cuts=well_cut(list(program.pieces)), delay=0.02) as server:
        assert run(PROGRAMS / program.file, server.url) == ([*program.expected], None)
        server.cuts = (len(body) // 3,)
        printed, error = run(PROGRAMS / program.file, server.url)
    assert error is not None or printed != [*program.expected]


@pytest.mark.parametrize("program", PROGRAMS_ON_A_SERVER, ids=lambda program: program.file)
def test_fixed_program_is_right_at_every_cut(program: Program, fixed: Callable[[str], Path]) -> None:
    pytest.importorskip(program.package)
    repaired = fixed(program.file)
    body = b"".join(program.pieces)
    with CuttingServer(body) as server:
        for cuts in some_cuts(body):
            server.cuts = tuple(cuts)
            assert run(repaired, server.url) == ([*program.expected], None), cuts


@pytest.mark.parametrize(
    ("file", "code", "line"),
    [
        ("together_chat.py", "UNC105", 16),
        ("together_delta.py", "UNC103", 16),
        ("openai_delta.py", "UNC103", 16),
        *((program.file, program.code, program.line) for program in PROGRAMS_ON_A_SERVER),
    ],
)
def test_each_program_is_reported_once_and_never_again_after_the_fix(
    file: str, code: str, line: int, fixed: Callable[[str], Path]
) -> None:
    assert [(found["code"], found["line"]) for found in check(PROGRAMS / file)] == [(code, line)]
    repaired = fixed(file)
    assert check(repaired) == []
    before = repaired.read_bytes()
    assert fixed_again(repaired) == before


def fixed_again(path: Path) -> bytes:
    command = [sys.executable, "-m", "unchunk", "fix", "--unsafe-fixes", "--no-dependency", str(path)]
    subprocess.run(command, check=True, capture_output=True, cwd=path.parent)
    return path.read_bytes()


def test_flake8_reports_the_together_program_once() -> None:
    command = [sys.executable, "-m", "flake8", "--isolated", "--select", "UNC", str(PROGRAMS / "together_chat.py")]
    lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    assert [line.split(": ", 1)[1][:6] for line in lines] == ["UNC105"]


@pytest.fixture
def text_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[list[str]], None]]:
    """Replace Together's client by one that yields text; yields a function that sets its pieces."""
    monkeypatch.syspath_prepend(str(EXAMPLES / "text_pieces"))
    real = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "together"}
    for name in real:
        del sys.modules[name]
    file = tmp_path / "pieces.json"
    monkeypatch.setenv("TEXT_PIECES", str(file))
    yield lambda pieces: file.write_text(json.dumps(pieces)) and None
    sys.modules.pop("together", None)
    sys.modules.update(real)


def test_fixed_together_program_takes_text_pieces_cut_anywhere(
    fixed: Callable[[str], Path], text_client: Callable[[list[str]], None]
) -> None:
    text = "\n".join(DOCUMENTS)
    text_client(["", *DOCUMENTS])
    assert run(PROGRAMS / "together_chat.py")[1] is not None
    repaired = fixed("together_chat.py")
    cuts = [[text[:at], "", text[at:]] for at in range(1, len(text))]
    # A blank piece means something inside a string; between documents it is nothing.
    cuts += [["", " ", text, "\n"], [part for document in DOCUMENTS for part in (" ", document, "", "\n")]]
    cuts += [[*text], [part for character in text for part in ("", character)]]
    for cut in cuts:
        text_client(cut)
        assert run(repaired) == ([*map(repr, CITIES)], None), cut


@pytest.mark.parametrize(("file", "package"), DELTA_PROGRAMS)
def test_fixed_delta_program_is_right_with_the_real_client_at_any_fragment_size(
    file: str, package: str, fixed: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(package)
    text = "\n".join(DOCUMENTS)
    halvings = [[text[:at], text[at:]] for at in range(1, len(text), 3)]
    repaired = fixed(file)
    with CuttingServer(b"") as server:
        monkeypatch.setenv(f"{package.upper()}_BASE_URL", server.url)
        server.body = b"".join(chat_events([*text]))
        assert run(PROGRAMS / file)[1] is not None
        for contents in ([*text], [text], ["", *DOCUMENTS, "", " "], *halvings):
            server.body = b"".join(chat_events(contents))
            for cuts in ((), (len(server.body) // 2,), tuple(range(50, len(server.body), 50))):
                server.cuts = cuts
                assert run(repaired) == ([*map(repr, CITIES)], None), contents


def test_demo_tells_the_whole_story() -> None:
    for package in ("together", "requests", "httpx"):
        pytest.importorskip(package)
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "demo.py")],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "TypeError: the JSON object must be str, bytes or bytearray, not ChatCompletionChunk" in done.stdout
    assert "Expecting value: line 1 column 1 (char 0)" in done.stdout
    assert "+for data in iter_json(response):" in done.stdout
    assert done.stdout.count(repr(CITIES[2])) == 2
