"""Call results: of catalog functions, of the program's own functions, of methods on data, of builtins."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unchunk.analysis.catalog.dsl import Row, Use

from .attributes import AS_DATA, inside, member_of, untyped_place
from .builtins import BUILTINS, TEXT_MODULES, of_text
from .call_args import CallArgs
from .catalog_rows import from_rows, holds_for
from .data import lost_data, map_union
from .functions import call_function
from .higher_order import apply_function, call_higher_order
from .methods import call_data_method
from .parse_calls import parse_argument, parser_rows, record_parse
from .requests import REQUESTING, answered, asked_for
from .values import (
    CHOSEN,
    UNKNOWN,
    BoundMethod,
    CatalogClass,
    CatalogInstance,
    Function,
    Partial,
    QualifiedName,
    StreamData,
    Unknown,
    UserClass,
    UserInstance,
    Value,
    affects_callee,
    contains_stream_data,
    union_members,
)

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import TypeInfo

    from .frames import Frame


def invoke(function: Value, call: CallArgs) -> Value:
    """Call one value."""
    node, frame = call.node, call.frame
    match function:
        case QualifiedName(name=name):
            return _call_dotted(name, call)
        case CatalogClass(type=known):
            return _instantiate(known, call)
        case CatalogInstance():
            return _call_instance(function, call)
        case BoundMethod():
            return _call_method(function, call)
        case Function():
            return call_function(function, call.arguments, call.keywords, node, frame)
        case UserClass():
            return _make_own(function, call)
        case UserInstance():
            from .classes import call_method

            found = call_method(function, "__call__", call.arguments, node, frame)
            return lost_data("an object", node, call.every_value()) if found is None else found
        case Partial(target=target, arguments=arguments, keywords=keywords):
            more = CallArgs(node, [*arguments, *call.arguments], {**dict(keywords), **call.keywords}, frame)
            return invoke(target, more)
        case _:
            return lost_data("a function", node, call.every_value())


def _call_dotted(name: str, call: CallArgs) -> Value:
    frame = call.frame
    handler = BUILTINS.get(name)
    if handler is not None:
        return handler(call)
    if name.startswith(_OF_BUILTIN_TYPES) and call.arguments:
        return _of_class(name.rpartition(".")[2], call)
    rows = parser_rows(name, frame.run.catalog)
    parsers = [row for row in rows if holds_for(row.only, call.node, frame, call) is not False]
    if parsers:
        return _parse(parsers[0], name, call)
    found = frame.run.catalog.find(name)
    if found is None and any(contains_stream_data(value) or frame.run.is_filled(value) for value in call.every_value()):
        known = _of_program(name, call)
        if known is not None and known != QualifiedName(name):
            return invoke(known, call)
    if found is None and name.rpartition(".")[0] in TEXT_MODULES:
        return of_text(call)
    if found is None:
        shape = frame.run.catalog.shape_of(name)
        if shape:
            return _call_rows(frame.run.catalog.anything, shape, CatalogInstance(frame.run.catalog.anything), call)
        return call_higher_order(name, call) or lost_data(f"{name}()", call.node, call.every_value())
    if not found.member:
        return _instantiate(found.type, call)
    return _call_rows(found.type, found.member, CatalogInstance(found.type), call)


_OF_BUILTIN_TYPES = tuple(f"builtins.{owner.__name__}." for owner in (str, bytes, bytearray, list, dict))


def _of_class(name: str, made: CallArgs) -> Value:
    """Evaluate `bytes.decode(chunk)`: a method called on its class."""
    receiver, *arguments = made.arguments
    written = made.node.args[0] if made.node.args else made.node
    node = ast.copy_location(ast.Attribute(written, name, ast.Load()), made.node)
    call = made.on(arguments)
    return map_union(receiver, lambda item: _call_method(BoundMethod(item, name, node), call))


def _of_program(name: str, call: CallArgs) -> Value | None:
    """Evaluate a call into another module of the program: a function, or a method of a class or instance."""
    run = call.frame.run
    known = run.resolve(name, with_data=True)
    if known is not None or not isinstance(call.node.func, ast.Attribute):
        return known
    owner = run.resolve(name.rpartition(".")[0], with_data=True)
    return None if owner is None else member_of(owner, call.node.func, call.frame)


def _parse(row: Row, name: str, call: CallArgs) -> Value:
    argument, value = parse_argument(row, call.node, call.arguments, call.keywords)
    if argument is not None or value != UNKNOWN:
        record_parse(call.node, argument, name, value, call.frame, spread=argument is None)
    return CHOSEN if value == CHOSEN else UNKNOWN


def _instantiate(known: TypeInfo, call: CallArgs) -> Value:
    """Return an instance of a type, or what its rows for such a call say; functions passed to it may be called back."""
    asked = asked_for(call) if known.client in call.frame.run.catalog.http else frozenset()
    usual: Value = CatalogInstance(known, loop=call.frame.loop, maker=call.frame.node, known=asked)
    if known.decoded and not any(keyword.arg is None for keyword in call.node.keywords):
        usual = Unknown("an event that the program writes out itself", node=call.node)
    rows = known.calls.get("", [])
    for row in rows:
        if row.use is Use.CALLED_BACK:
            _call_back(row, known, call)
    special = [row for row in rows if row.use is Use.CALL and holds_for(row.only, call.node, call.frame, call) is True]
    return from_rows(special, usual, known, call.node, call.frame, call) if special else usual


def _call_instance(function: CatalogInstance, call: CallArgs) -> Value:
    if function.at in function.type.calls:
        return _call_rows(function.type, function.at, function, call)
    return inside(function, "()", call.node, call.frame)


def _call_rows(known: TypeInfo, member: str, receiver: CatalogInstance, call: CallArgs) -> Value:
    rows = known.calls.get(member)
    if rows is None:
        return lost_data(f"{known.label}.{member}()", call.node, call.every_value())
    parsers = [
        row for row in rows if row.use is Use.PARSE and holds_for(row.only, call.node, call.frame, call) is not False
    ]
    if parsers:
        return _parse(parsers[0], f"{known.dotted}.{member}", call)
    for row in rows:
        if row.use is Use.CALLED_BACK:
            _call_back(row, known, call)
    rows = [row for row in rows if row.use is not Use.CALLED_BACK]
    found = from_rows(rows, receiver, known, call.node, call.frame, call)
    return answered(found, asked_for(call)) if known.client in call.frame.run.catalog.http else found


def _call_back(row: Row, known: TypeInfo, call: CallArgs) -> None:
    from .callbacks import handed_out, run_callback

    key = row.parameter
    function = call.argument(key) if isinstance(key, int) else call.keywords.get(str(key), UNKNOWN)
    for item in union_members(function):
        if isinstance(item, Function):
            run_callback(item, 0, row, known, call.frame)
        elif not isinstance(item, Unknown) and row.what is not None:
            apply_function(item, [handed_out(row, known, call)], call)


def _call_method(function: BoundMethod, call: CallArgs) -> Value:
    frame = call.frame
    owner = function.owner
    known = call_data_method(function, call)
    if known is not None:
        return known
    return _call_by_name(owner, function, call, frame)


def _call_by_name(owner: Value, function: BoundMethod, call: CallArgs, frame: Frame) -> Value:
    """Call a method of an unknown object: its name may be proof enough, unless the program defines that method
    itself.
    """
    catalog = frame.run.catalog
    rows = catalog.untyped_parsers.get(function.name)
    if rows and not frame.module.own_methods(function.name):
        return _parse(rows[0], function.name, call)
    if isinstance(owner, Unknown | CatalogInstance) and not (isinstance(owner, Unknown) and owner.of_data):
        rows = catalog.untyped.get(function.name)
        if rows:
            return _untyped_steps(rows, owner, function, call)
    if function.name == "get":
        found = _get(owner, call)
        if found is not None:
            return found
    if isinstance(owner, StreamData | Unknown | CatalogInstance) and function.name in AS_DATA:
        return owner
    if function.name in REQUESTING and (known := asked_for(call)):
        return CatalogInstance(catalog.anything, loop=frame.loop, maker=frame.node, known=known)
    return call_higher_order(function.name, call) or lost_data(
        f".{function.name}()", call.node, [owner, *call.every_value()]
    )


def _untyped_steps(rows: list[Row], owner: Value, function: BoundMethod, call: CallArgs) -> Value:
    frame = call.frame
    rows = [row for row in rows if holds_for(row.only, call.node, frame, call) is True and not _is_doubted(row, frame)]
    if not rows:
        return UNKNOWN
    own = frame.module.own_methods(function.name)
    if not own or frame.node in [method for _, method in own]:
        return from_rows(rows, owner, None, call.node, frame, call)
    return Unknown(f".{function.name}() may be the program's own method of that name", node=call.node)


def _is_doubted(row: Row, frame: Frame) -> bool:
    """Decide whether the program mentions objects with the same method and another result."""
    return any(word in frame.module.syntax.code for word in row.negative_keywords)


def _get(owner: Value, call: CallArgs) -> Value | None:
    """Evaluate `event.get("choices")`."""
    node = call.node
    match owner, node.args:
        case CatalogInstance(), [ast.Constant(value=str(key)), *_]:
            return inside(owner, f".{key}", node, call.frame)
        case _, [ast.Constant(value=str(key)), *_]:
            return untyped_place(owner, key, node, call.frame)
        case _:
            return None


def _make_own(cls: UserClass, call: CallArgs) -> Value:
    from .classes import call_method, fill_fields

    receiver = UserInstance(cls)
    if any(affects_callee(value) for value in call.every_value()):
        found = _initialiser(receiver, call)
        if found is None:
            fill_fields(cls, call)
            call_method(receiver, "__post_init__", [], call.node, call.frame)
    return receiver


def _initialiser(receiver: UserInstance, call: CallArgs) -> Value | None:
    from .classes import find_method

    found = find_method(receiver.cls, "__init__")
    if found is None:
        return None
    cls, method = found
    function = Function(method, cls.closure, receiver)
    return call_function(function, call.arguments, call.keywords, call.node, call.frame)
