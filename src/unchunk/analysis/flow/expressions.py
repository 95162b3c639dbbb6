"""Evaluation of expressions to abstract values. Every subexpression is visited, so that no parse call is missed."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from .access_paths import access_path_of, constant_key
from .annotations import annotation_value
from .attributes import inside, member_of, place_in, untyped_place
from .call_args import CallArgs
from .calls import invoke
from .catalog_rows import as_event
from .constant_folding import fold
from .data import added, concatenated, map_union, with_flow_step
from .frames import MAX_DEPTH, Closure
from .iteration import bind_comprehension, is_stream, of_all_rounds, step_of
from .methods import parts_of, updated
from .narrowing import CONTENT, narrow, prefix_cut_by, with_facts
from .requests import ENDPOINTS, ending_of
from .selection import selected
from .values import (
    CHOSEN,
    UNKNOWN,
    CatalogClass,
    CatalogInstance,
    CollectionValue,
    Constant,
    Function,
    IterableValue,
    MappingValue,
    QualifiedName,
    StreamData,
    TupleValue,
    Union,
    Unknown,
    UserClass,
    Value,
    contains_stream_data,
    depth,
    join,
    join_all,
    to_later_iterations,
    union_members,
)

if TYPE_CHECKING:
    from .frames import Frame

MAX_COLLECTIONS = 4
WIDEST_DISPLAY = 64


def evaluate(node: ast.expr, frame: Frame) -> Value:
    """Evaluate an expression to an abstract value."""
    handler = _HANDLERS.get(type(node))
    frame.run.visits_left -= 1
    if handler is None or frame.depth > MAX_DEPTH or frame.run.visits_left < 0:
        return UNKNOWN
    frame.depth += 1
    try:
        return handler(node, frame)
    finally:
        frame.depth -= 1


def binding_value(statement: ast.AST, name: str, frame: Frame) -> Value:
    """Evaluate what a statement binds a name to, judged by that statement alone."""
    match statement:
        case ast.Import():
            return join_all([imported(alias) for alias in _aliases(statement).get(name, ())])
        case ast.ImportFrom():
            module = frame.module.absolute(statement)
            imports = [alias.name for alias in _aliases(statement).get(name, ())]
            return join_all([class_or_dotted(f"{module}.{item}", frame) for item in imports])
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return Function(statement, Closure(frame))
        case ast.ClassDef():
            return UserClass(statement, Closure(frame))
        case ast.Assign(targets=targets, value=value):
            named = any(_is_name(target, name) for target in targets)
            return evaluate(value, frame) if named else UNKNOWN
        case ast.AnnAssign(value=value, annotation=annotation):
            found_value = evaluate(value, frame) if value is not None else UNKNOWN
            return annotation_value(annotation, frame) if found_value == UNKNOWN else found_value
        case ast.With(items=items) | ast.AsyncWith(items=items):
            found = [item.context_expr for item in items if _is_name(item.optional_vars, name)]
            return join_all([evaluate(item, frame) for item in found])
        case _:
            return UNKNOWN


def imported(alias: ast.alias) -> Value:
    return QualifiedName(alias.name if alias.asname else alias.name.partition(".")[0])


@lru_cache(maxsize=16)
def _aliases(statement: ast.Import | ast.ImportFrom) -> dict[str, list[ast.alias]]:
    """Return the names that an import binds."""
    found: dict[str, list[ast.alias]] = {}
    for alias in statement.names:
        name = alias.name.partition(".")[0] if isinstance(statement, ast.Import) else alias.name
        found.setdefault(alias.asname or name, []).append(alias)
    return found


def _is_name(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def class_or_dotted(dotted: str, frame: Frame) -> Value:
    """Resolve an imported name: a value of another program module, or a dotted name for the catalog."""
    return frame.run.resolve(dotted) or QualifiedName(dotted)


def class_of_dotted(value: QualifiedName, frame: Frame) -> Value:
    """Resolve a dotted name to a class of the catalog, if it is one."""
    found = frame.run.catalog.find(value.name)
    return CatalogClass(found.type) if found is not None and not found.member else value


def _name(node: ast.Name, frame: Frame) -> Value:
    return frame.find(node.id)


def _constant(node: ast.Constant, frame: Frame) -> Value:
    return Constant(node.value)


def _attribute(node: ast.Attribute, frame: Frame) -> Value:
    owner = evaluate(node.value, frame)
    known = _at_place(node, frame)
    if known is not None:
        return known
    return member_of(owner, node, frame)


def handed_out(node: ast.Attribute | ast.Subscript, frame: Frame) -> Value:
    """Evaluate an attribute or a key by its owner's type, ignoring what was stored there since."""
    owner = evaluate(node.value, frame)
    if isinstance(node, ast.Attribute):
        return member_of(owner, node, frame)
    index = evaluate(node.slice, frame)
    return map_union(owner, lambda item: _part_of(item, index, node, frame))


def _at_place(node: ast.Attribute | ast.Subscript, frame: Frame) -> Value | None:
    """Return what this path stored at an access path."""
    place = access_path_of(node) if frame.rooted else None
    return None if place is None else frame.state.find(place)


def _call(node: ast.Call, frame: Frame) -> Value:
    function = evaluate(node.func, frame)
    arguments, more_arguments = _arguments(node, frame)
    keywords, more_keywords = _keywords(node, frame)
    call = CallArgs(node, arguments, keywords, frame, more_arguments, more_keywords)
    return (
        invoke(function, call) if type(function) is not Union else map_union(function, lambda item: invoke(item, call))
    )


def _arguments(node: ast.Call, frame: Frame) -> tuple[list[Value], bool]:
    """Return the positional arguments, tuples spread out, and whether there may be more."""
    arguments: list[Value] = []
    more = False
    for argument in node.args:
        held = evaluate(argument.value, frame) if isinstance(argument, ast.Starred) else None
        if held is None:
            arguments.append(evaluate(argument, frame))
        elif isinstance(held, TupleValue):
            arguments += held.values
        else:
            arguments.append(map_union(held, partial(step_of, node=argument, frame=frame)))
            more = True
    return arguments, more


def _keywords(node: ast.Call, frame: Frame) -> tuple[dict[str, Value], bool]:
    """Return the keyword arguments, dicts spread out, and whether there may be more."""
    keywords: dict[str, Value] = {}
    more = False
    for keyword in node.keywords:
        value = evaluate(keyword.value, frame)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif isinstance(value, MappingValue):
            keywords.update({name: item for name, item in value.fields if isinstance(name, str)})
            more = more or value.rest != UNKNOWN
        else:
            more = True
    return keywords, more


def _await(node: ast.Await, frame: Frame) -> Value:
    return evaluate(node.value, frame)


def _named(node: ast.NamedExpr, frame: Frame) -> Value:
    from .statements import assign

    value = evaluate(node.value, frame)
    return assign(node.target, value, node.value, frame)


def _subscript(node: ast.Subscript, frame: Frame) -> Value:
    owner = evaluate(node.value, frame)
    index = evaluate(node.slice, frame)
    known = _at_place(node, frame)
    if known is not None:
        return known
    return map_union(owner, lambda item: _part_of(item, index, node, frame))


def _part_of(owner: Value, index: Value, node: ast.Subscript, frame: Frame) -> Value:
    key = constant_key(node.slice)
    if isinstance(key, str):
        place = untyped_place(owner, key, node, frame)
        if place is not None:
            return place
    match owner:
        case StreamData() as data if isinstance(key, str) and (event := as_event(data)) is not None:
            return inside(event, f".{key}", node, frame)
        case StreamData() as data:
            return _slice_of(data, node, frame)
        case CollectionValue(element=element, complete=True) if isinstance(node.slice, ast.Slice):
            return CollectionValue(to_later_iterations(element))
        case CollectionValue(element=element):
            element = _picked(element, index) if owner.complete else element
            return _element_of(element, index, node, frame)
        case TupleValue(values=values):
            return _item_of(values, index, node)
        case MappingValue():
            field = _field_of(owner, index, frame)
            return field if contains_stream_data(field) or not frame.may_hold_stored_value(node.value, key) else UNKNOWN
        case CatalogInstance():
            place = place_in(owner, key, node, frame) if isinstance(key, int) else None
            return inside(owner, f".{key}" if isinstance(key, str) else "[]", node, frame) if place is None else place
        case Unknown(of_data=True):
            return owner
        case Unknown() if owner == CHOSEN or (owner == UNKNOWN and isinstance(key, int)):
            return selected(owner, frame)
        case _:
            return UNKNOWN


def _slice_of(data: StreamData, node: ast.Subscript, frame: Frame) -> Value:
    if not isinstance(node.slice, ast.Slice):
        return Unknown("one byte or letter of it", True, node)
    named, counted = prefix_cut_by(node.slice, frame)
    counted = counted and data.origin.source.http
    data = replace(data, sse=data.sse or named, counted_off=data.counted_off or counted)
    return replace(data, cut=True, trace=data.with_step(node, "cut by a slice", frame.module.path))


def _picked(element: Value, index: Value) -> Value:
    """Evaluate one step of a whole stream by a constant index: whoever picks it knows what it is."""
    if type(index) is not Constant:
        return element
    return map_union(
        element, lambda item: replace(item, known=item.known | CONTENT) if type(item) is StreamData else item
    )


def _element_of(element: Value, index: Value, node: ast.Subscript, frame: Frame) -> Value:
    """Evaluate one element of a list. Picking one piece of a split counts as cutting, not splitting: the others are
    dropped.
    """
    if isinstance(node.slice, ast.Slice):
        return CollectionValue(element)
    if type(index) is not Constant:
        return element
    element = selected(element, frame)

    def take(item: Value) -> Value:
        if type(item) is not StreamData or item.split is None:
            return item
        return replace(item, split=None, cut=True, trace=item.with_step(node, "one part taken", frame.module.path))

    return map_union(element, take)


def _item_of(values: tuple[Value, ...], index: Value, node: ast.Subscript) -> Value:
    if isinstance(node.slice, ast.Slice):
        return CollectionValue(join_all(list(values)))
    match index:
        case Constant(value=int() as place) if -len(values) <= place < len(values):
            return values[place]
        case _:
            return join_all(list(values))


def _field_of(record: MappingValue, index: Value, frame: Frame) -> Value:
    if type(index) is Constant:
        fields: dict[Any, Value] = dict(record.fields)
        return fields[index.value] if index.value in fields else selected(record.rest, frame)
    return join_all([record.rest, *(value for _, value in record.fields)])


def _slice(node: ast.Slice, frame: Frame) -> Value:
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            evaluate(part, frame)
    return UNKNOWN


def _binary(node: ast.BinOp, frame: Frame) -> Value:
    operands = _chain(node)
    values = [evaluate(operand, frame) for operand in operands]
    number = fold(node.op, values)
    if number is not None:
        return number
    if isinstance(node.op, ast.Add):
        together = added(values, node, frame)
        return _address(node, frame) if together == UNKNOWN else together
    if isinstance(node.op, ast.Mod) and type(values[0]) is Constant:
        parts = parts_of(values[1])
        return concatenated([values[0], *parts], node, frame)
    if isinstance(node.op, ast.BitOr) and isinstance(values[0], MappingValue):
        return updated(values[0], values[1:])
    return next((item for value in values for item in union_members(value) if _is_of_data(item)), UNKNOWN)


def _is_of_data(value: Value) -> bool:
    """Decide whether a number or the like was computed from data, such as a length prefix."""
    return isinstance(value, Unknown) and value.of_data


def _chain(node: ast.BinOp) -> list[ast.expr]:
    """Return the operands of `a + b + c + …` without recursion: such chains get long."""
    operands: list[ast.expr] = []
    inner: ast.expr = node
    while isinstance(inner, ast.BinOp) and type(inner.op) is type(node.op):
        operands.append(inner.right)
        inner = inner.left
    operands.append(inner)
    return operands[::-1]


def _either(node: ast.BoolOp, frame: Frame) -> Value:
    values = []
    base = frame.state
    facts = base.facts
    for operand in node.values:
        values.append(evaluate(operand, frame))
        narrow(operand, isinstance(node.op, ast.And), frame)
    frame.state.facts = facts
    if isinstance(node.op, ast.Or):
        return _one_of(values)
    return join_all(values[-1:] + [value for value in values[:-1] if type(value) is Constant])


def _conditional(node: ast.IfExp, frame: Frame) -> Value:
    evaluate(node.test, frame)
    facts = frame.state.facts
    narrow(node.test, True, frame)
    then = with_facts(evaluate(node.body, frame), frame)
    frame.state.facts = facts
    narrow(node.test, False, frame)
    otherwise = with_facts(evaluate(node.orelse, frame), frame)
    frame.state.facts = facts
    return _one_of([then, otherwise])


def _one_of(values: list[Value]) -> Value:
    """Join alternatives: one that is unknown or a plain text may be any text, such as all that came before."""
    if UNKNOWN in values and all(value == UNKNOWN or _is_text(value) for value in values):
        return UNKNOWN
    return join_all(values)


def _is_text(value: Value) -> bool:
    return type(value) is Constant and isinstance(value.value, str | bytes)


def _lambda(node: ast.Lambda, frame: Frame) -> Value:
    return Function(node, Closure(frame))


def _formatted(node: ast.JoinedStr, frame: Frame) -> Value:
    parts = [evaluate(part, frame) for part in node.values]
    if not any(type(item) is StreamData for part in parts for item in union_members(part)):
        return _address(node, frame)
    return concatenated(parts, node, frame)


def _address(node: ast.expr, frame: Frame) -> Value:
    """Evaluate a text by its end, where that is the endpoint of a stream."""
    ending = ending_of(node, frame)
    return Unknown(ending=ending) if ending.endswith(ENDPOINTS) else UNKNOWN


def _formatted_value(node: ast.FormattedValue, frame: Frame) -> Value:
    return evaluate(node.value, frame)


def _tuple(node: ast.Tuple, frame: Frame) -> Value:
    values = tuple(_flat(evaluate(part, frame)) for part in node.elts)
    if len(values) > WIDEST_DISPLAY or any(isinstance(part, ast.Starred) for part in node.elts):
        return CollectionValue(join_all(list(values)))
    return TupleValue(values)


def _list(node: ast.List | ast.Set, frame: Frame) -> Value:
    values = []
    complete = False
    for part in node.elts:
        if isinstance(part, ast.Starred):
            held = evaluate(part.value, frame)
            complete = complete or is_stream(held)
            values.append(_flat(map_union(held, partial(step_of, node=part.value, frame=frame))))
        else:
            values.append(_flat(evaluate(part, frame)))
    return CollectionValue(join_all([value for value in values if type(value) is not Constant]), complete)


def _flat(value: Value) -> Value:
    """Drop collections that nest too deep, so that loops reach a fixpoint."""
    return value if depth(value) < MAX_COLLECTIONS else UNKNOWN


def _dict(node: ast.Dict, frame: Frame) -> Value:
    fields: dict[Any, Value] = {}
    rest: Value = UNKNOWN
    for key, value in zip(node.keys, node.values, strict=True):
        known = _flat(evaluate(value, frame))
        if key is None:
            spread = updated(MappingValue(tuple(fields.items()), rest), [known])
            fields, rest = dict(spread.fields), spread.rest
            continue
        name = evaluate(key, frame)
        if type(name) is Constant and len(fields) < WIDEST_DISPLAY:
            fields[name.value] = known
        else:
            rest = join(rest, known)
    return MappingValue(tuple(fields.items()), rest)


def _starred(node: ast.Starred, frame: Frame) -> Value:
    return map_union(evaluate(node.value, frame), lambda item: step_of(item, node.value, frame))


def _comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, frame: Frame) -> Value:
    with bind_comprehension(node, frame) as streamed:
        element = of_all_rounds(evaluate(node.elt, frame), node, frame)
    if isinstance(node, ast.GeneratorExp) and streamed:
        return IterableValue(element)
    return CollectionValue(element, complete=streamed)


def _dict_comprehension(node: ast.DictComp, frame: Frame) -> Value:
    with bind_comprehension(node, frame):
        evaluate(node.key, frame)
        value = of_all_rounds(evaluate(node.value, frame), node, frame)
    return MappingValue((), value)


def _yield(node: ast.Yield, frame: Frame) -> Value:
    value = evaluate(node.value, frame) if node.value is not None else Constant(None)
    if type(value) is not Constant:
        frame.yields.append(with_flow_step(with_facts(value, frame), node, "yielded", frame))
    return UNKNOWN


def _yield_from(node: ast.YieldFrom, frame: Frame) -> Value:
    value = evaluate(node.value, frame)
    frame.yields.append(with_flow_step(step_of(value, node.value, frame), node, "yielded", frame))
    return UNKNOWN


def _compare(node: ast.Compare, frame: Frame) -> Value:
    evaluate(node.left, frame)
    for part in node.comparators:
        evaluate(part, frame)
    return UNKNOWN


def _unary(node: ast.UnaryOp, frame: Frame) -> Value:
    value = evaluate(node.operand, frame)
    match node.op, value:
        case ast.USub(), Constant(value=int(number)):
            return Constant(-number)
        case _:
            return UNKNOWN


_HANDLERS: dict[type[ast.expr], Callable[[Any, Frame], Value]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Await: _await,
    ast.NamedExpr: _named,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.BinOp: _binary,
    ast.BoolOp: _either,
    ast.IfExp: _conditional,
    ast.Lambda: _lambda,
    ast.JoinedStr: _formatted,
    ast.FormattedValue: _formatted_value,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _list,
    ast.Dict: _dict,
    ast.Starred: _starred,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Compare: _compare,
    ast.UnaryOp: _unary,
}
