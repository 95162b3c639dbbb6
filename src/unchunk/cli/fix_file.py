"""Fixing of one file in memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unchunk.analysis import SourceError
from unchunk.checker import unknown
from unchunk.cli.check_file import Task, entries_of, fault, find
from unchunk.cli.document import read
from unchunk.codemod.fix import FixError, fix_source
from unchunk.codemod.interrupts import HeldInterrupts
from unchunk.report.diagnostic import Diagnostic, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unchunk.analysis.findings import Finding


@dataclass(frozen=True, slots=True)
class FixTask:
    """A file to fix; can be sent to another process.

    Attributes:
        task: the file, and what to look for in it.
        hidden: code and fingerprint of the findings to be left alone: those of the baseline, those on unchanged lines.
        unsafe: whether to make unsafe fixes, too.
        module: where the helper is imported from.
    """

    task: Task
    hidden: tuple[tuple[str, str], ...] = ()
    unsafe: bool = False
    module: str = "unchunk"


@dataclass(frozen=True, slots=True)
class FixedFile:
    """The result of a fix: the new bytes, the fixed findings, and the remaining ones."""

    path: str
    before: bytes
    after: bytes
    fixed: tuple[Diagnostic, ...] = ()
    left: tuple[Diagnostic, ...] = ()
    problem: Problem | None = None

    @property
    def changed(self) -> bool:
        """Decide whether there is something to write."""
        return self.after != self.before


def fix_file(repair: FixTask) -> FixedFile:
    """Return the fixed file, or the reason why it could not be fixed.

    An interrupt waits until that is known: LibCST makes a `KeyError` of one that comes while it walks a tree.
    """
    with HeldInterrupts():
        return _mended(repair)


def _mended(repair: FixTask) -> FixedFile:
    task = repair.task
    try:
        document = read(task.path, task.data)
        result = fix_source(
            document.source,
            task.path,
            unsafe=repair.unsafe,
            module=repair.module,
            find=lambda source, path: _visible(repair, source),
        )
        after = document.rewritten(result.source)
        left = tuple(entries_of(result.left, read(task.path, after)))
    except (FixError, SourceError) as error:
        reason = error.reason if isinstance(error, FixError) else error.message
        return FixedFile(task.path, task.data, task.data, problem=Problem(task.path, reason))
    except Exception as error:  # a fault of ours; the other files are not to suffer from it
        return FixedFile(task.path, task.data, task.data, problem=fault(task.path, error))
    return FixedFile(task.path, task.data, after, tuple(entries_of(result.fixed, document)), left)


def _visible(repair: FixTask, source: bytes) -> Sequence[Finding]:
    """Return the findings of the file in its present state, without the hidden ones."""
    task = repair.task
    left = Counter(repair.hidden)

    def is_hidden(finding: Finding, fingerprint: str) -> bool:
        left[finding.code, fingerprint] -= 1
        return left[finding.code, fingerprint] >= 0

    return unknown(find(task, source), source, is_hidden)
