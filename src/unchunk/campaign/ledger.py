"""Ledger of a campaign: an SQLite file that has every repository with what came of it.

One transaction a repository, in the write-ahead mode, so that others can read meanwhile and a process that is killed at
any moment leaves whole records only. The tables are described in docs/campaigns.md; `PRAGMA user_version` is their
version.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unchunk.campaign.locks import Lock
from unchunk.campaign.record import Change, Record, Settings, State
from unchunk.campaign.sources import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from typing_extensions import Self

SCHEMA_VERSION = 1
_APPLICATION = 0x756E6363  # "uncc"
_SCHEMA = """
CREATE TABLE campaign (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE repositories (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    source NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'pending',
    error_kind TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    base TEXT NOT NULL DEFAULT '',
    commit_id TEXT NOT NULL DEFAULT '',
    patch BLOB NOT NULL DEFAULT x'',
    changes TEXT NOT NULL DEFAULT '[]',
    notes TEXT NOT NULL DEFAULT '[]',
    problems TEXT NOT NULL DEFAULT '[]',
    timings TEXT NOT NULL DEFAULT '{}',
    done_at REAL
);
CREATE INDEX repositories_by_state ON repositories (state, id);
CREATE TABLE findings (
    repository INTEGER NOT NULL REFERENCES repositories (id),
    number INTEGER NOT NULL,
    code TEXT NOT NULL,
    client TEXT NOT NULL,
    outcome TEXT NOT NULL,
    path TEXT NOT NULL,
    line INTEGER NOT NULL,
    message TEXT NOT NULL,
    reason TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (repository, number)
) WITHOUT ROWID;
CREATE TABLE pushes (
    repository INTEGER PRIMARY KEY REFERENCES repositories (id),
    state TEXT NOT NULL,
    branch TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    error TEXT NOT NULL,
    done_at REAL NOT NULL
);
"""
_COLUMNS = "id, name, source, state, error_kind, error, base, commit_id, patch, changes, notes, problems, timings"
_PAGE = 200


class LedgerError(Exception):
    """The file is not a ledger that this version reads; or there is none; or a question to it has no answer."""


@dataclass(frozen=True, slots=True)
class Row:
    """Repository in the ledger.

    Attributes:
        source: what git clones.
        record: its findings are read apart, by `Ledger.findings`.
    """

    id: int
    name: str
    source: str
    record: Record


@dataclass(frozen=True, slots=True)
class Push:
    """Branch that was pushed, or could not be.

    Attributes:
        state: `pushed`, `up-to-date`, `conflict`, `no-remote` or `failed`.
    """

    state: str
    branch: str
    commit: str = ""
    error: str = ""


class Ledger:
    """The ledger, open for reading; a context manager.

    Raises:
        LedgerError: see there.
    """

    def __init__(self, path: str) -> None:
        if not os.path.isfile(path):
            raise LedgerError(f"{path}: there is no such ledger")
        self._path = path
        self._database = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            version = self._database.execute("PRAGMA user_version").fetchone()[0]
            application = self._database.execute("PRAGMA application_id").fetchone()[0]
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise LedgerError(f"{path}: is not a ledger: {error}") from error
        if application != _APPLICATION or version != SCHEMA_VERSION:
            self._database.close()
            what = f"a ledger of version {version}" if application == _APPLICATION else "another kind of database"
            raise LedgerError(f"{path}: is {what}; this is version {SCHEMA_VERSION}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @property
    def settings(self) -> Settings:
        """Return the settings that the campaign was begun with."""
        return Settings(**json.loads(self.value("settings")))

    def value(self, key: str) -> str:
        """Return what the campaign notes about itself: `settings`, `version` (of unchunk) or `created`."""
        row = self._database.execute("SELECT value FROM campaign WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def counts(self) -> dict[State, int]:
        """Count the repositories of each state."""
        rows = self._database.execute("SELECT state, count(*) FROM repositories GROUP BY state")
        found = {State(state): count for state, count in rows}
        return {state: found[state] for state in State if state in found}

    def totals(self, column: str) -> list[tuple[str, int, int, int]]:
        """Count findings by `code` or `client`: the word, repositories, fixed ones, ones that are left."""
        assert column in ("code", "client")
        return self._database.execute(
            f"SELECT {column}, count(DISTINCT repository), sum(outcome = 'fixed'), sum(outcome = 'left')"
            f" FROM findings GROUP BY {column} ORDER BY count(*) DESC, {column}"
        ).fetchall()

    def rows(self, *states: State) -> Iterator[Row]:
        """Read the repositories of these states (default: all), a page at a time, in the order they were named."""
        wanted = states or tuple(State)
        marks = ", ".join("?" * len(wanted))
        command = f"SELECT {_COLUMNS} FROM repositories WHERE id > ? AND state IN ({marks}) ORDER BY id LIMIT {_PAGE}"
        last = 0
        while page := self._database.execute(command, (last, *(state.value for state in wanted))).fetchall():
            for row in page:
                yield _row(row)
            last = page[-1][0]

    def find(self, word: str) -> Row:
        """Find a repository by its name, or by how the name ends.

        Raises:
            LedgerError: there is none, or several.
        """
        names = [word, os.path.abspath(word)]
        command = f"SELECT {_COLUMNS} FROM repositories WHERE "
        rows = self._database.execute(f"{command} name IN (?, ?)", [_text(name) for name in names]).fetchall()
        if not rows:
            tail = _text(word.strip("/"))
            rows = self._database.execute(
                f"{command} substr(name, -length(?) - 1) IN ('/' || ?, ':' || ?) LIMIT 2", (tail, tail, tail)
            ).fetchall()
        if not rows:
            raise LedgerError(f"{word}: there is no such repository in {self._path}")
        if len(rows) > 1:
            raise LedgerError(f"{word}: may be {rows[0][1]} or {rows[1][1]}: say more of the name")
        return _row(rows[0])

    def findings(self, row: Row) -> list[dict[str, Any]]:
        """Read the findings of a repository; see `Record`."""
        command = "SELECT data FROM findings WHERE repository = ? ORDER BY number"
        return [json.loads(data) for (data,) in self._database.execute(command, (row.id,))]

    def push_of(self, row: Row) -> Push | None:
        """Read what became of pushing a repository's branch; None if that was not tried."""
        command = "SELECT state, branch, commit_id, error FROM pushes WHERE repository = ?"
        found = self._database.execute(command, (row.id,)).fetchone()
        return Push(*found) if found else None


class Writer(Ledger):
    """The ledger, open for writing by this process alone.

    Args:
        settings: of a campaign that begins; with None there has to be a ledger already.

    Raises:
        Locked: another process writes.
        LedgerError: see there.
    """

    def __init__(self, path: str, settings: Settings | None = None) -> None:
        if settings is None and not os.path.isfile(path):
            raise LedgerError(f"{path}: there is no such ledger")
        self._lock = Lock(f"{path}.lock")
        try:
            if settings is not None:
                _create(path, settings)
            super().__init__(path)
        except BaseException:
            self._lock.release()
            raise
        self._database.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Close the file, and let others write."""
        super().close()
        self._lock.release()

    def add(self, sources: Iterable[str]) -> None:
        """Note repositories that are to be done; those that are there already stay as they are."""
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(
                "INSERT INTO repositories (name, source) VALUES (?, ?) ON CONFLICT (source) DO NOTHING",
                ((name_of(source), _stored(source)) for source in sources),
            )

    def again(self, words: Sequence[str]) -> None:
        """Note that repositories are to be done once more: those of these states, or with these kinds of errors."""
        marks = ", ".join("?" * len(words))
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            where = f"state IN ({marks}) OR error_kind IN ({marks})"
            self._database.execute(f"UPDATE repositories SET state = 'pending' WHERE {where}", (*words, *words))

    def keep(self, row: Row, record: Record) -> None:
        """Keep what came of a repository, in one transaction."""
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.execute("DELETE FROM findings WHERE repository = ?", (row.id,))
            self._database.execute("DELETE FROM pushes WHERE repository = ?", (row.id,))
            self._database.execute(
                "UPDATE repositories SET state = ?, error_kind = ?, error = ?, base = ?, commit_id = ?, patch = ?,"
                " changes = ?, notes = ?, problems = ?, timings = ?, done_at = ? WHERE id = ?",
                (
                    record.state.value,
                    record.error_kind,
                    _text(record.error),
                    record.base,
                    record.commit,
                    record.patch,
                    json.dumps([dataclasses.asdict(change) for change in record.changes]),
                    json.dumps(record.notes),
                    json.dumps(record.problems),
                    json.dumps(record.timings),
                    time.time(),
                    row.id,
                ),
            )
            self._database.executemany(
                "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (_finding(row.id, number, finding) for number, finding in enumerate(record.findings)),
            )

    def keep_push(self, row: Row, push: Push) -> None:
        """Keep what became of pushing a repository's branch."""
        values = (row.id, push.state, _text(push.branch), push.commit, _text(push.error), time.time())
        self._database.execute("INSERT OR REPLACE INTO pushes VALUES (?, ?, ?, ?, ?, ?)", values)


def client_of(finding: dict[str, Any]) -> str:
    """Return the client library that the data of a finding comes from."""
    words = str(finding.get("source", {}).get("name", "")).split()
    return words[0] if words else ""


def is_begun(path: str) -> bool:
    """Tell whether there is a ledger, or another file that is not to be overwritten.

    What a process leaves that is killed while it makes one is nothing yet.
    """
    if not os.path.exists(path):
        return False
    database = sqlite3.connect(path)
    try:
        return bool(database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.DatabaseError:
        return True
    finally:
        database.close()


def _create(path: str, settings: Settings) -> None:
    """Make the file, all of it or nothing; one that is there stays as it is."""
    from unchunk import __version__

    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # addresses may hold passwords
    os.close(file)
    database = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        if database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return
        database.execute("PRAGMA journal_mode = WAL")
        notes = {
            "settings": json.dumps(dataclasses.asdict(settings)),
            "version": __version__,
            "created": str(settings.date),
        }
        values = ", ".join(f"({_quoted(key)}, {_quoted(value)})" for key, value in notes.items())
        database.executescript(
            f"BEGIN IMMEDIATE; {_SCHEMA} INSERT INTO campaign VALUES {values};"
            f" PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )
    except sqlite3.DatabaseError as error:
        raise LedgerError(f"{path}: is not a ledger: {error}") from error
    finally:
        database.close()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _finding(repository: int, number: int, finding: dict[str, Any]) -> tuple[Any, ...]:
    return (
        repository,
        number,
        finding["code"],
        client_of(finding),
        finding["outcome"],
        _text(finding["path"]),
        finding["line"],
        _text(finding["message"]),
        _text(finding["reason"] or ""),
        json.dumps(finding),
    )


def _row(values: tuple[Any, ...]) -> Row:
    id, name, source, state, kind, error, base, commit, patch, changes, notes, problems, timings = values
    record = Record(
        state=State(state),
        error_kind=kind,
        error=error,
        base=base,
        commit=commit,
        patch=patch,
        changes=tuple(Change(**change) for change in json.loads(changes)),
        notes=tuple(json.loads(notes)),
        problems=tuple(json.loads(problems)),
        timings=json.loads(timings),
    )
    return Row(id, name, os.fsdecode(source), record)


def _stored(source: str) -> str | bytes:
    """Return a source as SQLite takes it: a path that is not UTF-8 as its bytes."""
    try:
        source.encode()
    except UnicodeEncodeError:
        return os.fsencode(source)
    return source


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
