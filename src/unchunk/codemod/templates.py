"""Templates of edits, filled with kept expressions, names and quotes as the module has them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from unchunk.codemod.layout import requote

_HOLE = re.compile(r"unchunk_hole_(\d+)_")


class Filler(cst.CSTTransformer):
    """Fills a template's holes with kept expressions, and spells names and quotes as the module does."""

    def __init__(self, kept: Sequence[cst.BaseExpression], names: dict[str, str], *, single: bool) -> None:
        super().__init__()
        self.kept = kept
        self.names = names
        self.single = single
        self.calls: list[cst.Call] = []

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        if (hole := _HOLE.fullmatch(updated_node.value)) is not None:
            kept = self.kept[int(hole[1])]
            if not updated_node.lpar or kept.lpar:
                return kept
            return kept.with_changes(lpar=updated_node.lpar, rpar=updated_node.rpar)
        return updated_node.with_changes(value=self.names.get(updated_node.value, updated_node.value))

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.SimpleString:
        written = updated_node.with_changes(value=_HOLE.sub(r"{\1}", updated_node.value))  # a text is no template
        return requote(written) if self.single else written

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        arguments = [_unparenthesised(argument) for argument in updated_node.args]
        call = updated_node.with_changes(args=arguments)
        self.calls.append(call)
        return call

    def leave_NamedExpr(self, original_node: cst.NamedExpr, updated_node: cst.NamedExpr) -> cst.NamedExpr:
        return updated_node.with_changes(value=_bare(updated_node.value))

    def leave_Yield(self, original_node: cst.Yield, updated_node: cst.Yield) -> cst.Yield:
        if not isinstance(updated_node.value, cst.BaseExpression):
            return updated_node
        return updated_node.with_changes(value=_bare(updated_node.value))


def with_holes(template: str) -> str:
    return re.sub(r"\{(\d+)\}", r"unchunk_hole_\1_", template)


def _unparenthesised(argument: cst.Arg) -> cst.Arg:
    """Drop an argument's own parentheses, except around a generator among several, or a walrus."""
    return argument.with_changes(value=_bare(argument.value))


def _bare(value: cst.BaseExpression) -> cst.BaseExpression:
    """Drop the one pair of parentheses that the expression had where it stood, if it is on one line."""
    simple = isinstance(value, (cst.Name, cst.Call, cst.Attribute, cst.Subscript, cst.Await))
    if not simple or len(value.lpar) != 1 or "\n" in cst.Module([]).code_for_node(value.lpar[0]):
        return value
    return value.with_changes(lpar=[], rpar=[])
