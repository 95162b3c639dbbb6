"""The ledger: refuses what it is not, and loses nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from unchunk.campaign.ledger import Ledger, LedgerError, Push, Writer, is_begun
from unchunk.campaign.locks import Locked
from unchunk.campaign.record import Change, Record, Settings, State, failed

FINDING = {
    "code": "UNC101",
    "outcome": "left",
    "path": "a\udcff.py",
    "line": 1,
    "message": "m",
    "reason": None,
    "source": {"name": "requests Response.iter_content()"},
}
RECORD = Record(
    State.PARTLY_FIXED,
    base="b",
    commit="c",
    patch=b"\xff\0",
    findings=(FINDING,),
    changes=(Change("a\udcff.py", "fix"),),
    notes=("n",),
    problems=("p",),
    timings={"fix": 1.0},
)


@pytest.mark.parametrize("record", [Record(State.CLEAN), RECORD, failed("crash", "a\nb")])
def test_a_record_is_kept_as_it_was(tmp_path: Path, record: Record) -> None:
    assert Record.from_json(record.to_json()) == record
    path = str(tmp_path / "l")
    with Writer(path, Settings(date=5)) as ledger:
        ledger.add(["/a\udcff", "https://user:secret@host/org/app.git"])
        row = next(ledger.rows())
        ledger.keep(row, record)
        ledger.keep(row, record)
    with Ledger(path) as ledger:
        found = ledger.find("/a\\xff")
        assert found.source == "/a\udcff"
        assert ledger.findings(found) == list(record.findings)
        kept = Record(**{key: getattr(found.record, key) for key in Record.__slots__} | {"findings": record.findings})
        assert kept == record
        assert ledger.find("org/app").name == "https://host/org/app"
        assert ledger.settings == Settings(date=5)
        assert sum(ledger.counts().values()) == 2


def test_what_is_added_twice_stays_as_it_is(tmp_path: Path) -> None:
    with Writer(str(tmp_path / "l"), Settings()) as ledger:
        ledger.add(["/a", "/b"])
        ledger.keep(next(ledger.rows()), RECORD)
        ledger.add(["/b", "/a", "/c"])
        assert [(row.name, row.record.state) for row in ledger.rows()] == [
            ("/a", State.PARTLY_FIXED),
            ("/b", State.PENDING),
            ("/c", State.PENDING),
        ]


@pytest.mark.parametrize(
    ("words", "left"), [(["failed"], 2), (["timeout"], 1), (["clean"], 1), (["nothing-like-it"], 0)]
)
def test_done_once_more_is_what_is_asked_for(tmp_path: Path, words: list[str], left: int) -> None:
    with Writer(str(tmp_path / "l"), Settings()) as ledger:
        ledger.add(["/a", "/b", "/c"])
        records = (failed("timeout", ""), failed("crash", ""), Record(State.CLEAN))
        for row, record in zip(list(ledger.rows()), records, strict=True):
            ledger.keep(row, record)
        ledger.again(words)
        assert ledger.counts().get(State.PENDING, 0) == left


def test_a_push_is_forgotten_with_what_was_pushed(tmp_path: Path) -> None:
    with Writer(str(tmp_path / "l"), Settings()) as ledger:
        ledger.add(["/a"])
        row = next(ledger.rows())
        ledger.keep_push(row, Push("pushed", "b", "c"))
        assert ledger.push_of(row) == Push("pushed", "b", "c")
        ledger.keep(row, RECORD)
        assert ledger.push_of(row) is None


def no_file(path: Path) -> None:
    pass


def text(path: Path) -> None:
    path.write_text("this is a text\n" * 100)


def another_database(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t (x)")
    database.close()


def of_the_future(path: Path) -> None:
    Writer(str(path), Settings()).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()


@pytest.mark.parametrize("make", [no_file, text, another_database, of_the_future], ids=lambda make: make.__name__)
def test_what_is_no_ledger_is_refused_and_left_alone(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "l"
    make(path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(LedgerError):
        Ledger(str(path))
    assert is_begun(str(path)) is (make is not no_file)
    if before is not None:
        with pytest.raises(LedgerError):
            Writer(str(path), Settings())
        assert path.read_bytes() == before


def test_what_a_killed_process_left_of_a_ledger_is_nothing_yet(tmp_path: Path) -> None:
    path = tmp_path / "l"
    path.touch()
    assert not is_begun(str(path))
    Writer(str(path), Settings()).close()
    assert is_begun(str(path))


def test_two_writers_are_one_too_many_and_readers_are_welcome(tmp_path: Path) -> None:
    path = str(tmp_path / "l")
    with Writer(path, Settings()) as ledger:
        ledger.add(["/a"])
        with pytest.raises(Locked, match=r"process \d+ on "):
            Writer(path)
        with Ledger(path) as reader:
            assert reader.counts() == {State.PENDING: 1}
    Writer(path).close()
