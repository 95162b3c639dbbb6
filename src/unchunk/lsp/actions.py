"""Quick fixes: one finding, or all of a document, fixed as by `unchunk fix`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from unchunk.lsp import protocol

if TYPE_CHECKING:
    from pygls.workspace import PositionCodec

    from unchunk.codemod.plan import Planned
    from unchunk.lsp.checks import Check

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.unchunk"
KINDS = [types.CodeActionKind.QuickFix, FIX_ALL]


def offered(look: Check, params: types.CodeActionParams, codec: PositionCodec) -> Iterator[types.CodeAction]:
    """Yield the actions in a range, without their edits: `resolved` computes them."""
    wanted = params.context.only
    uri = params.text_document.uri
    if _is_wanted(types.CodeActionKind.QuickFix.value, wanted):
        touched = list(protocol.findings_at(look, uri, params.range, codec))
        for number, planned in enumerate(look.planned):
            if planned.finding in touched:
                yield from _quick_fixes(look, planned, uri, number, codec)
    if _is_wanted(FIX_ALL, wanted) and any(_is_applied(look, planned) for planned in look.planned):
        yield types.CodeAction("Fix all unchunk findings", FIX_ALL, data=_data(look, uri, "fix", None))


def resolved(look: Check, action: types.CodeAction, codec: PositionCodec, *, versioned: bool) -> types.CodeAction:
    """Return the action with its edit.

    Args:
        look: at the very version that the action was offered for.
        versioned: whether the client takes edits that say which version they are for.

    Raises:
        FixError: the program cannot be rewritten.
        BorderError: the fix reaches from one cell of a notebook into another.
    """
    data: dict[str, Any] = action.data or {}
    planned = None if data["number"] is None else look.planned[data["number"]]
    if data["what"] == "silence" and planned is not None:
        changed = look.silenced(planned.finding)
    else:
        changed = look.mended(planned)
    changes = [(text, protocol.edits(text, new, codec)) for text, new in changed]
    if not versioned:
        action.edit = types.WorkspaceEdit(changes={text.uri: edits for text, edits in changes})
        return action
    action.edit = types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(text.uri, text.version), list(edits))
            for text, edits in changes
        ]
    )
    return action


def _quick_fixes(
    look: Check, planned: Planned, uri: str, number: int, codec: PositionCodec
) -> Iterator[types.CodeAction]:
    finding = planned.finding
    told = protocol.diagnostics(look, codec, [finding])[uri]
    if planned.fix is not None:
        title = f"Fix {finding.code} ({finding.name})"
        yield types.CodeAction(
            title if planned.safe else f"{title}; have a look at the result: {planned.reason}",
            types.CodeActionKind.QuickFix,
            diagnostics=told,
            is_preferred=planned.safe,
            data=_data(look, uri, "fix", number),
        )
    yield types.CodeAction(
        f"Silence {finding.code} on this line",
        types.CodeActionKind.QuickFix,
        diagnostics=told,
        data=_data(look, uri, "silence", number),
    )


def _data(look: Check, uri: str, what: str, number: int | None) -> dict[str, Any]:
    """Return what `resolved` needs: the version, and the number of the planned finding (all if none)."""
    return {"uri": uri, "version": look.subject.version, "what": what, "number": number}


def _is_applied(look: Check, planned: Planned) -> bool:
    return planned.safe or (planned.fixable and look.rules is not None and look.rules.unsafe)


def _is_wanted(kind: str, wanted: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Decide whether the client asks for actions of this kind, by its name or a prefix, or does not care."""
    if wanted is None:
        return True
    names = [each.value if isinstance(each, types.CodeActionKind) else each for each in wanted]
    return any(kind == name or kind.startswith(f"{name}.") for name in names)
