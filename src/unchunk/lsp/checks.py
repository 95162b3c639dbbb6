"""Checks of open documents, as `unchunk check` checks files, and their fixes, as by `unchunk fix`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from unchunk import checker
from unchunk.analysis import Settings, SourceError
from unchunk.analysis.findings import Finding, Span
from unchunk.analysis.limits import limits
from unchunk.analysis.prefilter import may_contain
from unchunk.lsp.configurations import Configurations
from unchunk.notebook import Joined
from unchunk.project import baseline
from unchunk.project.config_files import ConfigurationError
from unchunk.project.rule_selection import RuleSelector, SelectionOptions

if TYPE_CHECKING:
    from unchunk.codemod.plan import Planned
    from unchunk.lsp.workspace import Subject, Text


class Options(SelectionOptions, Protocol):
    """The options that the command line of the server takes."""

    disable_noqa: bool
    baseline: str | None
    unsafe_fixes: bool
    vendor: str | None
    config: str | None
    isolated: bool


@dataclass(frozen=True)
class Rules:
    """The settings in force for one file.

    Attributes:
        wanted: what the engine is to know and to report.
        suppressions: whether comments silence findings.
        baseline: the baseline file, if there is one.
        unsafe: whether all fixes are wanted, also those that want a person's eye.
        module: where the runtime helper is imported from.
    """

    wanted: Settings
    suppressions: bool = True
    baseline: str | None = None
    unsafe: bool = False
    module: str = "unchunk"

    def find(self, source: str, path: str) -> list[Finding]:
        """Return the findings that count.

        Raises:
            SourceError: it is no Python.
            BaselineError: the baseline cannot be used.
        """
        if not may_contain(source.encode("utf-8", "surrogatepass"), self.wanted):
            return []
        findings = checker.find(
            source, path, self.wanted, follow_imports=os.path.isabs(path), suppressions=self.suppressions
        )
        if not findings or self.baseline is None:
            return findings
        known = baseline.load(self.baseline)
        return checker.unknown(findings, source, lambda each, identity: known.covers(each.path, each.code, identity))


@dataclass(frozen=True)
class Check:
    """The findings in one version of a document or notebook.

    Attributes:
        source: the program in it.
        joined: the notebook as a module; None for a document.
        findings: of the program.
        problem: what the user has to see to before anything, or all of it, can be found.
    """

    subject: Subject
    rules: Rules | None
    source: str
    joined: Joined | None = None
    findings: list[Finding] = field(default_factory=list)
    problem: str | None = None

    def place(self, span: Span) -> tuple[Text, Span]:
        """Map a span of the program to its document or cell."""
        if self.joined is None:
            return self.subject.cells[0], span
        at = self.joined.place(span)
        return self.subject.cells[at.cell], Span(at.line, at.column, at.end_line, at.end_column)

    @cached_property
    def planned(self) -> list[Planned]:
        """Return the findings with their fixes."""
        from unchunk.codemod.plan import plan

        return plan(self.findings)

    @cached_property
    def messages(self) -> dict[int, str]:
        """Return the message of each finding, by its identity."""
        return {id(each.finding): each.message for each in self.planned}

    def mended(self, chosen: Planned | None = None) -> list[tuple[Text, str]]:
        """Return the changed texts with their new content, after one fix, or else every wanted fix.

        Raises:
            FixError: the program cannot be rewritten.
            BorderError: the fix reaches from one cell of a notebook into another.
        """
        from unchunk.codemod.fix import fix_source

        assert self.rules is not None
        rounds = iter([[each.finding for each in self.planned if chosen is not None and each.fix is chosen.fix]])
        result = fix_source(
            self.source,
            self.subject.path,
            unsafe=self.rules.unsafe or chosen is not None,
            module=self.rules.module,
            find=self.rules.find if chosen is None else lambda source, path: next(rounds, []),
        )
        return self._texts(result.source)

    def silenced(self, finding: Finding) -> list[tuple[Text, str]]:
        """Return the changed text with its new content, after a comment that silences a finding."""
        from unchunk.project.noqa_comments import with_noqa

        return self._texts(with_noqa(self.source, [(finding.span.line, finding.code)]))

    def _texts(self, source: str) -> list[tuple[Text, str]]:
        """Return the texts that another version of the program changes, with their new content."""
        if source == self.source:
            return []
        if self.joined is None:
            return [(self.subject.cells[0], source)]
        return [(self.subject.cells[number], text) for number, text in self.joined.changed(source).items()]


class Checker:
    """Checks one subject after the other.

    Args:
        options: of the command line, as `check` has them.

    Raises:
        ValueError: a code of the command line is none.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._wishes = RuleSelector(options)
        self._configurations = Configurations(options.config, isolated=options.isolated)

    def look(self, subject: Subject) -> Check:
        """Return the findings; none where the program cannot be parsed, as is common while typing."""
        joined = _joined(subject)
        source = joined.source if joined else subject.cells[0].text
        try:
            rules = self._rules(subject.path)
            with limits() as reached:
                findings = rules.find(source, subject.path) if rules else []
        except SourceError as error:
            return Check(subject, None, source, joined, problem=str(error) if error.line is None else None)
        except ConfigurationError as error:
            place = error.path if error.line is None else f"{error.path}:{error.line}"
            return Check(subject, None, source, joined, problem=f"{place}: {error.reason}")
        except baseline.BaselineError as error:
            return Check(subject, None, source, joined, problem=str(error))
        told = next((f"{subject.path}: {limit}" for limit in reached), None)
        return Check(subject, rules, source, joined, findings, told)

    def _rules(self, path: str) -> Rules | None:
        """Return the settings in force for a file; None where it is excluded."""
        config = self._configurations.of_file(path)
        if config is not None and config.exclude.match(path):
            return None
        options = self._options
        known = config.settings if config else Settings()
        return Rules(
            wanted=replace(known, select=self._wishes.codes(path, config)),
            suppressions=not options.disable_noqa,
            baseline=options.baseline or (config.baseline if config else None),
            unsafe=bool(options.unsafe_fixes or (config and config.unsafe_fixes)),
            module=options.vendor or (config and config.vendor) or "unchunk",
        )


def _joined(subject: Subject) -> Joined | None:
    return Joined({number: cell.text for number, cell in subject.cells.items()}) if subject.is_notebook else None
