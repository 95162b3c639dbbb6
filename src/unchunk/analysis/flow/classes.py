"""User classes: their methods, attributes on `self`, and inheritance."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .data import outliving_loop
from .functions import call_function, decorators, is_property, method_value
from .narrowing import with_facts
from .outline import FunctionDef, stands_in
from .syntax import ClassTable
from .values import (
    UNKNOWN,
    BoundMethod,
    CatalogClass,
    CatalogInstance,
    Function,
    QualifiedName,
    UserClass,
    UserInstance,
    Value,
    affects_callee,
    join,
    union_members,
)

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import TypeInfo

    from .call_args import CallArgs
    from .frames import Frame

MAX_BASES = 12


def lineage(cls: UserClass) -> list[UserClass | TypeInfo]:
    """Return the class, then its bases: those of the program and those of the catalog."""
    lineages = cls.closure.frame.run.lineages
    known = lineages.get(cls.node)
    if known is None:
        lineages[cls.node] = [cls]  # while its bases are looked for
        known = lineages[cls.node] = list(_lineage(cls))
    return known


def _lineage(cls: UserClass) -> Iterator[UserClass | TypeInfo]:
    from .expressions import class_of_dotted, evaluate

    waiting: list[UserClass | TypeInfo] = [cls]
    seen: set[object] = set()
    while waiting and len(seen) < MAX_BASES:
        current = waiting.pop(0)
        if not isinstance(current, UserClass):
            yield current
            continue
        if current.node in seen:
            continue
        seen.add(current.node)
        yield current
        module = current.closure.frame.module
        frame = module.frame()
        parses = stands_in(module.parsing_lines, current.node)
        for base in current.node.bases:
            for value in union_members(evaluate(base, frame)):
                if isinstance(value, QualifiedName):
                    value = frame.run.resolve(value.name, with_data=parses) or class_of_dotted(value, frame)
                match value:
                    case UserClass():
                        waiting.append(value)
                    case CatalogClass(type=known):
                        waiting.append(known)


def table_of(cls: UserClass) -> ClassTable:
    return cls.closure.frame.module.table(cls.node)


def find_method(cls: UserClass, name: str, above: UserClass | None = None) -> tuple[UserClass, FunctionDef] | None:
    """Find the method that a call of `name` runs, as far as the program shows; behind `above` in the lineage if
    given.
    """
    line = lineage(cls)
    start = 0 if above is None or above not in line else line.index(above) + 1
    for current in line[start:]:
        if isinstance(current, UserClass):
            method = table_of(current).methods.get(name)
            if method is not None:
                return current, method
    return None


def defining_class(cls: UserClass, method: ast.AST) -> UserClass | None:
    """Return the class whose body contains a method: the class itself or one that it inherits from."""
    for current in lineage(cls):
        if isinstance(current, UserClass) and any(known is method for known in table_of(current).methods.values()):
            return current
    return None


def call_method(receiver: UserInstance, name: str, arguments: list[Value], node: ast.AST, frame: Frame) -> Value | None:
    """Return the result of `receiver.name(...)`; None if the class has no such method."""
    found = find_method(receiver.cls, name)
    if found is None:
        return None
    cls, method = found
    function = Function(method, cls.closure, receiver)
    return call_function(function, arguments, {}, node, frame)


def fill_fields(cls: UserClass, call: CallArgs) -> None:
    """Assign a data class's arguments to the fields that its body lists in place of an `__init__`."""
    fields = list(dict.fromkeys(name for current in reversed(lineage(cls)) for name in _fields(current)))
    given = dict(call.keywords)
    if not any(isinstance(argument, ast.Starred) for argument in call.node.args):
        given.update(zip(fields, call.arguments, strict=False))
    for name, value in given.items():
        if name in fields and affects_callee(value):
            call.frame.run.write_attribute(cls, name, outliving_loop(with_facts(value, call.frame)))


def _fields(cls: UserClass | TypeInfo) -> Iterator[str]:
    """Yield the annotated names of a class body."""
    if isinstance(cls, UserClass):
        for name, statements in table_of(cls).attributes.items():
            if any(isinstance(statement, ast.AnnAssign) for statement in statements):
                yield name


def instance_attribute(owner: UserInstance, name: str, node: ast.Attribute, frame: Frame) -> Value:
    """Evaluate `owner.name`: a property, a method, what methods stored there, or a catalog base's attribute."""
    found = find_method(owner.cls, name, owner.above)
    if found is not None:
        cls, method = found
        function = method_value(method, cls, UserInstance(owner.cls))
        if is_property(method, cls.closure.frame.module) and isinstance(function, Function):
            return call_function(function, [], {}, node, frame)
        return function
    stored = _stored(owner.cls, name, frame)
    return _from_bases(owner, name, node, frame) if stored is None else stored


def class_attribute(
    cls: UserClass, name: str, receiver: Value, frame: Frame, node: ast.Attribute | None = None
) -> Value:
    """Evaluate `cls.name`: the class's own attribute, or a catalog base's where the program's `node` reads it."""
    found = find_method(cls, name)
    if found is not None:
        return method_value(found[1], found[0], receiver) if isinstance(receiver, UserInstance) else _unbound(found)
    stored = _stored(cls, name, frame)
    if stored is not None:
        return stored
    return UNKNOWN if node is None else _from_bases(UserInstance(cls), name, node, frame)


def _unbound(found: tuple[UserClass, FunctionDef]) -> Value:
    cls, method = found
    bound = "classmethod" in decorators(method, cls.closure.frame.module)
    return method_value(method, cls, cls) if bound else Function(method, cls.closure)


def _stored(cls: UserClass, name: str, frame: Frame) -> Value | None:
    """Return what the class body and the methods store in the attribute, analyzing methods not seen yet."""
    from .expressions import binding_value

    value: Value | None = None
    for current in lineage(cls):
        if not isinstance(current, UserClass):
            continue
        table = table_of(current)
        _fill(current, table, name, frame)
        for statement in table.attributes.get(name, ()):
            bound = binding_value(statement, name, current.closure.frame.module.frame())
            value = bound if value is None else join(value, bound)
        written = frame.run.read_attribute(current, name)
        if written is not None:
            value = written if value is None else join(value, written)
    return value


def _fill(cls: UserClass, table: ClassTable, name: str, frame: Frame) -> None:
    """Analyze the methods that assign an attribute, once, so that its stored values are known."""
    run = frame.run
    key = (cls.node, name)
    if key in run.filled:
        return
    run.filled.add(key)
    module = cls.closure.frame.module
    for method in table.methods.values():
        if method not in run.in_progress and run.budget > 0 and module.writes(method, name):
            run.analyze_function(Function(method, cls.closure, UserInstance(cls)))


def _from_bases(owner: UserInstance, name: str, node: ast.Attribute, frame: Frame) -> Value:
    from .attributes import of_instance

    for current in lineage(owner.cls):
        if not isinstance(current, UserClass):
            return of_instance(CatalogInstance(current), name, node, frame)
    return BoundMethod(owner, name, node)
