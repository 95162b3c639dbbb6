"""The baseline: known findings that are ignored until they go away.

An entry names a file, a rule and the finding's identity (its code and what it stands in, see `project.identity`), never
a line. So it follows code that moves, and it can only shrink: what is repaired drops out, what is new is never taken
in.
"""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unchunk.analysis.os_errors import reason_of
from unchunk.project.reading import read_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

VERSION = 1
_MARK = "unchunk-baseline"
_MAX_SIZE = 100_000_000
_MAX_FINDINGS = 1_000_000


class BaselineError(ValueError):
    """A baseline file that cannot be read, or was written by another version; `path` and the reason."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A finding as the baseline stores it; `path` counts from the folder of the baseline file, with slashes."""

    path: str
    code: str
    identity: str


class Baseline:
    """The entries of one baseline file, and their use in a run."""

    def __init__(self, path: str, entries: Iterable[Known] = ()) -> None:
        self.path = path
        self._root = os.path.dirname(os.path.abspath(path))
        self._entries = Counter(entries)
        self._left = self._entries.copy()
        self._by_content: defaultdict[tuple[str, str], list[Known]] = defaultdict(list)
        for entry in self._entries:
            self._by_content[entry.code, entry.identity].append(entry)

    def known(self, path: str, code: str, identity: str) -> Known:
        """Return a finding in the form of this baseline."""
        return Known(self._relative(path), code, identity)

    def covers(self, path: str, code: str, identity: str) -> bool:
        """Decide whether a finding is in the baseline. Each entry covers one finding a run.

        A finding in a file that the baseline does not know is also covered by an equal one in a file that is gone: it
            was renamed.
        """
        finding = self.known(path, code, identity)
        for entry in (finding, *self._renamed(finding)):
            if self._left[entry] > 0:
                self._left[entry] -= 1
                return True
        return False

    def stale(self, checked: Iterable[str], rules: Callable[[str], Container[str]]) -> list[Known]:
        """Return the entries that covered nothing though they were looked for; call it after all `covers`.

        Args:
            checked: the files that were looked at. An entry for a file that is gone is stale as well.
            rules: the codes that were looked for in a file.
        """
        left = sorted((+self._left).elements())
        seen = {self._relative(path): path for path in checked} if left else {}
        return [
            entry
            for entry in left
            if (entry.code in rules(seen[entry.path]) if entry.path in seen else not self._exists(entry.path))
        ]

    def without(self, stale: Sequence[Known]) -> Baseline:
        """Return this baseline without some of its entries."""
        return Baseline(self.path, (self._entries - Counter(stale)).elements())

    def __len__(self) -> int:
        return self._entries.total()

    def dump(self) -> str:
        """Return the text of the file: sorted, a line an entry, so that a diff shows what went away."""
        findings: dict[str, list[dict[str, Any]]] = {}
        for entry, count in sorted(self._entries.items()):
            findings.setdefault(entry.path, []).append({"code": entry.code, "identity": entry.identity, "count": count})
        files = ",\n".join(f"    {json.dumps(path)}: [\n{_rows(rows)}\n    ]" for path, rows in findings.items())
        body = f"{{\n{files}\n  }}" if files else "{}"
        return f'{{\n  "{_MARK}": {VERSION},\n  "findings": {body}\n}}\n'

    def _renamed(self, finding: Known) -> Iterable[Known]:
        candidates = self._by_content.get((finding.code, finding.identity), ())
        return (entry for entry in candidates if entry.path != finding.path and not self._exists(entry.path))

    def _exists(self, path: str) -> bool:
        return os.path.exists(os.path.join(self._root, path))

    def _relative(self, path: str) -> str:
        return os.path.relpath(os.path.abspath(path), self._root).replace(os.sep, "/")


def load(path: str) -> Baseline:
    """Read a baseline file.

    Raises:
        BaselineError: it is missing, is no baseline, or one of another version.
    """
    try:
        document = json.loads(read_whole(path, _MAX_SIZE).decode("utf-8"))
    except OSError as error:
        raise BaselineError(path, f"the baseline cannot be read: {reason_of(error)}") from error
    except ValueError as error:
        raise BaselineError(path, f"the baseline is no JSON: {error}") from error
    except RecursionError as error:
        raise BaselineError(path, "the baseline is no JSON of ours: it is nested too deeply") from error
    if not isinstance(document, dict) or _MARK not in document:
        raise BaselineError(path, f"is no baseline of unchunk (it has no {_MARK!r})")
    if document[_MARK] != VERSION:
        said = document[_MARK]
        raise BaselineError(
            path,
            f"is a baseline of version {said}, and this unchunk reads version {VERSION}: delete it and write it anew",
        )
    return Baseline(path, _entries(path, document.get("findings")))


def _entries(path: str, findings: object) -> Iterable[Known]:
    counts: Counter[Known] = Counter()
    try:
        assert isinstance(findings, dict)
        for name, rows in findings.items():
            for row in rows:
                counts[Known(str(name), str(row["code"]), str(row["identity"]))] += int(row.get("count", 1))
    except (AssertionError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BaselineError(
            path, "the baseline is damaged: 'findings' must be lists of code and identity, by file"
        ) from error
    if counts.total() > _MAX_FINDINGS:
        raise BaselineError(path, f"the baseline is damaged: it counts more than {_MAX_FINDINGS:,} findings")
    return counts.elements()


def _rows(rows: list[dict[str, Any]]) -> str:
    return ",\n".join(f"      {json.dumps(row)}" for row in rows)
