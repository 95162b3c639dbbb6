"""What a call gives back: of catalog functions, of the program's own, of methods on data, of what Python brings
along.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from unchunk.analysis.catalog.rows import Row, Use

from .arguments import Call
from .builtins import BUILTINS, TEXT_MODULES, of_text
from .data import each, killed
from .functions import call_function
from .members import AS_DATA, inside, member_of, untyped_place
from .methods import call_data_method
from .parsing import parse_argument, parser_rows, record_parse
from .passing import applied, pass_on
from .requests import REQUESTING, answered, asked_for
from .sources import from_rows, judged
from .values import (
    CHOSEN,
    UNKNOWN,
    Class,
    Data,
    Dotted,
    Function,
    Instance,
    Method,
    Own,
    OwnClass,
    Partial,
    Unknown,
    Value,
    alternatives,
    carries,
    interesting,
)

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import TypeInfo

    from .frames import Frame


def invoke(function: Value, made: Call) -> Value:
    """Call one thing."""
    node, frame = made.node, made.frame
    match function:
        case Dotted(name=name):
            return _call_dotted(name, made)
        case Class(type=known):
            return _instantiate(known, made)
        case Instance():
            return _call_instance(function, made)
        case Method():
            return _call_method(function, made)
        case Function():
            return call_function(function, made.arguments, made.keywords, node, frame)
        case OwnClass():
            return _make_own(function, made)
        case Own():
            from .classes import call_method

            found = call_method(function, "__call__", made.arguments, node, frame)
            return killed("an object", node, made.every_value()) if found is None else found
        case Partial(target=target, arguments=arguments, keywords=keywords):
            more = Call(node, [*arguments, *made.arguments], {**dict(keywords), **made.keywords}, frame)
            return invoke(target, more)
        case _:
            return killed("a function", node, made.every_value())


def _call_dotted(name: str, made: Call) -> Value:
    frame = made.frame
    handler = BUILTINS.get(name)
    if handler is not None:
        return handler(made)
    if name.startswith(_OF_BUILTIN_TYPES) and made.arguments:
        return _of_class(name.rpartition(".")[2], made)
    rows = parser_rows(name, frame.run.catalog)
    parsers = [row for row in rows if judged(row.only, made.node, frame, made) is not False]
    if parsers:
        return _parse(parsers[0], name, made)
    found = frame.run.catalog.find(name)
    if found is None and any(carries(value) or frame.run.is_filled(value) for value in made.every_value()):
        known = _of_program(name, made)
        if known is not None and known != Dotted(name):
            return invoke(known, made)
    if found is None and name.rpartition(".")[0] in TEXT_MODULES:
        return of_text(made)
    if found is None:
        shape = frame.run.catalog.shape_of(name)
        if shape:
            return _call_rows(frame.run.catalog.anything, shape, Instance(frame.run.catalog.anything), made)
        return pass_on(name, made) or killed(f"{name}()", made.node, made.every_value())
    if not found.member:
        return _instantiate(found.type, made)
    return _call_rows(found.type, found.member, Instance(found.type), made)


_OF_BUILTIN_TYPES = tuple(f"builtins.{owner.__name__}." for owner in (str, bytes, bytearray, list, dict))


def _of_class(name: str, made: Call) -> Value:
    """`bytes.decode(chunk)`: a method called on its class."""
    receiver, *arguments = made.arguments
    written = made.node.args[0] if made.node.args else made.node
    node = ast.copy_location(ast.Attribute(written, name, ast.Load()), made.node)
    call = made.on(arguments)
    return each(receiver, lambda item: _call_method(Method(item, name, node), call))


def _of_program(name: str, made: Call) -> Value | None:
    """What another module of the program calls so: a function, or the method of a class, or of what it has made."""
    run = made.frame.run
    known = run.resolve(name, with_data=True)
    if known is not None or not isinstance(made.node.func, ast.Attribute):
        return known
    owner = run.resolve(name.rpartition(".")[0], with_data=True)
    return None if owner is None else member_of(owner, made.node.func, made.frame)


def _parse(row: Row, name: str, made: Call) -> Value:
    argument, value = parse_argument(row, made.node, made.arguments, made.keywords)
    if argument is not None or value != UNKNOWN:
        record_parse(made.node, argument, name, value, made.frame, spread=argument is None)
    return CHOSEN if value == CHOSEN else UNKNOWN


def _instantiate(known: TypeInfo, made: Call) -> Value:
    """An instance of a type, or of what its rows for such a call say; functions handed to it may be called back."""
    asked = asked_for(made) if known.client in made.frame.run.catalog.http else frozenset()
    usual: Value = Instance(known, loop=made.frame.loop, maker=made.frame.node, known=asked)
    if known.decoded and not any(keyword.arg is None for keyword in made.node.keywords):
        usual = Unknown("an event that the program writes out itself", node=made.node)
    rows = known.calls.get("", [])
    for row in rows:
        if row.use is Use.CALLED_BACK:
            _call_back(row, known, made)
    special = [row for row in rows if row.use is Use.CALL and judged(row.only, made.node, made.frame, made) is True]
    return from_rows(special, usual, known, made.node, made.frame, made) if special else usual


def _call_instance(function: Instance, made: Call) -> Value:
    if function.at in function.type.calls:
        return _call_rows(function.type, function.at, function, made)
    return inside(function, "()", made.node, made.frame)


def _call_rows(known: TypeInfo, member: str, receiver: Instance, made: Call) -> Value:
    rows = known.calls.get(member)
    if rows is None:
        return killed(f"{known.label}.{member}()", made.node, made.every_value())
    parsers = [
        row for row in rows if row.use is Use.PARSE and judged(row.only, made.node, made.frame, made) is not False
    ]
    if parsers:
        return _parse(parsers[0], f"{known.dotted}.{member}", made)
    for row in rows:
        if row.use is Use.CALLED_BACK:
            _call_back(row, known, made)
    rows = [row for row in rows if row.use is not Use.CALLED_BACK]
    found = from_rows(rows, receiver, known, made.node, made.frame, made)
    return answered(found, asked_for(made)) if known.client in made.frame.run.catalog.http else found


def _call_back(row: Row, known: TypeInfo, made: Call) -> None:
    from .callbacks import handed_out, run_callback

    key = row.parameter
    function = made.argument(key) if isinstance(key, int) else made.keywords.get(str(key), UNKNOWN)
    for item in alternatives(function):
        if isinstance(item, Function):
            run_callback(item, 0, row, known, made.frame)
        elif not isinstance(item, Unknown) and row.what is not None:
            applied(item, [handed_out(row, known, made)], made)


def _call_method(function: Method, made: Call) -> Value:
    frame = made.frame
    owner = function.owner
    known = call_data_method(function, made)
    if known is not None:
        return known
    return _call_by_name(owner, function, made, frame)


def _call_by_name(owner: Value, function: Method, made: Call, frame: Frame) -> Value:
    """A method of something unknown: its name may be proof enough, unless the program itself has a method of that
    name.
    """
    catalog = frame.run.catalog
    rows = catalog.untyped_parsers.get(function.name)
    if rows and not frame.module.own_methods(function.name):
        return _parse(rows[0], function.name, made)
    if isinstance(owner, Unknown | Instance) and not (isinstance(owner, Unknown) and owner.of_data):
        rows = catalog.untyped.get(function.name)
        if rows:
            return _untyped_steps(rows, owner, function, made)
    if function.name == "get":
        found = _get(owner, made)
        if found is not None:
            return found
    if isinstance(owner, Data | Unknown | Instance) and function.name in AS_DATA:
        return owner
    if function.name in REQUESTING and (known := asked_for(made)):
        return Instance(catalog.anything, loop=frame.loop, maker=frame.node, known=known)
    return pass_on(function.name, made) or killed(f".{function.name}()", made.node, [owner, *made.every_value()])


def _untyped_steps(rows: list[Row], owner: Value, function: Method, made: Call) -> Value:
    frame = made.frame
    rows = [row for row in rows if judged(row.only, made.node, frame, made) is True and not _is_doubted(row, frame)]
    if not rows:
        return UNKNOWN
    own = frame.module.own_methods(function.name)
    if not own or frame.node in [method for _, method in own]:
        return from_rows(rows, owner, None, made.node, frame, made)
    return Unknown(f".{function.name}() may be the program's own method of that name", node=made.node)


def _is_doubted(row: Row, frame: Frame) -> bool:
    """Whether the program speaks of things that have the same method, and hand out something else."""
    return any(word in frame.module.syntax.code for word in row.doubt)


def _get(owner: Value, made: Call) -> Value | None:
    """`event.get("choices")`."""
    node = made.node
    match owner, node.args:
        case Instance(), [ast.Constant(value=str(key)), *_]:
            return inside(owner, f".{key}", node, made.frame)
        case _, [ast.Constant(value=str(key)), *_]:
            return untyped_place(owner, key, node, made.frame)
        case _:
            return None


def _make_own(cls: OwnClass, made: Call) -> Value:
    from .classes import call_method, fill_fields

    receiver = Own(cls)
    if any(interesting(value) for value in made.every_value()):
        found = _initialiser(receiver, made)
        if found is None:
            fill_fields(cls, made)
            call_method(receiver, "__post_init__", [], made.node, made.frame)
    return receiver


def _initialiser(receiver: Own, made: Call) -> Value | None:
    from .classes import find_method

    found = find_method(receiver.cls, "__init__")
    if found is None:
        return None
    cls, method = found
    function = Function(method, cls.closure, receiver)
    return call_function(function, made.arguments, made.keywords, made.node, made.frame)
