"""Function calls: functions analyzed on their own, and again where they are called with relevant arguments."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from unchunk.analysis.limits import note_limit

from .annotations import annotated
from .call_key import call_keys, sees_only_module, ways
from .context import TOO_DEEP
from .data import map_nested, with_flow_step
from .frames import Closure, Frame, FunctionNode
from .methods import INTO_QUEUE
from .modules import Module
from .narrowing import with_facts
from .outline import FunctionDef
from .reachability import reaches_sink, reaches_source
from .requests import address_of_events
from .syntax import own_statements
from .values import (
    OPEN,
    UNKNOWN,
    BoundMethod,
    CatalogClass,
    CatalogInstance,
    CollectionValue,
    Constant,
    Function,
    IterableValue,
    Loop,
    MappingValue,
    QualifiedName,
    StreamData,
    TupleValue,
    Unknown,
    UserClass,
    UserInstance,
    Value,
    affects_callee,
    contains_stream_data,
    join,
    join_all,
    union_members,
)

if TYPE_CHECKING:
    from .context import AnalysisContext

MAX_CALLS = 5
MAX_IN_PROGRESS = 30
"""Maximum depth of nested calls, also without arguments: each takes a part of Python's own stack."""
MAX_CONTEXTS = 16
"""In how many ways one call may be come to from another one that are told apart. What more of them hand over is taken
together.
"""
MAX_JOINED = 16
"""Maximum number of analyses of a function for those."""
UNWRAPPED = frozenset(("contextmanager", "asynccontextmanager"))


def call_function(
    function: Function,
    arguments: list[Value],
    keywords: dict[str, Value],
    call: ast.AST,
    frame: Frame,
) -> Value:
    """Evaluate a call of a program function by running its body with these arguments."""
    node = function.node
    run = frame.run
    if node in run.in_progress or len(run.in_progress) >= MAX_IN_PROGRESS or run.budget <= 0:
        run.cut.append(node)
        return UNKNOWN
    arguments = [*function.arguments, *(with_facts(value, frame) for value in arguments)]
    keywords = {**dict(function.keywords), **{name: with_facts(value, frame) for name, value in keywords.items()}}
    if not frame.invoked_repeatedly and _needs_no_arguments(function, arguments, keywords, frame):
        if frame.guards:
            run.guarded.add(node)
        return read_by_caller(run.summary_of(function), frame)
    if len(frame.context) >= MAX_CALLS:
        run.cut.append(TOO_DEEP)
        return UNKNOWN
    if _in_vain(function, arguments, keywords, call, frame):
        return UNKNOWN
    return _looked_into(function, arguments, keywords, call, frame)


def _looked_into(
    function: Function, arguments: list[Value], keywords: dict[str, Value], call: ast.AST, frame: Frame
) -> Value:
    """Run a function, unless its result for these arguments is known."""
    run, node = frame.run, function.node
    place = (node, call, (*frame.context, call)[0])
    so_far = run.entered.get(place, 0)
    if so_far >= MAX_CONTEXTS:
        if so_far >= MAX_CONTEXTS + MAX_JOINED:
            note_limit("a function is called in too many ways to look into all of them: there may be more to find")
            return run.outcomes.get(node, UNKNOWN)
        arguments, keywords = run.with_others(place, arguments, keywords)

    def enter() -> Value:
        run.entered[place] = run.entered.get(place, 0) + 1
        return run.came_out(node, _run(_entered(function, arguments, keywords, call, frame)))

    if not sees_only_module(function):
        return enter()
    given = (*arguments, *keywords.values(), function.bound or UNKNOWN)
    exact = (node, function.bound, *arguments, *keywords.items(), frame.invoked_repeatedly)
    shape = None
    if any(contains_stream_data(value) for value in given[:-1]) and (known := call_keys(given)) is not None:
        shape = (node, known, *keywords, bool(frame.guards), frame.invoked_repeatedly)
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
    """Return the frame of a call."""
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
        invoked_repeatedly=frame.invoked_repeatedly,
    )
    _bind(inner, function, arguments, dict(keywords), called=True)
    return inner


def _needs_no_arguments(function: Function, arguments: list[Value], keywords: dict[str, Value], frame: Frame) -> bool:
    """Decide whether every call returns the same: no argument and no closure matters."""
    if not sees_only_module(function):
        return False
    given = (*arguments, *keywords.values())
    if any(affects_callee(value) or _was_data(value) or address_of_events(value) for value in given):
        return False
    if any(_hands_out(item, frame) for value in given for item in union_members(value)):
        return False
    if function.closure.frame.module is not frame.module and frame.run.is_filled(function.bound):
        return False  # what is parsed there is told of here
    return not (
        any(_decides(value) for value in given) and reaches_source(function.node, function.closure.frame.module)
    )


def _decides(value: Value) -> bool:
    """Decide whether a value may be a flag that makes a client stream or decode: `stream=True`."""
    return any(isinstance(item, Constant) and isinstance(item.value, bool) for item in union_members(value))


def _was_data(value: Value) -> bool:
    """Decide whether a value was computed from data, such as a length, or from something that returns data."""
    return any(isinstance(item, Unknown) and item.of_data for item in union_members(value))


def _in_vain(
    function: Function, arguments: list[Value], keywords: dict[str, Value], call: ast.AST, frame: Frame
) -> bool:
    """Decide whether a call can be skipped: the function neither parses nor returns pieces, and gets nothing to read
    them from.
    """
    if frame.run.everything or isinstance(function.node, ast.Lambda):
        return False
    module = function.closure.frame.module
    if reaches_sink(function.node, module):
        return False
    given = (*arguments, *keywords.values())
    if any(contains_stream_data(value) or _was_data(value) or address_of_events(value) for value in given):
        return False  # it may keep it, yield from it, or give it back
    if any(_parses(item) or _hands_out(item, frame) for value in given for item in union_members(value)):
        return False  # it may hand something to what parses, or call what hands out pieces
    if frame.run.is_filled(function.bound):
        return False
    around = function.closure.frame.node
    inside = isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef))
    if inside and reaches_source(function.node, module):
        return False  # it may put it where the function around it sees it
    if call is frame.discarded_call:
        return True
    return not (inside and reaches_source(around, module)) and not reaches_source(function.node, module)


def _hands_out(value: Value, frame: Frame) -> bool:
    """Decide whether a value is a client's function, or a method whose name says that it returns pieces."""
    match value:
        case QualifiedName(name=name):
            catalog = frame.run.catalog
            return catalog.find(name) is not None or catalog.leads_to_shape(name)
        case BoundMethod(name=name):
            return name in frame.run.catalog.untyped
        case _:
            return isinstance(value, CatalogClass)


def _parses(value: Value) -> bool:
    """Decide whether a value is a program function that leads to a parse call."""
    return isinstance(value, Function) and reaches_sink(value.node, value.closure.frame.module)


def read_by_caller(value: Value, frame: Frame) -> Value:
    """Bind what a helper read once to the caller's loop, which reads it again and again."""
    loop = frame.loop if contains_stream_data(value) else None
    if loop is None:
        return value

    def adopt(item: Value) -> Value:
        if isinstance(item, CatalogInstance) and item.loop is None and isinstance(item.maker, FunctionDef):
            return replace(item, loop=loop)  # a new one in every round
        if not isinstance(item, StreamData) or item.loop is not None or not item.origin.single:
            return item
        if item.origin.announced or item.origin.opened:
            return item
        origin = frame.run.origin(item.origin.source, loop.node, item.origin.step, item.origin.target)
        return replace(item, origin=origin, loop=loop)

    return map_nested(value, adopt)


def run_function(
    function: Function, around: Frame | None, run: AnalysisContext, parameters: dict[str, Value], *, again: bool = False
) -> Value:
    """Analyze a function on its own: parameters have what their annotations and `parameters` say.

    `around` is the function in which it is defined or handed over, if it is. It may be called `again` and again.
    """
    module = function.closure.frame.module
    context = () if around is None else (*around.context, function.node)
    callers = () if around is None else (*around.callers, around.module)
    frame = Frame(run, module, function.node, context, callers, function.closure, _owner(function))
    if again:
        frame.invoked_repeatedly = True
        frame.caller_loop = Loop(function.node, ())
    _bind(frame, function, list(function.arguments), dict(function.keywords))
    for name, value in parameters.items():
        frame.bind(name, value)
    return _run(frame)


def _owner(function: Function) -> UserClass | None:
    match function.bound:
        case UserInstance(cls=cls):
            return cls
        case UserClass():
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
    return IterableValue(stepped)


def run_inner(frame: Frame) -> None:
    """Analyze the inner functions that nobody called: they run later, if at all."""
    for function in list(frame.inner.values()):
        if function.node in frame.run.called or function.node in frame.run.in_progress:
            continue
        if not _is_of_use(function.node, frame.module):
            continue
        if len(frame.context) >= MAX_CALLS:
            continue
        run_function(function, frame, frame.run, {})


def _is_of_use(node: FunctionNode, module: Module) -> bool:
    """Decide whether a function may parse, or put pieces where others take them from."""
    if reaches_sink(node, module):
        return True
    return any(module.outline.says(node, word) for word in INTO_QUEUE) and reaches_source(node, module)


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
    """Bind the parameters: to one call's arguments if `called`, else to what holds for every caller."""
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
        frame.bind(node.args.vararg.arg, TupleValue(tuple(rest)) if called else CollectionValue(join_all(rest)))
    for parameter in [*parameters[len(given) :], *node.args.kwonlyargs]:
        _bind_one(frame, parameter, keywords.pop(parameter.arg, None))
    if node.args.kwarg is not None:
        frame.bind(node.args.kwarg.arg, MappingValue(tuple(keywords.items()), UNKNOWN if called else OPEN))
    frame.parameters = frozenset(parameter.arg for parameter in (*parameters, *node.args.kwonlyargs))
    _defaults(frame, node)


def _bind_one(frame: Frame, parameter: ast.arg, value: Value | None) -> None:
    if value is None or (type(value) is Unknown and parameter.annotation is not None):
        value = annotated(parameter, frame)
    elif affects_callee(value):
        value = with_flow_step(value, parameter, f"passed as {parameter.arg}", frame)
    frame.bind(parameter.arg, value)


def _defaults(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> None:
    """Join a parameter's default into it, unless something better is known."""
    from .expressions import evaluate

    positional = [*node.args.posonlyargs, *node.args.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(positional[len(positional) - len(node.args.defaults) :], node.args.defaults, strict=True)
    )
    pairs += zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    for parameter, default in pairs:
        if default is not None and frame.state.find(parameter.arg) == UNKNOWN:
            value = evaluate(default, frame.module.frame())
            if affects_callee(value) or _is_amount(value) or isinstance(value, QualifiedName):
                frame.bind(parameter.arg, value)


def _is_amount(value: Value) -> bool:
    return isinstance(value, Constant) and type(value.value) is int and value.value > 1


def decorators(node: FunctionDef, module: Module) -> set[str]:
    """Return the names of a function's decorators, as defined where they come from."""
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


def method_value(node: FunctionDef, cls: UserClass, receiver: Value) -> Value:
    """Return a method fetched from an instance or a class: bound, unless it is static."""
    names = decorators(node, cls.closure.frame.module)
    if "staticmethod" in names:
        return Function(node, cls.closure)
    return Function(node, cls.closure, cls if "classmethod" in names else receiver)


def is_property(node: FunctionDef, module: Module) -> bool:
    return not decorators(node, module).isdisjoint(("property", "cached_property"))


def joined_default(value: Value | None) -> Value:
    return UNKNOWN if value is None else join(value, UNKNOWN)
