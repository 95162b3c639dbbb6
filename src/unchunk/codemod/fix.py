"""Fixing of one file in memory: find, plan and rewrite until nothing more can be done."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, AnyStr, Generic

from unchunk.analysis.findings import Finding
from unchunk.codemod.edits import Fix
from unchunk.codemod.plan import Planned, plan

if TYPE_CHECKING:
    from unchunk.analysis import Settings

_MAX_ROUNDS = 5
"""Fixes that would touch each other's lines are made one round after the other."""


class FixError(ValueError):
    """A file cannot be rewritten: `path: reason`. The source is unchanged."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FixResult(Generic[AnyStr]):
    """A fixed file.

    Attributes:
        source: the new text, or bytes if bytes were given.
        fixed: what was fixed, with positions of the text as it was when the fix was made.
        left: what is left, with the reason.
        imports: the names of the runtime helper that fixes use.
    """

    source: AnyStr
    fixed: tuple[Planned, ...]
    left: tuple[Planned, ...]
    imports: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return bool(self.fixed)


def fix_source(
    source: AnyStr,
    path: str = "<string>",
    *,
    settings: Settings | None = None,
    unsafe: bool = False,
    module: str = "unchunk",
    find: Callable[[AnyStr, str], Sequence[Finding]] | None = None,
) -> FixResult[AnyStr]:
    """Fix one file where possible, and keep every byte that no fix touches.

    Args:
        source: the file's bytes, with their byte order mark or coding cookie; or its text.
        path: for messages, and to tell the project's own imports from others.
        settings: what the engine is to look for, where `find` is not given.
        unsafe: apply fixes that a person should have a look at, too.
        module: where the runtime helper is imported from; another one than `unchunk` if it is vendored.
        find: gives the findings to be fixed, such as those that no comment silences.

    Raises:
        FixError: the file's bytes are not what its cookie says, or its syntax is beyond LibCST.
        SourceError: `find` cannot parse the file.
    """
    find = find or _finder(settings)
    fixed: list[Planned] = []
    names: list[str] = []
    refused: dict[int, str] = {}
    # A fix may uncover another finding, or overlap with one that waits for the next round. Findings are looked for
    # again rather than shifted: positions of the old text say nothing about the new one.
    for _ in range(_MAX_ROUNDS):
        found = find(source, path)
        planned = plan(_of_every_source(found))
        wanted = [entry for entry in planned if entry.fix is not None and (unsafe or entry.safe)]
        if not wanted:
            break
        source, made, refused = _round(source, path, wanted, module)
        if not made:
            break
        fixed += [entry for entry in _of(found, wanted) if entry.fix in made]
        names += [name for fix in made for name in fix.imports]
    else:
        found = find(source, path)
        planned = plan(_of_every_source(found))
    left = [entry if id(entry.fix) not in refused else _refused(entry, refused) for entry in _of(found, planned)]
    return FixResult(source, tuple(fixed), tuple(left), tuple(dict.fromkeys(names)))


def _of_every_source(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, and those of other sources reaching the same calls: a call is fixed with the last of
    them.
    """
    return [each for finding in findings for each in (finding, *finding.alternatives)]


def _of(findings: Sequence[Finding], planned: Sequence[Planned]) -> list[Planned]:
    """Return the plans for the findings themselves: one entry a call."""
    wanted = {id(finding) for finding in findings}
    return [entry for entry in planned if id(entry.finding) in wanted]


def _finder(settings: Settings | None) -> Callable[[AnyStr, str], Sequence[Finding]]:
    from unchunk.analysis import check_source

    if settings is None:
        return lambda source, path: check_source(source, path)
    return lambda source, path: check_source(source, path, settings=settings)


def _refused(entry: Planned, refused: dict[int, str]) -> Planned:
    return Planned(entry.finding, None, refused[id(entry.fix)])


def _round(
    source: AnyStr, path: str, wanted: Sequence[Planned], module: str
) -> tuple[AnyStr, list[Fix], dict[int, str]]:
    """Return the rewritten source, the fixes made, and the reasons why others could not be."""
    from unchunk.codemod.rewrite import RewriteError

    fixes = list(dict.fromkeys(entry.fix for entry in wanted if entry.fix is not None))
    text, encode = _decoded(source, path)
    try:
        return encode(_rewritten(text, path, fixes, module)), fixes, {}
    except RewriteError:
        pass
    made: list[Fix] = []
    refused: dict[int, str] = {}
    for fix in fixes:  # one of them does not fit: leave that one alone
        try:
            _rewritten(text, path, [*made, fix], module)
        except RewriteError as error:
            refused[id(fix)] = str(error)
        else:
            made.append(fix)
    return (encode(_rewritten(text, path, made, module)) if made else source), made, refused


def _decoded(source: AnyStr, path: str) -> tuple[str, Callable[[str], AnyStr]]:
    """Return the text with its own line ends, and the function that encodes it again."""
    if isinstance(source, str):
        return source, lambda text: text
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        text = source.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise FixError(path, f"cannot be decoded: {error}") from error
    # Some encodings have several byte sequences for one text (ISO-2022-JP): encoding the new text would change bytes
    # that no fix has touched.
    if text.encode(encoding) != source:
        raise FixError(path, f"is not the same after a round trip through its encoding, {encoding}")
    return text, lambda new: new.encode(encoding)


def _rewritten(text: str, path: str, fixes: Sequence[Fix], module: str) -> str:
    import libcst as cst

    from unchunk.codemod.continuation_lines import realign
    from unchunk.codemod.imports import first_party
    from unchunk.codemod.rewrite import RewriteError, faithful, transform

    try:
        tree = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise FixError(path, f"LibCST cannot parse line {error.raw_line}: {error.message}") from error
    new = transform(tree, text, path, fixes, module, first_party(path))
    result = realign(text, faithful(text, tree.code, new.code), fixes)
    try:
        ast.parse(result)
    except SyntaxError as error:  # an edit that fits each place but not the whole; never let it out
        raise RewriteError("the rewrite would be no valid Python") from error
    return result
