"""Plans: which findings can be fixed, how, and why others cannot; cheap enough for `check`, without a concrete tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from unchunk.analysis.findings import Applicability, Finding, Site
from unchunk.analysis.limits import note_limit
from unchunk.analysis.messages import with_helper_name
from unchunk.codemod.aliasing import held_against_others
from unchunk.codemod.budget import TooMuch, budget
from unchunk.codemod.edits import (
    Attempt,
    Edit,
    Fix,
    Insert,
    MoveAfterLoop,
    Position,
    Refusal,
    Replace,
    ReplaceHeader,
    Unwrap,
    WrapFollowing,
)
from unchunk.codemod.inheritance import is_shared_with_subclasses
from unchunk.codemod.outside import patching_test
from unchunk.codemod.rewrite_site import RewriteSite
from unchunk.codemod.strategies import strategies
from unchunk.codemod.syntax import Tree, forget

LOOKS_A_CASE = 100
"""Cost of running pieces through a loop's body, in nodes."""

NO_STRATEGY = "there is no rewrite for this shape yet"
DECODE = "what to decode at once is up to the program: whole lines, the joined pieces, or `codecs.iterdecode`"
READS = "how much to read is told by the stream or its reader; the loop that reads it is the program's own to write"
NOT_FOLLOWED = "a queue, a file in memory or a function that makes another text stands between the piece and the parser"
HEIRS = "other classes with the same base may hand in, or be handed, something else"
PATCHED = "`{}` patches `{}`, which the fixed code does not call any more"
ELSEWHERE = "the code that reads the stream is not in this file"
DECODED = "a step may be an event that the client has decoded already, which cannot be cut again"
ONE_LINE = "the statement is written in one line with the one around it"
TOO_MUCH = "to look at all that may be in the way of a fix would take too long in this file"
FAULT = "an internal error came in the way of working out a fix"
OVERLAP = "its lines are rewritten by the fix of another finding; run again"


@dataclass(frozen=True, slots=True)
class Planned:
    """A finding with its fix, or with the reason why it is left to a person.

    Attributes:
        reason: one sentence; for an unsafe fix what a person should have a look at, empty for a safe one.
    """

    finding: Finding
    fix: Fix | None
    reason: str

    @property
    def fixable(self) -> bool:
        return self.fix is not None

    @property
    def message(self) -> str:
        """Return the finding's message, naming the helper that the fix writes."""
        helpers = self.fix.imports if self.fix is not None else ()
        return with_helper_name(self.finding.message, helpers[0]) if helpers else self.finding.message

    @property
    def safe(self) -> bool:
        return self.fix is not None and self.fix.applicability is Applicability.SAFE


def plan(findings: Sequence[Finding]) -> list[Planned]:
    """Plan a fix for each finding, in the order given. Findings of one loop share one fix."""
    budget.start()
    try:
        return _plan(findings)
    finally:
        budget.stop()
        forget()


def unplanned(findings: Sequence[Finding]) -> list[Planned]:
    """Return the findings without fixes: planning failed."""
    return [Planned(finding, None, FAULT) for finding in findings]


def _plan(findings: Sequence[Finding]) -> list[Planned]:
    trees: dict[int, Tree] = {}
    planned: dict[int, Planned] = {}
    taken = _Taken()
    for case in _cases(findings, trees):
        outcome = _within_reason(case, taken)
        for finding in case.findings:
            planned[id(finding)] = _planned(finding, outcome)
    return [planned.get(id(finding)) or Planned(finding, None, _why_not(finding)) for finding in findings]


def _why_not(finding: Finding) -> str:
    """Return the reason for a finding that no strategy is asked about."""
    if finding.source_path not in (None, finding.path) or any(step.path for step in finding.trace):
        return ELSEWHERE
    if finding.name == "chunk-decode":
        return DECODE
    return READS if finding.name == "short-read" else NOT_FOLLOWED


def _in_one_line(fix: Fix, tree: Tree) -> bool:
    """Decide whether an edit touches a statement that shares a line with the one around it."""
    return any(not isinstance(edit, (Replace, ReplaceHeader)) and edit.at[:2] in tree.inline for edit in fix.edits)


def _cut_the_same(fix: Fix, other: Fix) -> bool:
    """Decide whether two fixes recut one stream at the same place, so that the earlier covers both."""
    places = {edit.at for edit in (*fix.edits, *other.edits)}
    return fix.strategy == other.strategy == "recut" and fix.imports == other.imports and len(places) == 1


class _Taken:
    """The accepted fixes, by the lines that they touch."""

    def __init__(self) -> None:
        self._fixes: list[Fix] = []
        self._at: dict[int, dict[int, None]] = {}

    def settle(self, fix: Fix, tree: Tree) -> Fix | Refusal:
        """Accept a fix, or return an earlier one with the same edits; refuse it if others touch its syntax."""
        lines = {line for edit in fix.edits for line in range(edit.at[0], edit.at[2] + 1)}
        for number in sorted({number for line in lines for number in self._at.get(line, ())}):
            other = self._fixes[number]
            budget.look()
            if other.edits == fix.edits or _cut_the_same(fix, other):
                return other
            if _overlap(fix, other):
                return Refusal(OVERLAP)
        for line in lines:
            self._at.setdefault(line, {})[len(self._fixes)] = None
        self._fixes.append(fix)
        return fix


def _planned(finding: Finding, outcome: Fix | Refusal) -> Planned:
    if isinstance(outcome, Fix):
        return Planned(finding, outcome, outcome.note)
    return Planned(finding, None, outcome.reason)


def _cases(findings: Sequence[Finding], trees: dict[int, Tree]) -> Iterator[RewriteSite]:
    groups: dict[tuple[int, int], list[Finding]] = {}
    steps = frozenset(finding.site.step for finding in findings if finding.site is not None)
    for finding in findings:
        site = finding.site
        if site is None or finding.source_path not in (None, finding.path):
            continue
        groups.setdefault((id(site.tree), id(site.producer)), []).append(finding)
    for group in groups.values():
        site = group[0].site
        assert site is not None
        tree = trees.get(id(site.tree))
        if tree is None:
            tree = trees[id(site.tree)] = Tree(site.tree)
        yield RewriteSite(tree, tuple(group), steps)


def _within_reason(case: RewriteSite, taken: _Taken) -> Fix | Refusal:
    """Propose a fix, unless that exceeds the file's budget, or goes too deep."""
    try:
        budget.look(LOOKS_A_CASE)
        outcome = _propose(case)
        if isinstance(outcome, Fix):
            return Refusal(ONE_LINE) if _in_one_line(outcome, case.tree) else taken.settle(outcome, case.tree)
        return outcome
    except (TooMuch, RecursionError):
        note_limit("too much in one file to work out every fix: some findings are left without")
        return Refusal(TOO_MUCH)


def _propose(case: RewriteSite) -> Fix | Refusal:
    """Return the first faithful strategy's fix, or the last refusal, which tells most."""
    reason = NO_STRATEGY
    for strategy in strategies():
        outcome = strategy.propose(case)
        if isinstance(outcome, Fix) and any(map(_may_be_decoded, case.sites)) and _cuts_again(outcome):
            outcome = Refusal(DECODED)
        if isinstance(outcome, Fix):
            outcome = held_against_others(case, outcome)
        if isinstance(outcome, Fix):
            if is_shared_with_subclasses(case):
                return _doubted(outcome, HEIRS)
            test = None if _cuts_again(outcome) else _patched_by(case)
            return _doubted(outcome, PATCHED.format(*test)) if test else outcome
        if outcome is not None:
            reason = outcome.reason
            if outcome.final:
                break
    return Refusal(reason)


def _may_be_decoded(site: Site) -> bool:
    """Decide whether a step may be an event that the client has decoded: such events have no `decode` method."""
    calls = (node.func for node in site.path if isinstance(node, ast.Call))
    return site.decoded and not any(isinstance(call, ast.Attribute) and call.attr == "decode" for call in calls)


def _patched_by(case: RewriteSite) -> tuple[str, str] | None:
    """Return the test that patches the parser, and the patched name."""
    for site in case.sites:
        match site.parse:
            case ast.Call(func=ast.Name() | ast.Attribute(value=ast.Name()) as parser):
                name = ast.unparse(parser)
                if site.parser == "json.loads" and (test := patching_test(case.findings[0].path, name)):
                    return test, name
    return None


def _cuts_again(fix: Fix) -> bool:
    return any(name.endswith("rechunk") for name in fix.imports)


def _doubted(fix: Fix, note: str) -> Fix:
    return replace(fix, applicability=Applicability.UNSAFE, note=fix.note or note)


def _overlap(one: Fix, other: Fix) -> bool:
    """Decide whether two fixes touch the same syntax. The inside of a body that merely moves may be edited, too."""
    return any(_collide(a, b) for a in one.edits for b in other.edits)


def _collide(one: Edit, other: Edit) -> bool:
    if isinstance(one, Insert) and isinstance(other, Insert):
        return False
    mine, theirs = one.at, other.at
    if mine == theirs:
        return True
    outer, inner = (one, other) if _holds(mine, theirs) else (other, one)
    if not _holds(outer.at, inner.at):
        return False
    return not isinstance(
        outer, (ReplaceHeader, Unwrap, WrapFollowing, MoveAfterLoop, Insert, Attempt)
    ) and inner.at not in getattr(outer, "holes", ())


def _holds(outer: Position, inner: Position) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]
