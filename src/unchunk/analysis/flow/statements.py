"""Execution of statements: their effect on the bindings."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from unchunk.analysis.layout import CHANGING

from .access_paths import access_path_of, root_of
from .annotations import annotation_value
from .attributes import place_in
from .callbacks import run_replaced
from .catalog_rows import evaluate_plain
from .data import added, data_in, map_union, outliving_loop, with_flow_step
from .expressions import MAX_COLLECTIONS, WIDEST_DISPLAY, binding_value, evaluate, handed_out
from .frames import MAX_DEPTH, Closure
from .iteration import step_of
from .narrowing import drop_facts, narrow, with_facts
from .outline import stands_in
from .selection import selected
from .state import Branch, State
from .syntax import bound_names
from .values import (
    UNKNOWN,
    CatalogInstance,
    CollectionValue,
    Constant,
    Function,
    IterableValue,
    MappingValue,
    StreamData,
    TupleValue,
    Unknown,
    UserClass,
    UserInstance,
    Value,
    affects_callee,
    contains_stream_data,
    depth,
    join,
    join_all,
    to_later_iterations,
    union_members,
)

if TYPE_CHECKING:
    from .frames import Frame


def execute(body: Iterable[ast.stmt], frame: Frame) -> None:
    """Run statements one after the other, until one leaves."""
    if frame.depth > MAX_DEPTH:
        return
    frame.depth += 1
    try:
        for statement in body:
            if not frame.state.alive or not frame.run.consume_budget():
                return
            handler = _HANDLERS.get(type(statement))
            if handler is not None:
                handler(statement, frame)
    finally:
        frame.depth -= 1


def assign(target: ast.expr, value: Value, written: ast.expr | None, frame: Frame) -> Value:
    """Assign a value to a target. `written` is the assigned expression, where there is one."""
    match target:
        case ast.Name(id=name):
            value = named(value, target, written, frame)
            if written is not None and any(_is_read(written, data.origin.step) for data in data_in(value)):
                drop_facts(value, frame)
            _note_borrowed(name, value, written, frame)
            frame.assign(name, value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            _unpack(parts, value, frame)
        case ast.Starred(value=inner):
            assign(inner, CollectionValue(value), None, frame)
        case ast.Attribute(value=owner, attr=attribute):
            run_replaced(evaluate(owner, frame), attribute, value, frame)
            value = named(value, target, written, frame)
            write_place(access_path_of(target), target, value, frame)
        case ast.Subscript(value=owner, slice=index):
            held = evaluate(owner, frame)
            evaluate(index, frame)
            _put_among(held, owner, value, frame)
            write_place(access_path_of(target), target, value, frame)
    return value


def _note_borrowed(name: str, value: Value, written: ast.expr | None, frame: Frame) -> None:
    """Record an alias such as `state = self.state`: a change under one name is seen under the other."""
    place = (
        access_path_of(written) if isinstance(value, MappingValue | CollectionValue) and written is not None else None
    )
    if place is not None and frame.is_outside(place):
        frame.aliases.add(name)
    else:
        frame.aliases.discard(name)


def _put_among(held: Value, owner: ast.expr, value: Value, frame: Frame) -> None:
    """Execute `lines[0] = rest + lines[0]`: the value joins the list's elements."""
    if type(held) is CollectionValue and contains_stream_data(value):
        write_changed(owner, CollectionValue(join(held.element, value), held.complete), frame)


def write_changed(owner: ast.expr, value: Value, frame: Frame) -> None:
    """Rebind the place of an expression that was changed in place."""
    place = access_path_of(owner)
    if place is None:
        return
    if type(value) is CollectionValue and frame.is_outside(place):
        value = to_later_iterations(value)  # an earlier call may have put some of it in
    if not (contains_stream_data(value) and frame.write_to_outer_scope(place, value)):
        write_place(place, owner, value, frame)


def named(value: Value, target: ast.expr, written: ast.expr | None, frame: Frame) -> Value:
    """Return the value as bound to the target: reads learn their target, data records where it was stored."""
    if depth(value) > MAX_COLLECTIONS:
        return UNKNOWN
    if written is None:
        return value

    def name(item: Value) -> Value:
        if type(item) is not StreamData:
            return item
        origin = item.origin
        if origin.source.read and origin.target is None and _is_read(written, origin.step):
            origin = frame.run.origin(
                origin.source, origin.producer, origin.step, target, origin.single, origin.announced, origin.opened
            )
        return replace(item, origin=origin, trace=item.with_step(target, "assigned", frame.module.path))

    return map_union(value, name)


def _is_read(written: ast.expr, step: ast.AST) -> bool:
    return (written.value if isinstance(written, ast.Await) else written) is step


def _unpack(parts: list[ast.expr], value: Value, frame: Frame) -> None:
    for place, part in enumerate(parts):
        starred = isinstance(part, ast.Starred)
        item = join_all([_item(option, place, len(parts), starred, part, frame) for option in union_members(value)])
        if isinstance(part, ast.Starred) and any(type(option) is IterableValue for option in union_members(value)):
            assign(part.value, CollectionValue(item, complete=True), None, frame)
        else:
            assign(part, item, None, frame)


def _item(value: Value, place: int, count: int, starred: bool, target: ast.expr, frame: Frame) -> Value:
    match value:
        case TupleValue(values=values) if len(values) == count and not starred:
            return values[place]
        case CollectionValue(element=element):
            return element if starred else selected(element, frame)
        case Unknown():
            return selected(value, frame) if count == 1 else value
        case CatalogInstance(type=known) if len(known.places) == count and not starred:
            return place_in(value, place, target, frame) or UNKNOWN
        case _:
            return step_of(value, target, frame)


def write_place(place: str | None, target: ast.expr, value: Value, frame: Frame) -> None:
    """Assign to an access path: `self.buf`, `state['text']`, `buffers[]`."""
    if place is None:
        return
    root = root_of(place)
    if place == root:
        frame.assign(place, value)
        return
    if isinstance(target, ast.Subscript) and _put_under(target, value, frame):
        return
    if "[]" in place:
        value = join(frame.state.find(place) or UNKNOWN, value)
    value = outliving_loop(value)
    frame.rooted.add(root)
    frame.bind(place, value)
    _write_self(place, target, value, frame)


def _put_under(target: ast.Subscript, value: Value, frame: Frame) -> bool:
    """Execute `fields["data"] = value` on a local dict, under any of its keys if the key is unknown. Return False if it
    is no such dict.
    """
    if not isinstance(target.value, ast.Name) or frame.is_outside(target.value.id):
        return False
    record = frame.state.find(target.value.id)
    if not isinstance(record, MappingValue):
        return False
    value = outliving_loop(value) if depth(value) < MAX_COLLECTIONS else UNKNOWN
    key = evaluate_plain(target.slice, frame)
    fields: dict[Any, Value] = dict(record.fields)
    if isinstance(key, Constant) and len(fields) < WIDEST_DISPLAY:
        fields[key.value] = value
        frame.bind(target.value.id, MappingValue(tuple(fields.items()), record.rest))
    else:
        fields = {name: join(known, value) for name, known in fields.items()}
        frame.bind(target.value.id, MappingValue(tuple(fields.items()), join(record.rest, value)))
    return True


def _write_self(place: str, target: ast.expr, value: Value, frame: Frame) -> None:
    """Store a value on `self`, for all methods."""
    owner_name, _, rest = place.partition(".")
    attribute = rest.partition("[")[0]
    if not attribute or "." in attribute:
        return
    for owner in union_members(frame.find(owner_name)):
        cls = owner.cls if isinstance(owner, UserInstance) else owner
        if isinstance(cls, UserClass) and "[" not in rest:
            frame.run.write_attribute(cls, attribute, with_facts(value, frame))


def _assign(node: ast.Assign, frame: Frame) -> None:
    value = evaluate(node.value, frame)
    if isinstance(node.value, ast.Tuple) and isinstance(value, TupleValue):
        value = TupleValue(value.values)
    for target in node.targets:
        _note_growth(target, value, frame)
        assign(target, value, node.value, frame)


def _note_growth(target: ast.expr, value: Value, frame: Frame) -> None:
    """Record a piece that is extended in an object or under a key: everyone who holds that object sees it longer."""
    if not isinstance(target, ast.Attribute | ast.Subscript) or not any(data.buffered for data in data_in(value)):
        return
    if any(isinstance(owner, UserInstance) for owner in union_members(evaluate(target.value, frame))):
        return  # what lies in the program's own objects is followed by itself
    frame.run.grown.update(data.origin.source.kind for data in data_in(handed_out(target, frame)) if data.piece)


def _annotated_assign(node: ast.AnnAssign, frame: Frame) -> None:
    value = evaluate(node.value, frame) if node.value is not None else UNKNOWN
    if value == UNKNOWN or value == Constant(None):
        value = join(value, annotation_value(node.annotation, frame))
    if node.value is not None or value != UNKNOWN:
        assign(node.target, value, node.value, frame)


def _augmented_assign(node: ast.AugAssign, frame: Frame) -> None:
    before = evaluate(_loaded(node.target), frame)
    value = evaluate(node.value, frame)
    result = added([before, value], node, frame) if isinstance(node.op, ast.Add) else UNKNOWN
    _note_growth(node.target, result, frame)
    assign(node.target, result, node.value, frame)


def _loaded(target: ast.Name | ast.Attribute | ast.Subscript) -> ast.expr:
    """Return the target of `+=` for reading. The evaluation ignores contexts, so it is read as it stands."""
    return target


def _expression(node: ast.Expr, frame: Frame) -> None:
    """Execute an expression statement: its result is dropped, its arguments matter."""
    call = node.value.value if isinstance(node.value, ast.Await) else node.value
    if not isinstance(call, ast.Call):
        frame.discarded_call = None
        evaluate(node.value, frame)
    elif _may_matter(call, frame):
        frame.discarded_call = call
        evaluate(node.value, frame)


def _may_matter(call: ast.Call, frame: Frame) -> bool:
    """Decide whether a call with a dropped result may parse, return pieces or change something in place."""
    if frame.run.everything or frame.inner:
        return True
    if isinstance(call.func, ast.Attribute) and call.func.attr in CHANGING:
        return True
    module = frame.module
    if stands_in(module.parsing_lines, call) or stands_in(module.yielding_lines, call):
        return True
    if isinstance(call.func, ast.Name) and affects_callee(frame.state.find(call.func.id) or UNKNOWN):
        return True  # a function that was handed in
    return frame.run.has_sources and _hands_on(call, frame)


def _hands_on(call: ast.Call, frame: Frame) -> bool:
    """Decide whether stream data, or something that leads to it, is among the arguments: the callee may keep it."""
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        inner = argument.value if isinstance(argument, ast.Starred) else argument
        if isinstance(inner, ast.Name) and contains_stream_data(frame.state.find(inner.id) or UNKNOWN):
            return True
    return False


def _return(node: ast.Return, frame: Frame) -> None:
    if node.value is not None:
        value = evaluate(node.value, frame)
        frame.returns.append(with_flow_step(with_facts(value, frame), node, "returned", frame))
    frame.state.alive = False


def _raise(node: ast.Raise, frame: Frame) -> None:
    for part in (node.exc, node.cause):
        if part is not None:
            evaluate(part, frame)
    frame.state.alive = False


def _assert(node: ast.Assert, frame: Frame) -> None:
    evaluate(node.test, frame)
    narrow(node.test, True, frame)


def _delete(node: ast.Delete, frame: Frame) -> None:
    for target in node.targets:
        place = access_path_of(target)
        if place is not None and isinstance(target, ast.Name):
            frame.assign(place, UNKNOWN)


def _break(node: ast.Break, frame: Frame) -> None:
    if frame.loops:
        loop = frame.loops[-1]
        loop.breaks.append(frame.state.way(loop.base))
    frame.state.alive = False


def _continue(node: ast.Continue, frame: Frame) -> None:
    if frame.loops:
        loop = frame.loops[-1]
        loop.continues.append(frame.state.way(loop.base))
    frame.state.alive = False


def _bind(node: ast.stmt, frame: Frame) -> None:
    """Execute an import or a class definition inside a function."""
    for name in bound_names(node):
        frame.assign(name, binding_value(node, name, frame))


def _define(node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
    function = Function(node, Closure(frame))
    frame.inner.setdefault(node, function)
    frame.assign(node.name, function)


def _if(node: ast.If, frame: Frame) -> None:
    """Execute `if`, its `elif`s in sequence rather than nested."""
    base = frame.state
    ways: list[Branch] = []
    current: State = base.fork()
    branch: ast.If | None = node
    while branch is not None:
        frame.state = current
        evaluate(branch.test, frame)
        frame.state = taken = current.fork()
        taken.facts = current.facts
        narrow(branch.test, True, frame)
        execute(branch.body, frame)
        if taken.alive:
            ways.append(taken.way(base))
        frame.state = current
        narrow(branch.test, False, frame)
        match branch.orelse:
            case [ast.If() as following]:
                branch = following
            case rest:
                execute(rest, frame)
                branch = None
    if current.alive:
        ways.append(current.way(base))
    frame.state = base
    base.merge(ways)


def _with(node: ast.With | ast.AsyncWith, frame: Frame) -> None:
    for item in node.items:
        value = evaluate(item.context_expr, frame)
        if item.optional_vars is not None:
            assign(item.optional_vars, entered(value, item.context_expr, frame), item.context_expr, frame)
    execute(node.body, frame)


def entered(value: Value, node: ast.expr, frame: Frame) -> Value:
    """Evaluate the value that `with value as …` binds."""
    from .classes import call_method

    def enter(item: Value) -> Value:
        if not isinstance(item, UserInstance):
            return item
        for name in ("__enter__", "__aenter__"):
            found = call_method(item, name, [], node, frame)
            if found is not None:
                return item if found == UNKNOWN else found
        return item

    return map_union(value, enter)


def _match(node: ast.Match, frame: Frame) -> None:
    value = evaluate(node.subject, frame)
    base = frame.state
    ways: list[Branch] = []
    for case in node.cases:
        frame.state = branch = base.fork()
        _bind_pattern(case.pattern, value, frame)
        if case.guard is not None:
            evaluate(case.guard, frame)
            narrow(case.guard, True, frame)
        execute(case.body, frame)
        if branch.alive:
            ways.append(branch.way(base))
    if not _catches_all(node.cases[-1]):
        ways.append(({}, base.facts))
    frame.state = base
    base.merge(ways)


def _catches_all(case: ast.match_case) -> bool:
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def _bind_pattern(pattern: ast.pattern, value: Value, frame: Frame) -> None:
    match pattern:
        case ast.MatchAs(pattern=inner, name=name):
            if name is not None:
                frame.assign(name, value)
            if inner is not None:
                _bind_pattern(inner, value, frame)
        case ast.MatchSequence(patterns=inner):
            for place, part in enumerate(inner):
                name = part.name if isinstance(part, ast.MatchAs) and part.name else "_"
                at = ast.copy_location(ast.Name(name, ast.Store()), part)
                _bind_pattern(part, _item(value, place, len(inner), False, at, frame), frame)
        case ast.MatchStar(name=name) if name is not None:
            frame.assign(name, CollectionValue(value))
        case ast.MatchOr(patterns=inner):
            for part in inner:
                _bind_pattern(part, value, frame)
        case ast.MatchClass(patterns=inner, kwd_patterns=named_inner):
            for part in [*inner, *named_inner]:
                _bind_pattern(part, value if len(inner) == 1 else UNKNOWN, frame)
        case ast.MatchMapping(patterns=inner):
            for part in inner:
                _bind_pattern(part, UNKNOWN, frame)


def _loop(node: ast.For | ast.AsyncFor | ast.While, frame: Frame) -> None:
    from .loops import run_loop

    run_loop(node, frame)


def _try(node: ast.Try, frame: Frame) -> None:
    from .exceptions import run_try

    run_try(node, frame)


_HANDLERS: dict[type[ast.stmt], Callable[[Any, Frame], None]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated_assign,
    ast.AugAssign: _augmented_assign,
    ast.Expr: _expression,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Delete: _delete,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Import: _bind,
    ast.ImportFrom: _bind,
    ast.ClassDef: _bind,
    ast.FunctionDef: _define,
    ast.AsyncFunctionDef: _define,
    ast.If: _if,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Match: _match,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.While: _loop,
    ast.Try: _try,
}
if hasattr(ast, "TryStar"):
    _HANDLERS[ast.TryStar] = _try

__all__ = ["assign", "drop_facts", "execute", "write_place"]
