"""Classes of the program: their methods, what lies on `self`, and what their bases hand down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .conditions import stamped
from .data import lasting
from .functions import call_function, decorators, is_property, method_value
from .outline import FunctionDef, stands_in
from .syntax import ClassTable
from .values import (
    UNKNOWN,
    Class,
    Dotted,
    Function,
    Instance,
    Method,
    Own,
    OwnClass,
    Value,
    alternatives,
    interesting,
    join,
)

if TYPE_CHECKING:
    from unchunk.analysis.catalog.index import TypeInfo

    from .arguments import Call
    from .frames import Frame

MOST_BASES = 12


def lineage(cls: OwnClass) -> list[OwnClass | TypeInfo]:
    """The class, then its bases: those of the program and those of the catalog."""
    lineages = cls.closure.frame.run.lineages
    known = lineages.get(cls.node)
    if known is None:
        lineages[cls.node] = [cls]  # while its bases are looked for
        known = lineages[cls.node] = list(_lineage(cls))
    return known


def _lineage(cls: OwnClass) -> Iterator[OwnClass | TypeInfo]:
    from .expressions import class_of_dotted, evaluate

    waiting: list[OwnClass | TypeInfo] = [cls]
    seen: set[object] = set()
    while waiting and len(seen) < MOST_BASES:
        current = waiting.pop(0)
        if not isinstance(current, OwnClass):
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
            for value in alternatives(evaluate(base, frame)):
                if isinstance(value, Dotted):
                    value = frame.run.resolve(value.name, with_data=parses) or class_of_dotted(value, frame)
                match value:
                    case OwnClass():
                        waiting.append(value)
                    case Class(type=known):
                        waiting.append(known)


def table_of(cls: OwnClass) -> ClassTable:
    return cls.closure.frame.module.table(cls.node)


def find_method(cls: OwnClass, name: str, above: OwnClass | None = None) -> tuple[OwnClass, FunctionDef] | None:
    """The method that a call of `name` runs, as far as the program shows; looked for behind `above` if it is given."""
    line = lineage(cls)
    start = 0 if above is None or above not in line else line.index(above) + 1
    for current in line[start:]:
        if isinstance(current, OwnClass):
            method = table_of(current).methods.get(name)
            if method is not None:
                return current, method
    return None


def defining_class(cls: OwnClass, method: ast.AST) -> OwnClass | None:
    """The class in whose body a method stands: the class itself or one that it inherits from."""
    for current in lineage(cls):
        if isinstance(current, OwnClass) and any(known is method for known in table_of(current).methods.values()):
            return current
    return None


def call_method(receiver: Own, name: str, arguments: list[Value], node: ast.AST, frame: Frame) -> Value | None:
    """The result of `receiver.name(...)`; None if the class has no such method."""
    found = find_method(receiver.cls, name)
    if found is None:
        return None
    cls, method = found
    function = Function(method, cls.closure, receiver)
    return call_function(function, arguments, {}, node, frame)


def fill_fields(cls: OwnClass, made: Call) -> None:
    """Put what an instance is made of into the fields that a class lists in place of an `__init__`: a data class."""
    fields = list(dict.fromkeys(name for current in reversed(lineage(cls)) for name in _fields(current)))
    given = dict(made.keywords)
    if not any(isinstance(argument, ast.Starred) for argument in made.node.args):
        given.update(zip(fields, made.arguments, strict=False))
    for name, value in given.items():
        if name in fields and interesting(value):
            made.frame.run.write_attribute(cls, name, lasting(stamped(value, made.frame)))


def _fields(cls: OwnClass | TypeInfo) -> Iterator[str]:
    """The annotated names of a class body."""
    if isinstance(cls, OwnClass):
        for name, statements in table_of(cls).attributes.items():
            if any(isinstance(statement, ast.AnnAssign) for statement in statements):
                yield name


def instance_attribute(owner: Own, name: str, node: ast.Attribute, frame: Frame) -> Value:
    """`owner.name`: a property's value, a method, what methods ever stored there, what a base of the catalog has."""
    found = find_method(owner.cls, name, owner.above)
    if found is not None:
        cls, method = found
        function = method_value(method, cls, Own(owner.cls))
        if is_property(method, cls.closure.frame.module) and isinstance(function, Function):
            return call_function(function, [], {}, node, frame)
        return function
    stored = _stored(owner.cls, name, frame)
    return _from_bases(owner, name, node, frame) if stored is None else stored


def class_attribute(
    cls: OwnClass, name: str, receiver: Value, frame: Frame, node: ast.Attribute | None = None
) -> Value:
    """`cls.name`: what the class has; what a base of the catalog has, where the program's `node` asks for it."""
    found = find_method(cls, name)
    if found is not None:
        return method_value(found[1], found[0], receiver) if isinstance(receiver, Own) else _unbound(found)
    stored = _stored(cls, name, frame)
    if stored is not None:
        return stored
    return UNKNOWN if node is None else _from_bases(Own(cls), name, node, frame)


def _unbound(found: tuple[OwnClass, FunctionDef]) -> Value:
    cls, method = found
    bound = "classmethod" in decorators(method, cls.closure.frame.module)
    return method_value(method, cls, cls) if bound else Function(method, cls.closure)


def _stored(cls: OwnClass, name: str, frame: Frame) -> Value | None:
    """What the class body and the methods put into the attribute; methods not looked at yet are looked at now."""
    from .expressions import binding_value

    value: Value | None = None
    for current in lineage(cls):
        if not isinstance(current, OwnClass):
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


def _fill(cls: OwnClass, table: ClassTable, name: str, frame: Frame) -> None:
    """Look at the methods that assign an attribute, once, so that what they put there is known."""
    run = frame.run
    key = (cls.node, name)
    if key in run.filled:
        return
    run.filled.add(key)
    module = cls.closure.frame.module
    for method in table.methods.values():
        if method not in run.in_progress and run.budget > 0 and module.writes(method, name):
            run.look_at(Function(method, cls.closure, Own(cls)))


def _from_bases(owner: Own, name: str, node: ast.Attribute, frame: Frame) -> Value:
    from .members import of_instance

    for current in lineage(owner.cls):
        if not isinstance(current, OwnClass):
            return of_instance(Instance(current), name, node, frame)
    return Method(owner, name, node)
