"""Look-up of a table's names in the real packages."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import importlib
import inspect
import re
import types
import typing
from collections.abc import Iterator
from importlib import metadata
from typing import Any

import pytest
from packaging.requirements import Requirement

from unchunk.analysis.catalog.dsl import Client, Type


def roots(client: Client) -> list[str]:
    """Return the installed import names of a client, in the version its table is for; skips if there is none."""
    found = [root for root in client.roots if _is_here(root, client.distribution)]
    if not found:
        pytest.skip(f"{client.distribution or client.dotted} is not installed")
    return found


def _is_here(root: str, distribution: str) -> bool:
    if distribution and any(letter in distribution for letter in "<>=!"):
        wanted = Requirement(distribution)
        try:
            installed = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            return False
        if not wanted.specifier.contains(installed, prereleases=True):
            return False
    try:
        importlib.import_module(root)
    except ImportError:
        return False
    return True


def is_named(made: Type) -> bool:
    """Decide whether the library has a name of its own for the type."""
    return " " not in made.dotted


def find(root: str, name: str) -> Any:
    """Return `root.name` of the installed package, submodules imported as needed. Raises AttributeError."""
    parts = [part for part in name.split(".") if part]
    for length in range(len(parts), -1, -1):
        try:
            module = importlib.import_module(".".join((root, *parts[:length])))
        except ImportError:
            continue
        if all(part.isidentifier() for part in parts[length:]) and _has_path(module, parts[length:]):
            return functools.reduce(getattr, parts[length:], module)
    raise AttributeError(f"{root}.{name} does not exist")


def _has_path(found: Any, parts: list[str]) -> bool:
    for part in parts:
        if not _hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def classes(client: Client, made: Type) -> tuple[type, ...]:
    """Return the classes that a type's names stand for, each member of a union for itself."""
    found = []
    for root in roots(client):
        for name in (made.dotted, *made.aliases):
            with contextlib.suppress(AttributeError):
                found += list(_options(find(root, name[len(client.dotted) :].lstrip("."))))
    return tuple(option for option in found if inspect.isclass(option))


def has(owner: Any, member: str) -> bool:
    """Decide whether a class, a module or an instance has the member, be it one that only instances get."""
    first, _, rest = member.partition(".")
    if rest and isinstance(owner, types.ModuleType):
        return _is_in(owner, member)
    if not rest:
        return _hasattr(owner, first) or first in fields(owner) or _is_set_on_self(owner, first)
    return _hasattr(owner, first) and has(getattr(owner, first), rest)


def _is_in(module: types.ModuleType, member: str) -> bool:
    try:
        find(module.__name__, member)
    except (AttributeError, ImportError):
        return False
    return True


def _hasattr(owner: Any, name: str) -> bool:
    """Decide as `hasattr` does, also where a removed name raises ImportError."""
    try:
        getattr(owner, name)
    except (AttributeError, ImportError):
        return False
    return True


def get(owner: Any, member: str) -> Any:
    return functools.reduce(getattr, member.split("."), owner)


@functools.cache
def fields(owner: Any) -> dict[str, Any]:
    """Return the fields of a model, data class, typed dictionary, named tuple or annotated class, with their types."""
    if not inspect.isclass(owner):
        return {}
    if hasattr(owner, "model_fields"):
        return {name: field.annotation for name, field in owner.model_fields.items()}
    hints: dict[str, Any] = {}
    for base in reversed(owner.__mro__):
        hints.update(dict.fromkeys(vars(base).get("__slots__", ()), Any))
        hints.update(vars(base).get("__annotations__", {}))
    with contextlib.suppress(NameError, TypeError):
        hints.update(typing.get_type_hints(owner))
    if dataclasses.is_dataclass(owner):
        hints.update({field.name: hints.get(field.name, Any) for field in dataclasses.fields(owner)})
    return hints


def _is_set_on_self(owner: Any, name: str) -> bool:
    """Decide whether some method of the class assigns `self.name`."""
    if not inspect.isclass(owner) or hasattr(owner, "model_fields"):
        return False
    pattern = re.compile(rf"\bself\.{re.escape(name)}\b[^=\n]*=|['\"]{re.escape(name)}['\"]")
    return any(pattern.search(_source(base)) for base in owner.__mro__ if base is not object)


@functools.cache
def _source(owner: Any) -> str:
    """Return the source of a class, by its methods: some packages move their classes to another `__module__`."""
    functions = [vars(owner)[name] for name in vars(owner) if inspect.isfunction(vars(owner)[name])]
    return "\n".join(_source_of_function(function) for function in functions)


def _source_of_function(function: Any) -> str:
    try:
        return inspect.getsource(function)
    except OSError:
        return ""  # Made at run time, as the methods of data classes are.


def parameters(function: Any) -> list[str] | None:
    """Return the names of a call's arguments, in order and without `self`; None if unknown."""
    try:
        signature = inspect.signature(function)
    except (ValueError, TypeError):
        return None
    kinds = {parameter.kind for parameter in signature.parameters.values()}
    if kinds & {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}:
        return None
    return [name for name in signature.parameters if name != "self"]


def leaves(annotation: Any, path: str) -> Iterator[Any]:
    """Yield the types at the end of a part's path (`choices[].delta.content`), for each member of a union that has
    it.
    """
    first, rest = re.fullmatch(r"(\w+|\[\]|\(\))?\.?(.*)", path).groups()  # type: ignore[union-attr]
    for option in _options(annotation):
        if first is None or option is Any or typing.get_origin(option) is dict or option is dict:
            yield Any if first is not None else option
        elif first == "[]":
            for item in typing.get_args(option):
                yield from leaves(item, rest)
        elif first == "()":
            yield from leaves(inspect.signature(option).return_annotation, rest)
        elif first in fields(option):
            yield from leaves(fields(option)[first], rest)
        elif inspect.isclass(option) and isinstance(getattr(option, first, None), property):
            yield from leaves(typing.get_type_hints(getattr(option, first).fget).get("return", Any), rest)
        elif (
            inspect.isclass(option)
            and not hasattr(option, "model_fields")
            and (_hasattr(option, first) or _is_set_on_self(option, first))
        ):
            yield from leaves(Any, rest)


def _aliased(annotation: Any) -> Any:
    """Return the type behind a `type` alias, its parameters put in."""
    value = annotation.__value__
    arguments = typing.get_args(annotation)
    return value[arguments] if arguments else value


def _options(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        for option in typing.get_args(annotation):
            yield from _options(option)
    elif origin is typing.Annotated or str(origin).endswith(("Required", "NotRequired")):
        yield from _options(typing.get_args(annotation)[0])
    elif isinstance(annotation, typing.TypeVar):
        yield from _options(annotation.__bound__ or typing.Any)
    elif hasattr(annotation, "__value__"):
        yield from _options(_aliased(annotation))
    elif inspect.isclass(origin) and fields(origin):
        yield origin
    else:
        yield annotation
