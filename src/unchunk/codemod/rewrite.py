"""Application of planned fixes to a module's concrete tree: what no edit touches stays as it was written."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

import libcst as cst
from libcst.metadata import MetadataWrapper

from unchunk.codemod.edits import Fix
from unchunk.codemod.imports import add, spelling
from unchunk.codemod.layout import break_long_lines, prefers_single_quotes
from unchunk.codemod.notebook_cells import cell_of
from unchunk.codemod.positions import Positions, RewriteError, split_lines
from unchunk.codemod.transformer import Rewriter
from unchunk.codemod.unused import remove_unused

__all__ = ["RewriteError", "apply", "faithful", "transform"]


def apply(module: cst.Module, source: str, fixes: Iterable[Fix], names: dict[str, str]) -> cst.Module:
    """Apply the fixes to the module; its imports are another matter (see `imports`).

    Args:
        source: the text that the fixes' places refer to; the module was parsed from it.
        names: how the runtime helper's names are spelt in this module.

    Raises:
        RewriteError: an edit's place holds no such syntax.
    """
    edits = list(dict.fromkeys(edit for fix in fixes for edit in fix.edits))
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    transformer = Rewriter(Positions(source, module.code), edits, names, single=prefers_single_quotes(module))
    transformer.collect(wrapper)
    changed = wrapper.visit(transformer)
    if transformer.missing:
        raise RewriteError("the statement is written in one line")
    return break_long_lines(changed, transformer.made, source)


def transform(
    module: cst.Module, source: str, path: str, fixes: Sequence[Fix], helper: str, own: frozenset[str]
) -> cst.Module:
    """Apply the fixes to the module, its imports included.

    Args:
        source: the text that the fixes' places refer to; the module was parsed from it.
        helper: the module that the runtime helper is imported from.
        own: top-level names of the project, whose imports stand in a section of their own.

    Raises:
        RewriteError: an edit's place holds no such syntax.
    """
    names = spelling(ast.parse(source), [name for fix in fixes for name in fix.imports], helper)
    changed = apply(module, source, fixes, names)
    if names:
        first = min(edit.at.line for fix in fixes for edit in fix.edits)
        changed = add(changed, names, helper, own, cell_of(source, first))
    return remove_unused(changed, path, source)


def faithful(source: str, base: str, new: str) -> str:
    """Return `new` with every unchanged line as `source` has it.

    LibCST drops form feeds before statements and blanks behind the last line end: `base` is what it makes of `source`
    without any change.
    """
    if source == base:
        return new
    old, kept, changed = split_lines(source), split_lines(base), split_lines(new)
    tail = old[len(kept) :]
    if len(old) < len(kept) or "".join(tail).strip():
        raise RewriteError("the file's line ends are beyond LibCST")
    # Compared by lines with `base`, not with `source`, so that a line that only LibCST has changed counts as unchanged
    # and is taken from the source.
    result: list[str] = []
    for kind, start, end, first, last in SequenceMatcher(None, kept, changed, autojunk=False).get_opcodes():
        result += old[start:end] if kind == "equal" else changed[first:last]
    return "".join([*result, *tail])
