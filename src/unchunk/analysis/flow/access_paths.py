"""Access paths, the names of the places a program writes to: `buf`, `self.buf`, `event['data']`, `buffers[]`."""

from __future__ import annotations

import ast
from dataclasses import dataclass

MAX_LENGTH = 6
_TEXT_TYPES = ("str", "bytes", "bytearray")


@dataclass(frozen=True, slots=True)
class MethodCall:
    """A method call `receiver.name(arguments)`."""

    receiver: ast.expr
    name: str
    arguments: list[ast.expr]


def method_call(node: ast.AST) -> MethodCall | None:
    """Match a method call, also as `getattr(receiver, "name")(…)` or `str.name(receiver, …)`; None for any other
    node.
    """
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name), args=[receiver, *rest]) if (
            owner in _TEXT_TYPES
        ):
            return MethodCall(receiver, name, rest)
        case ast.Call(func=function, args=arguments):
            attribute = attribute_of(function)
            return None if attribute is None else MethodCall(*attribute, arguments)
        case _:
            return None


def attribute_of(node: ast.expr) -> tuple[ast.expr, str] | None:
    """Return the owner and the name of an attribute, also as `getattr(owner, "name")`; None for any other node."""
    match node:
        case ast.Attribute(value=owner, attr=name):
            return owner, name
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name)), *_]):
            return owner, name
        case _:
            return None


def access_path_of(node: ast.expr) -> str | None:
    """Return the access path of an expression; None for calls, displays and the like. Keys that vary share one path."""
    parts: list[str] = []
    while len(parts) < MAX_LENGTH:
        match node:
            case ast.Name(id=name):
                return name + "".join(reversed(parts))
            case ast.Attribute() | ast.Call() if (attribute := attribute_of(node)) is not None:
                node = attribute[0]
                parts.append(f".{attribute[1]}")
            case ast.Subscript(slice=ast.Slice()):
                return None
            case ast.Subscript(value=inner, slice=index):
                key = constant_key(index)
                parts.append("[]" if key is None else f"[{key!r}]")
                node = inner
            case _:
                return None
    return None


def path_keys_of(node: ast.AST) -> tuple[str, ...]:
    """Return the names and keys that lead to an object, attributes and keys alike; empty if it is not reached so.

    `event.delta.text`, `event["delta"]["text"]` and `event.get("delta").text` are one way.
    """
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute() | ast.Call() if (attribute := attribute_of(node)) is not None:
            owner, step = attribute
        case ast.Subscript(value=owner, slice=index):
            key = constant_key(index)
            step = key if isinstance(key, str) else "[]"
        case ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[ast.Constant(value=str(name)), *_]):
            step = name
        case _:
            return ()
    way = path_keys_of(owner)
    return (*way, step) if way else ()


def root_of(place: str) -> str:
    """Return the name that an access path starts with."""
    for at, letter in enumerate(place):
        if letter in ".[":
            return place[:at]
    return place


def constant_key(node: ast.expr) -> str | int | None:
    """Return the literal key of a subscript."""
    match node:
        case ast.Constant(value=(str() | int()) as key):
            return key
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return -number
        case _:
            return None
