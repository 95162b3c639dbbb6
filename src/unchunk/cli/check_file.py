"""Analysis of one file: the engine's findings, without unwanted and suppressed ones."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unchunk import checker
from unchunk.analysis import Settings, SourceError
from unchunk.analysis.faults import describe_fault
from unchunk.analysis.file_dependencies import recorded_dependencies
from unchunk.analysis.findings import Span
from unchunk.analysis.limits import limits
from unchunk.analysis.memory import collect_if_due
from unchunk.checker import lines_of, text_of
from unchunk.cli.document import read
from unchunk.cli.gather import STDIN_NAME
from unchunk.project.fingerprint import fingerprints
from unchunk.project.suppression import Comment, Suppressions
from unchunk.report.diagnostic import Diagnostic, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unchunk.analysis.file_dependencies import Dependencies
    from unchunk.analysis.findings import Finding
    from unchunk.cli.document import Document
    from unchunk.codemod.plan import Planned

UNUSED = "UNC001"


@dataclass(frozen=True, slots=True)
class Task:
    """A file to analyze, with all that its findings depend on; can be sent to another process.

    Attributes:
        settings: what the engine is to know and to report.
        suppressions: whether comments silence findings.
        unused: whether to report comments that silence nothing as well.
        probing: whether to tell, where there is nothing, which files that depends on.
    """

    path: str
    data: bytes
    settings: Settings
    suppressions: bool = True
    unused: bool = False
    probing: bool = False


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a task.

    Attributes:
        skipped: parts of the file that were not looked into.
        probes: the other files that it depends on that there is nothing at all; None if that is not asked, or not so.
    """

    path: str
    entries: tuple[Diagnostic, ...] = ()
    problem: Problem | None = None
    skipped: tuple[Problem, ...] = ()
    probes: Dependencies | None = None


def check_file(task: Task) -> CheckResult:
    """Return the entries of one file, or the reason why it could not be analyzed."""
    collect_if_due()
    try:
        if not task.probing:
            return _examined(task)
        with recorded_dependencies() as noted:
            outcome = _examined(task)
        return outcome if outcome.entries or outcome.skipped else dataclasses.replace(outcome, probes=noted)
    except SourceError as error:
        return CheckResult(task.path, problem=Problem(task.path, error.message, error.line))
    except Exception as error:  # a fault of ours; the other files are not to suffer from it
        return CheckResult(task.path, problem=fault(task.path, error))


def _examined(task: Task) -> CheckResult:
    document = read(task.path, task.data)
    with limits() as reached:
        comments = Suppressions(text_of(document.source)) if task.unused and task.suppressions else None
        findings = find(task, document.source, comments)
        entries = _unused(task, comments, document) if comments else []
        problem = None
        if findings:
            from unchunk.codemod.plan import plan, unplanned

            try:
                planned = plan(findings)
            except Exception as error:  # a fault of ours in what could be done about them, not in the findings
                planned, problem = unplanned(findings), fault(task.path, error)
            entries = [*entries_of(planned, document), *entries]
    skipped = (*document.skipped, *(Problem(task.path, limit) for limit in reached))
    return CheckResult(task.path, tuple(entries), problem, skipped)


def find(task: Task, source: bytes, comments: Suppressions | None = None) -> list[Finding]:
    """Return the wanted findings of a task's program, as it is by now, that no comment silences.

    Raises:
        SourceError: it is no Python that can be read.
    """
    return checker.find(
        source,
        task.path,
        task.settings,
        follow_imports=task.path != STDIN_NAME,
        suppressions=task.suppressions,
        comments=comments,
    )


def _unused(task: Task, comments: Suppressions, document: Document) -> list[Diagnostic]:
    """Return entries for comments that silence nothing."""
    return [
        Diagnostic(
            code=UNUSED,
            name="unused-ignore",
            path=task.path,
            span=document.span(_span_of(unused.comment)),
            message=f"this comment silences nothing{_of_codes(unused.codes)}: remove it",
            identity=f"unused:{unused.comment.line}",
        )
        for unused in comments.unused(task.settings.select or frozenset())
    ]


def _span_of(comment: Comment) -> Span:
    return Span(comment.line, comment.column, comment.line, comment.end_column)


def _of_codes(codes: tuple[str, ...]) -> str:
    return f" with {', '.join(codes)}" if codes else ""


def fault(path: str, error: Exception) -> Problem:
    """Describe an internal error."""
    return Problem(path, describe_fault(error))


def entries_of(planned: Sequence[Planned], document: Document) -> Iterator[Diagnostic]:
    """Yield the entries for planned findings of a document, with the positions of its file."""
    lines = lines_of(document.source)
    for one, identity in zip(planned, fingerprints([one.finding for one in planned], lines), strict=True):
        finding = document.located(one.finding)
        yield Diagnostic(
            code=finding.code,
            name=finding.name,
            path=finding.path,
            span=finding.span,
            message=one.message,
            applicability=one.fix.applicability if one.fix else None,
            reason=one.reason or None,
            identity=identity,
            finding=dataclasses.replace(finding, site=None),
        )
