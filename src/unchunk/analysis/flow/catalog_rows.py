"""Evaluation of catalog rows: the result of a call or an attribute of something known."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from unchunk.analysis.catalog.dsl import Condition, Gives, Row, Text, TypeName, Use, What
from unchunk.analysis.findings import Framing

from .access_paths import access_path_of, method_call, root_of
from .constant_folding import fold
from .receiver_usage import receiver_is_used_with
from .requests import answered
from .values import (
    READY,
    UNKNOWN,
    BoundMethod,
    CatalogInstance,
    Constant,
    Evidence,
    FlowStep,
    IterableValue,
    Origin,
    QualifiedName,
    Source,
    StreamData,
    TupleValue,
    Unknown,
    Value,
    join_all,
    union_members,
)

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import TypeInfo

    from .call_args import CallArgs
    from .frames import Frame

PIECEMEAL = frozenset((Framing.CHUNK, Framing.FRAGMENT))


def from_rows(
    rows: list[Row],
    receiver: Value,
    owner: TypeInfo | None,
    node: ast.expr,
    frame: Frame,
    call: CallArgs | None = None,
) -> Value:
    """Evaluate the first row that holds, joined with the rows before it whose condition is undecided.

    `made` is the call, where it is one.
    """
    values: list[Value] = []
    for row in rows:
        holds = holds_for(row.only, node, frame, call)
        if holds is False:
            continue
        value = _as_old_as(receiver, row, _from_row(row, receiver, owner, node, frame, call))
        values.append(
            answered(value, row.known | (receiver.known if isinstance(receiver, CatalogInstance) else row.known))
        )
        if holds is True:
            break
    return join_all(values)


def _as_old_as(receiver: Value, row: Row, value: Value) -> Value:
    """Give an attribute's value the age of its owner: reading it does not create it."""
    if row.use is Use.ATTRIBUTE and isinstance(receiver, CatalogInstance) and isinstance(value, CatalogInstance):
        return replace(value, loop=receiver.loop, maker=receiver.maker)
    return value


def holds_for(condition: Condition | None, node: ast.expr, frame: Frame, call: CallArgs | None = None) -> bool | None:
    """Decide whether a condition holds for a call; None if undecided. `made`: the call, once it is evaluated."""
    if condition is None:
        return True
    if condition.kind == "file_mentions":
        return condition.name in frame.module.syntax.code
    if condition.kind == "sibling_call":
        return receiver_is_used_with(node, condition.words, frame)
    if condition.kind == "repeated_callback":
        return frame.invoked_repeatedly
    if not isinstance(node, ast.Call):
        return None
    value = _argument(condition, node, frame) if call is None else call.given(condition.name, condition.position)
    if value is None:
        open_ended = call is not None and call.may_be_given(condition.position)
        return None if open_ended else _judged_missing(condition)
    if condition.kind == "sized":
        amount = UNKNOWN if call is None else call.amount(condition.position or 0)
        return any(_is_count(item) for item in union_members(amount))
    if condition.kind == "reader_sized":
        amount = UNKNOWN if call is None else call.amount(condition.position or 0)
        return _drains(node, frame) or any(_is_of_type(item, condition.words) for item in union_members(amount))
    return _judged_value(condition, value)


def _argument(condition: Condition, node: ast.Call, frame: Frame) -> Value | None:
    """Return the argument that a condition is about, from the syntax."""
    argument, _ = argument_of(node, condition.name, condition.position)
    return None if argument is None else evaluate_plain(argument, frame)


_AMOUNTS = ("SIZE", "BYTES", "LENGTH", "BUF", "MAX", "CHUNK")


def _is_count(value: Value) -> bool:
    """Decide whether a value is the program's own number, was computed from data, or is imported and named like a
    size.
    """
    if isinstance(value, Constant):
        return type(value.value) is int and value.value >= 0
    if isinstance(value, QualifiedName):
        name = value.name.rpartition(".")[2]
        return name.isupper() and any(word in name for word in _AMOUNTS)
    return isinstance(value, Unknown) and value.of_data


def _is_of_type(value: Value, names: tuple[str, ...]) -> bool:
    return isinstance(value, CatalogInstance) and value.type.dotted in names


def evaluate_plain(node: ast.expr, frame: Frame) -> Value:
    """Evaluate a plain argument from its syntax, without evaluating it once more."""
    match node:
        case ast.Constant(value=value):
            return Constant(value)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return Constant(-number)
        case ast.BinOp(left=left, op=op, right=right):
            return fold(op, [evaluate_plain(left, frame), evaluate_plain(right, frame)]) or UNKNOWN
        case ast.Name(id=name):
            return frame.find(name)
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if isinstance(frame.find(owner), QualifiedName):
            return QualifiedName(f"{owner}.{name}")
        case _:
            place = access_path_of(node)
            known = frame.state.find(place) if place is not None else None
            return UNKNOWN if known is None else known


def _judged_missing(condition: Condition) -> bool:
    match condition.kind:
        case "when":
            return condition.default
        case "unless":
            return not condition.default
        case "absent":
            return True
        case _:
            return False


def _judged_value(condition: Condition, value: Value) -> bool | None:
    found = {_judged_one(condition, item) for item in union_members(value)}
    return found.pop() if len(found) == 1 else None


def _judged_one(condition: Condition, value: Value) -> bool | None:
    if condition.kind == "constant":
        return type(value) is Constant and type(value.value) is int and value.value >= 0
    if condition.kind == "equals":
        return _is_called(condition.value, value)
    if condition.kind == "in memory":
        return isinstance(value, StreamData) and value.file_like
    match condition.kind:
        case "given" | "absent":
            missing = type(value) is Constant and (value.value is None or value.value == -1)
            return missing if condition.kind == "absent" else not missing
        case "constant":
            return type(value) is Constant and isinstance(value.value, int)
        case "equals" if type(value) is QualifiedName:
            return value.name.rpartition(".")[2] == condition.value
    if type(value) is not Constant:
        return None
    if condition.kind == "equals":
        return bool(value.value == condition.value)
    return bool(value.value) if condition.kind == "when" else not value.value


def _is_called(name: str, value: Value) -> bool | None:
    match value:
        case Constant(value=known):
            return str(known) == name
        case QualifiedName(name=dotted):
            return dotted.rpartition(".")[2] == name
        case BoundMethod(name=known):
            return known == name
        case _:
            return None


def argument_of(node: ast.Call, name: str, position: int | None) -> tuple[ast.expr | None, bool]:
    """Return the argument of a call by name or position, and whether that answer is certain."""
    for keyword in node.keywords:
        if keyword.arg == name:
            return keyword.value, True
    starred = any(isinstance(argument, ast.Starred) for argument in node.args)
    if position is not None and position < len(node.args) and not starred:
        return node.args[position], True
    spread = any(keyword.arg is None for keyword in node.keywords)
    return None, not spread and not (starred and position is not None)


def _from_row(
    row: Row, receiver: Value, owner: TypeInfo | None, node: ast.expr, frame: Frame, call: CallArgs | None
) -> Value:
    if row.use is Use.SAFE:
        return Unknown(f"made whole by {name_of(row, owner)}", node=node)
    source = source_of(row, owner, node, frame, call)
    match row.gives:
        case Gives.STEPS:
            step = _made(row.what, row, source, frame.run.origin(source, node, node), node, frame, handed=False)
            return IterableValue(step, row.asynchronous if owner is None else None)
        case Gives.READ:
            return _read(row, receiver, source, node, frame, call)
        case _:
            return _made(row.what, row, source, frame.run.origin(source, node, node), node, frame, handed=True)


def _read(row: Row, receiver: Value, source: Source, node: ast.expr, frame: Frame, call: CallArgs | None) -> Value:
    """Evaluate one read of the receiver, or of an argument (`os.read(descriptor, 100)`), whose own rows go first."""
    place = row.parameter if isinstance(row.parameter, int) else -1
    if call is not None and place >= 0:
        receiver = call.argument(place)
        known = receiver.type if isinstance(receiver, CatalogInstance) else None
        if known is not None and row.member in known.calls:
            return from_rows(known.calls[row.member], receiver, known, node, frame, call)
    amount = UNKNOWN if call is None else call.amount(place + 1)
    origin = _read_origin(row, source, receiver, node, frame, amount)
    return _made(row.what, row, source, origin, node, frame, handed=True)


def source_of(row: Row, owner: TypeInfo | None, node: ast.expr, frame: Frame, call: CallArgs | None = None) -> Source:
    untyped = owner is None or owner is frame.run.catalog.anything
    reads = row.gives is Gives.READ
    return frame.run.source(
        node,
        frame.module.path,
        framing_of(row.what),
        name_of(row, owner),
        text_of(row.text, node, frame, call),
        Evidence.METHOD_NAME if untyped else Evidence.TYPED,
        reads,
        drains=reads and _drains(node, frame),
        exact=row.exact,
        http=row.client in frame.run.catalog.http,
        idle=row.idle,
        asked=isinstance(row.text, Condition),
        event=event_of(row, frame),
    )


def event_of(row: Row, frame: Frame) -> TypeInfo | None:
    """Return the event type of a step that may be text or decoded."""
    return None if row.event is None else frame.run.catalog.type(row.event.dotted)


def framing_of(what: What) -> Framing:
    match what:
        case Framing():
            return what
        case tuple():
            return next((item for item in what if isinstance(item, Framing)), Framing.OBJECT)
        case _:
            return Framing.OBJECT


def text_of(text: Text, node: ast.expr, frame: Frame, call: CallArgs | None = None) -> bool | None:
    return holds_for(text, node, frame, call) if isinstance(text, Condition) else text


def name_of(row: Row, owner: TypeInfo | None) -> str:
    """Name the source: `requests Response.iter_content()`, `.iter_content()` where only the method is known."""
    called = "()" if row.use is Use.CALL and row.member else ""
    if row.event is not None and row.use is Use.CALL:
        return f".{row.member}() (unknown client)"
    if owner is None:
        return f".{row.member}{called}"
    if not row.member:
        return owner.label
    if owner.label == row.client:
        return f"{owner.label}.{row.member}{called}"
    return f"{owner.label}.{row.member}{called}"


def _made(what: What, row: Row, source: Source, origin: Origin, node: ast.expr, frame: Frame, *, handed: bool) -> Value:
    match what:
        case Framing():
            pieces = _plural(what) if source.event is None else "pieces of text, or events"
            trace = (FlowStep(node, f"{source.name} hands out {pieces}", frame.module.path),)
            loop = frame.loop if handed else None
            return StreamData(origin, what, loop, source.text, sources=frozenset((source,)), trace=trace)
        case TypeName(dotted=dotted):
            call = frame.run.catalog.type(dotted)
            if row.gives is Gives.ONE:
                return CatalogInstance(call, loop=frame.loop, maker=frame.node)
            trace = (FlowStep(node, f"{source.name} hands out events", frame.module.path),)
            return CatalogInstance(call, loop=frame.loop if handed else None, origin=origin, trace=trace)
        case tuple():
            return TupleValue(tuple(_made(item, row, source, origin, node, frame, handed=handed) for item in what))
        case _:
            return UNKNOWN


def _plural(framing: Framing) -> str:
    match framing:
        case Framing.WHOLE:
            return "the whole"
        case _:
            return f"{framing.value}s"


def _read_origin(row: Row, source: Source, receiver: Value, node: ast.expr, frame: Frame, amount: Value) -> Origin:
    """Return the origin of a read: the loop that keeps reading the same object, or the single read itself.

    So is one whose amount was itself read from the stream: a length comes first, then that much.
    """
    loop = frame.loop
    told = any(isinstance(item, Unknown) and item.of_data for item in union_members(amount))
    single = loop is None or _made_in(receiver, row, node, frame) or told
    producer: ast.AST = node if loop is None else loop.node
    return frame.run.origin(source, producer, node, None, single, told and not row.exact, _made_by(receiver, frame))


def _made_in(receiver: Value, row: Row, node: ast.expr, frame: Frame) -> bool:
    """Decide whether the object being read was opened in this very iteration of the loop."""
    if receiver == READY:
        return False
    if isinstance(receiver, Unknown) or _is_untyped(receiver, frame):
        return _bound_in(_reader(row, node), frame)
    loops = {item.loop for item in union_members(receiver) if isinstance(item, CatalogInstance)}
    return loops == {frame.loop}


def _is_untyped(receiver: Value, frame: Frame) -> bool:
    return isinstance(receiver, CatalogInstance) and receiver.type is frame.run.catalog.anything


def _made_by(receiver: Value, frame: Frame) -> bool:
    """Decide whether the object being read was created by the function that reads it."""
    makers = {item.maker for item in union_members(receiver) if isinstance(item, CatalogInstance)}
    return makers == {frame.node} and not isinstance(frame.node, ast.Module)


def _reader(row: Row, node: ast.expr) -> ast.expr:
    """Return the expression of the object being read: the receiver, or an argument."""
    if not isinstance(node, ast.Call):
        return node
    place = row.parameter if isinstance(row.parameter, int) else -1
    if not 0 <= place < len(node.args):
        called = method_call(node)
        return node.func if called is None else ast.Attribute(called.receiver, called.name, ast.Load())
    opened = method_call(node.args[place])
    return opened.receiver if opened is not None and opened.name == "fileno" else node.args[place]


def _bound_in(reader: ast.expr, frame: Frame) -> bool:
    """Decide whether the reader's name was bound in this iteration of the loop, or of a loop in the enclosing function
    that owns the name.
    """
    place = access_path_of(reader)
    if place is None:
        return True
    around: Frame | None = frame
    while around is not None and not around.loops and around.state.find(root_of(place)) is None:
        around = None if around.closure is None else around.closure.frame
    if around is None or not around.loops:
        return True
    return root_of(place) in around.state.since(around.loops[-1].base)


def _drains(node: ast.expr, frame: Frame) -> bool:
    """Decide whether a read asks for as much as the reader reports: `sock.recv(sock.pending())`,
    `raw.read(raw.length_left)`.
    """
    called = method_call(node)
    place = None if called is None or not called.arguments else access_path_of(called.receiver)
    if called is None or place is None or place == frame.self_name:
        return False
    parts = (part for part in ast.walk(called.arguments[0]) if isinstance(part, ast.Name | ast.Attribute))
    return any(access_path_of(part) == place for part in parts)


def as_event(data: StreamData) -> CatalogInstance | None:
    """Return a step as the event that its client may have decoded; None where it is text."""
    event = data.origin.source.event
    if event is None or data.cut or data.split is not None or data.buffered or data.file_like:
        return None
    return CatalogInstance(event, "", data.loop, data.origin, data.from_previous_iteration, data.trace)


def part_values(rows: list[Row], owner: CatalogInstance, node: ast.expr, frame: Frame) -> Value:
    """Return the values at a path inside an event or a message."""
    return join_all([_part_value(row, owner, node, frame) for row in rows])


def _part_value(row: Row, owner: CatalogInstance, node: ast.expr, frame: Frame) -> Value:
    run = frame.run
    if isinstance(row.what, TypeName):
        return replace(owner, type=run.catalog.type(row.what.dotted), at="", maker=None)
    if not isinstance(row.what, Framing):
        return UNKNOWN
    known = owner.origin
    name = f"{owner.type.label}.{row.member}"
    if known is not None and known.source.event is not None:
        name = f"{row.member} of {known.source.name}"
    text = True if row.text is None else text_of(row.text, node, frame)
    evidence = Evidence.METHOD_NAME if known is None else known.source.evidence
    key = None if known is None else (known.source, row.member)
    source = run.source(node, frame.module.path, row.what, name, text, evidence, key=key, event=event_of(row, frame))
    if known is None:
        origin = run.origin(source, node, node)
    else:
        origin = run.origin(
            source, known.producer, known.step, known.target, known.single, known.announced, known.opened
        )
    trace = (*owner.trace, FlowStep(node, f"{name} is {_article(row.what)}", frame.module.path))
    return StreamData(
        origin,
        row.what,
        owner.loop,
        text,
        buffered=owner.buffered,
        from_previous_iteration=owner.from_previous_iteration,
        sources=frozenset((source,)),
        trace=trace,
    )


def _article(framing: Framing) -> str:
    return "whole" if framing is Framing.WHOLE else f"a {framing.value}"
