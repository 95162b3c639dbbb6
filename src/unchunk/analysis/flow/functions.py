"""Functions of the program: looked at by themselves, and looked into where they are called with something that
matters.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from unchunk.analysis.limits import note_limit

from .annotations import annotated
from .conditions import stamped
from .data import hopped, throughout
from .entries import may_yield, reaches_parse
from .frames import Closure, Frame, FunctionNode
from .methods import INTO_QUEUE
from .modules import Module
from .outline import FunctionDef
from .requests import address_of_events
from .run import TOO_DEEP
from .shapes import sees_only_module, shapes, ways
from .syntax import own_statements
from .values import (
    OPEN,
    UNKNOWN,
    Class,
    Const,
    Data,
    Dotted,
    Function,
    Instance,
    Items,
    Listing,
    Loop,
    Method,
    Own,
    OwnClass,
    Record,
    Steps,
    Unknown,
    Value,
    alternatives,
    carries,
    interesting,
    join,
    join_all,
)

if TYPE_CHECKING:
    from .run import Run

DEEPEST_CALLS = 5
DEEPEST_IN_PROGRESS = 30
"""How many functions may be looked into one inside the other, also where nothing is handed over: each takes a part of
Python's own stack.
"""
MOST_CONTEXTS = 16
"""In how many ways one call may be come to from another one that are told apart. What more of them hand over is taken
together.
"""
MOST_JOINED = 16
"""How often a function is looked into for those."""
UNWRAPPED = frozenset(("contextmanager", "asynccontextmanager"))


def call_function(
    function: Function,
    arguments: list[Value],
    keywords: dict[str, Value],
    call: ast.AST,
    frame: Frame,
) -> Value:
    """What a call of a function of the program gives back. The body is run with the arguments of this very call."""
    node = function.node
    run = frame.run
    if node in run.in_progress or len(run.in_progress) >= DEEPEST_IN_PROGRESS or run.budget <= 0:
        run.cut.append(node)
        return UNKNOWN
    arguments = [*function.arguments, *(stamped(value, frame) for value in arguments)]
    keywords = {**dict(function.keywords), **{name: stamped(value, frame) for name, value in keywords.items()}}
    if not frame.again and _needs_no_arguments(function, arguments, keywords, frame):
        if frame.guards:
            run.guarded.add(node)
        return read_by_caller(run.result_of(function), frame)
    if len(frame.context) >= DEEPEST_CALLS:
        run.cut.append(TOO_DEEP)
        return UNKNOWN
    if _in_vain(function, arguments, keywords, call, frame):
        return UNKNOWN
    return _looked_into(function, arguments, keywords, call, frame)


def _looked_into(
    function: Function, arguments: list[Value], keywords: dict[str, Value], call: ast.AST, frame: Frame
) -> Value:
    """Run a function, unless it is known what comes of it: the same things are handed over again and again."""
    run, node = frame.run, function.node
    place = (node, call, (*frame.context, call)[0])
    so_far = run.entered.get(place, 0)
    if so_far >= MOST_CONTEXTS:
        if so_far >= MOST_CONTEXTS + MOST_JOINED:
            note_limit("a function is called in too many ways to look into all of them: there may be more to find")
            return run.outcomes.get(node, UNKNOWN)
        arguments, keywords = run.with_others(place, arguments, keywords)

    def enter() -> Value:
        run.entered[place] = run.entered.get(place, 0) + 1
        return run.came_out(node, _run(_entered(function, arguments, keywords, call, frame)))

    if not sees_only_module(function):
        return enter()
    given = (*arguments, *keywords.values(), function.bound or UNKNOWN)
    exact = (node, function.bound, *arguments, *keywords.items(), frame.again)
    shape = None
    if any(carries(value) for value in given[:-1]) and (known := shapes(given)) is not None:
        shape = (node, known, *keywords, bool(frame.guards), frame.again)
    variant = (run.known_as(*_seen_from(function, call, frame)), run.known_as(*map(ways, given)))
    return run.summary((shape, exact, variant), node, len(frame.context), enter)


def _seen_from(function: Function, call: ast.AST, frame: Frame) -> Iterator[Hashable]:
    """Give what findings in a function depend on besides what it is handed: the loop and the `try` around, the call in
    that loop, and the calls in other modules.
    """
    calls, home = (*frame.context, call), function.closure.frame.module
    loop = frame.innermost_loop
    yield from (frame.guards, loop)
    if loop is not None:
        yield calls[len(loop.context) :][:1]
    yield tuple(each for each, caller in zip(calls, (*frame.callers, frame.module), strict=True) if caller is not home)


def _entered(
    function: Function, arguments: list[Value], keywords: dict[str, Value], call: ast.AST, frame: Frame
) -> Frame:
    """The frame of a call."""
    frame.run.called.add(function.node)
    inner = Frame(
        frame.run,
        function.closure.frame.module,
        function.node,
        (*frame.context, call),
        (*frame.callers, frame.module),
        closure=function.closure,
        owner=_owner(function),
        caller_loop=frame.innermost_loop,
        guards=frame.guards,
        depth=frame.depth + 1,
        again=frame.again,
    )
    _bind(inner, function, arguments, dict(keywords), called=True)
    return inner


def _needs_no_arguments(function: Function, arguments: list[Value], keywords: dict[str, Value], frame: Frame) -> bool:
    """Whether what comes back is the same for every call: nothing of interest is handed in or closed over."""
    if not sees_only_module(function):
        return False
    given = (*arguments, *keywords.values())
    if any(interesting(value) or _was_data(value) or address_of_events(value) for value in given):
        return False
    if any(_hands_out(item, frame) for value in given for item in alternatives(value)):
        return False
    if function.closure.frame.module is not frame.module and frame.run.is_filled(function.bound):
        return False  # what is parsed there is told of here
    return not (any(_decides(value) for value in given) and may_yield(function.node, function.closure.frame.module))


def _decides(value: Value) -> bool:
    """Whether it may be what tells a client to stream, or to decode: `stream=True`."""
    return any(isinstance(item, Const) and isinstance(item.value, bool) for item in alternatives(value))


def _was_data(value: Value) -> bool:
    """Whether it was made from data, such as how much is to be read, or from what hands out data."""
    return any(isinstance(item, Unknown) and item.of_data for item in alternatives(value))


def _in_vain(
    function: Function, arguments: list[Value], keywords: dict[str, Value], call: ast.AST, frame: Frame
) -> bool:
    """Whether nothing can come of looking into a function: it neither parses nor yields, and nothing to yield from is
    handed to it.
    """
    if frame.run.everything or isinstance(function.node, ast.Lambda):
        return False
    module = function.closure.frame.module
    if reaches_parse(function.node, module):
        return False
    given = (*arguments, *keywords.values())
    if any(carries(value) or _was_data(value) or address_of_events(value) for value in given):
        return False  # it may keep it, yield from it, or give it back
    if any(_parses(item) or _hands_out(item, frame) for value in given for item in alternatives(value)):
        return False  # it may hand something to what parses, or call what hands out pieces
    if frame.run.is_filled(function.bound):
        return False
    around = function.closure.frame.node
    inside = isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef))
    if inside and may_yield(function.node, module):
        return False  # it may put it where the function around it sees it
    if call is frame.unused:
        return True
    return not (inside and may_yield(around, module)) and not may_yield(function.node, module)


def _hands_out(value: Value, frame: Frame) -> bool:
    """Whether it is a function of a client, or one whose name tells that it hands out pieces."""
    match value:
        case Dotted(name=name):
            catalog = frame.run.catalog
            return catalog.find(name) is not None or catalog.leads_to_shape(name)
        case Method(name=name):
            return name in frame.run.catalog.untyped
        case _:
            return isinstance(value, Class)


def _parses(value: Value) -> bool:
    """Whether it is a function of the program that leads to a parse call."""
    return isinstance(value, Function) and reaches_parse(value.node, value.closure.frame.module)


def read_by_caller(value: Value, frame: Frame) -> Value:
    """What a helper read or made once is read or made again and again if the caller calls it in a loop."""
    loop = frame.loop if carries(value) else None
    if loop is None:
        return value

    def adopt(item: Value) -> Value:
        if isinstance(item, Instance) and item.loop is None and isinstance(item.maker, FunctionDef):
            return replace(item, loop=loop)  # a new one in every round
        if not isinstance(item, Data) or item.loop is not None or not item.origin.single:
            return item
        if item.origin.announced or item.origin.opened:
            return item
        origin = frame.run.origin(item.origin.source, loop.node, item.origin.step, item.origin.target)
        return replace(item, origin=origin, loop=loop)

    return throughout(value, adopt)


def run_function(
    function: Function, around: Frame | None, run: Run, parameters: dict[str, Value], *, again: bool = False
) -> Value:
    """Look at a function by itself: nothing is known about its parameters but what annotations and `parameters` say.

    `around` is the function in which it is defined or handed over, if it is. It may be called `again` and again.
    """
    module = function.closure.frame.module
    context = () if around is None else (*around.context, function.node)
    callers = () if around is None else (*around.callers, around.module)
    frame = Frame(run, module, function.node, context, callers, function.closure, _owner(function))
    if again:
        frame.again = True
        frame.caller_loop = Loop(function.node, ())
    _bind(frame, function, list(function.arguments), dict(function.keywords))
    for name, value in parameters.items():
        frame.note(name, value)
    return _run(frame)


def _owner(function: Function) -> OwnClass | None:
    match function.bound:
        case Own(cls=cls):
            return cls
        case OwnClass():
            return function.bound
        case _:
            return None


def _run(frame: Frame) -> Value:
    from .expressions import evaluate
    from .statements import execute

    node = frame.node
    frame.run.in_progress.add(node)
    try:
        if isinstance(node, ast.Lambda):
            return evaluate(node.body, frame)
        assert isinstance(node, FunctionDef)
        frame.global_names, frame.outside = _declared(node, frame)
        execute(node.body, frame)
        frame.done = True
        run_inner(frame)
    finally:
        frame.run.in_progress.discard(node)
    return _result(frame, node)


def _result(frame: Frame, node: FunctionDef) -> Value:
    if not frame.module.is_generator(node):
        return join_all(frame.returns)
    stepped = join_all(frame.yields)
    if not decorators(node, frame.module).isdisjoint(UNWRAPPED):
        return stepped
    return Steps(stepped)


def run_inner(frame: Frame) -> None:
    """Look at the functions defined inside that nobody called: they run later, if at all."""
    for function in list(frame.inner.values()):
        if function.node in frame.run.called or function.node in frame.run.in_progress:
            continue
        if not _is_of_use(function.node, frame.module):
            continue
        if len(frame.context) >= DEEPEST_CALLS:
            continue
        run_function(function, frame, frame.run, {})


def _is_of_use(node: FunctionNode, module: Module) -> bool:
    """Whether a function may parse, or put pieces where others take them from."""
    if reaches_parse(node, module):
        return True
    return any(module.outline.says(node, word) for word in INTO_QUEUE) and may_yield(node, module)


def _declared(node: FunctionDef, frame: Frame) -> tuple[frozenset[str], set[str]]:
    global_names: set[str] = set()
    outside: set[str] = set()
    if not any(frame.module.outline.says(node, word) for word in ("global", "nonlocal")):
        return frozenset(), set()
    for statement in own_statements(node.body):
        if isinstance(statement, ast.Global):
            global_names.update(statement.names)
        elif isinstance(statement, ast.Nonlocal):
            outside.update(statement.names)
    return frozenset(global_names), outside


def _bind(
    frame: Frame, function: Function, arguments: list[Value], keywords: dict[str, Value], *, called: bool = False
) -> None:
    """Give the parameters their values: those of one call, if it is `called`, or what is known whoever calls it."""
    node = function.node
    parameters = [*node.args.posonlyargs, *node.args.args]
    given = list(arguments)
    if function.bound is not None and parameters:
        frame.self_name = parameters[0].arg
        given.insert(0, function.bound)
    for parameter, value in zip(parameters, given, strict=False):
        _bind_one(frame, parameter, value)
    if node.args.vararg is not None:
        rest = given[len(parameters) :]
        frame.note(node.args.vararg.arg, Items(tuple(rest)) if called else Listing(join_all(rest)))
    for parameter in [*parameters[len(given) :], *node.args.kwonlyargs]:
        _bind_one(frame, parameter, keywords.pop(parameter.arg, None))
    if node.args.kwarg is not None:
        frame.note(node.args.kwarg.arg, Record(tuple(keywords.items()), UNKNOWN if called else OPEN))
    frame.parameters = frozenset(parameter.arg for parameter in (*parameters, *node.args.kwonlyargs))
    _defaults(frame, node)


def _bind_one(frame: Frame, parameter: ast.arg, value: Value | None) -> None:
    if value is None or (type(value) is Unknown and parameter.annotation is not None):
        value = annotated(parameter, frame)
    elif interesting(value):
        value = hopped(value, parameter, f"passed as {parameter.arg}", frame)
    frame.note(parameter.arg, value)


def _defaults(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
    """A parameter with a default may hold it, unless something better is known."""
    from .expressions import evaluate

    positional = [*node.args.posonlyargs, *node.args.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=True)
    )
    pairs += zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    for parameter, default in pairs:
        if default is not None and frame.state.find(parameter.arg) == UNKNOWN:
            value = evaluate(default, frame.module.frame())
            if interesting(value) or _is_amount(value) or isinstance(value, Dotted):
                frame.note(parameter.arg, value)


def _is_amount(value: Value) -> bool:
    return isinstance(value, Const) and type(value.value) is int and value.value > 1


def decorators(node: FunctionDef, module: Module) -> set[str]:
    """The names of a function's decorators, as they are called where they come from."""
    names = map(_decorator_name, node.decorator_list)
    return {module.syntax.imported_as.get(name, name) for name in names}


def _decorator_name(node: ast.expr) -> str:
    match node:
        case ast.Call(func=function):
            return _decorator_name(function)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def closure_of(module: Module) -> Closure:
    return Closure(module.frame())


def method_value(node: FunctionDef, cls: OwnClass, receiver: Value) -> Value:
    """A method fetched from an instance or a class: bound, unless it is static."""
    names = decorators(node, cls.closure.frame.module)
    if "staticmethod" in names:
        return Function(node, cls.closure)
    return Function(node, cls.closure, cls if "classmethod" in names else receiver)


def is_property(node: FunctionDef, module: Module) -> bool:
    return not decorators(node, module).isdisjoint(("property", "cached_property"))


def joined_default(value: Value | None) -> Value:
    return UNKNOWN if value is None else join(value, UNKNOWN)
