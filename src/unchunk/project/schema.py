"""The configuration's schema, defined once: it validates what users write, and is published as
`docs/unchunk.schema.json`.

A small part of JSON Schema is enough for it, and checking that part takes a page of code and no dependency.
https://json-schema.org/draft-07
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from unchunk.analysis.findings import Framing

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]

_CODE: Schema = {"type": "string", "pattern": "^(ALL|UNC[0-9]{0,3}|[a-z]+(-[a-z]+)+)$"}
_CODES: Schema = {"type": "array", "items": _CODE}
_STRINGS: Schema = {"type": "array", "items": {"type": "string", "pattern": "."}}
_DOTTED: Schema = {"type": "string", "pattern": r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$"}
_LIST_OF_NAMES: Schema = {"type": "array", "items": _DOTTED}


def _described(text: str, schema: Schema) -> Schema:
    return {"description": text, **schema}


SCHEMA: Schema = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "unchunk",
    "description": "The configuration of unchunk: [tool.unchunk] in pyproject.toml, or the whole of unchunk.toml.",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "extend": _described(
            "Another configuration file, from the folder of this file on (~ is the home folder): it counts for what"
            " this one has no key for. Patterns go from the folder of the file that they stand in; extend-select is"
            " added up; cache-dir is not taken over.",
            {"type": "string", "pattern": "."},
        ),
        "required-version": _described(
            "The version of unchunk that may run, or a range of them (>=0.1,<1): another one stops with an error.",
            {"type": "string", "pattern": "."},
        ),
        "select": _described(
            "The rules to report, by code, beginning of a code, or name; ALL for all (default: those that are on).",
            _CODES,
        ),
        "extend-select": _described("Rules to report on top of those.", _CODES),
        "ignore": _described("Rules not to report.", _CODES),
        "per-file-ignores": _described(
            "Rules not to report in the files that match a pattern.", {"type": "object", "additionalProperties": _CODES}
        ),
        "exclude": _described(
            "Files and folders not to look at, on top of the usual junk folders: a name, or a path from this file on;"
            " * matches anything.",
            _STRINGS,
        ),
        "respect-gitignore": _described("Whether to skip what git ignores (default: true).", {"type": "boolean"}),
        "baseline": _described(
            "The baseline file, from the folder of this file on.", {"type": "string", "pattern": "."}
        ),
        "unsafe-fixes": _described(
            "Whether `fix` also applies the fixes that want a person's eye (default: false).", {"type": "boolean"}
        ),
        "dependency": _described(
            "Whether `fix` adds unchunk to the project's dependencies (default: true, unless `vendor` is set).",
            {"type": "boolean"},
        ),
        "sources": _described(
            "What a step of the iterable is that a function or method returns, by its dotted name, through attributes"
            " if need be (package.Client.chat.create); a name without a dot is a method of anything.",
            {
                "type": "object",
                "additionalProperties": {"type": "string", "enum": [framing.value for framing in Framing]},
            },
        ),
        "parsers": _described(
            "Functions of yours that parse their first argument as one JSON document, by dotted name.", _LIST_OF_NAMES
        ),
        "safe-functions": _described(
            "Functions of yours that take a stream, or pieces of one, and give back whole things, by dotted name.",
            _LIST_OF_NAMES,
        ),
        "vendor": _described(
            "The module that `fix` writes a copy of the helper to, and imports it from, such as mypackage._unchunk.",
            _DOTTED,
        ),
        "cache-dir": _described(
            "Where `check` keeps what it knows of files that came to nothing, from the folder of this file on and"
            " below it (default: .unchunk_cache).",
            {"type": "string", "pattern": "."},
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A violation of the schema in a document: its keys, and what is wrong."""

    keys: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{'.'.join(self.keys)}: {self.text}" if self.keys else self.text


def faults(value: object, schema: Schema, keys: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Yield all violations in a value."""
    allowed = schema.get("anyOf")
    if allowed is not None:
        tried = [list(faults(value, one, keys)) for one in allowed]
        if all(tried):
            yield from min(tried, key=len)
        return
    if not _is(value, schema["type"]):
        yield Fault(keys, f"must be {_NAMES[schema['type']]}, not {_named(value)}")
    elif isinstance(value, dict):
        yield from _faults_of_table(value, schema, keys)
    elif isinstance(value, list):
        for item in value:
            yield from faults(item, schema["items"], keys)
    elif isinstance(value, str):
        yield from _faults_of_string(value, schema, keys)


def _faults_of_table(table: dict[str, object], schema: Schema, keys: tuple[str, ...]) -> Iterator[Fault]:
    properties = schema.get("properties", {})
    for missing in sorted(set(schema.get("required", ())) - set(table)):
        yield Fault(keys, f"{missing!r} is missing")
    for key, value in table.items():
        inner = properties.get(key, schema.get("additionalProperties", False))
        if inner is False:
            yield Fault((*keys, key), f"is no option of unchunk{_hint(key, properties)}")
        else:
            yield from faults(value, inner, (*keys, key))


def _faults_of_string(text: str, schema: Schema, keys: tuple[str, ...]) -> Iterator[Fault]:
    choices = schema.get("enum")
    if choices is not None and text not in choices:
        yield Fault(keys, f"must be one of {', '.join(choices)}, not {text!r}{_hint(text, choices)}")
    pattern = schema.get("pattern")
    if pattern is not None and re.search(pattern, text) is None:
        yield Fault(keys, f"{text!r} is none" + (f": {schema['description']}" if "description" in schema else ""))


def _hint(word: str, known: object) -> str:
    """Suggest what the user may have meant: `per_file_ignores` for `per-file-ignores`, `exlude` for `exclude`."""
    candidates = [str(name) for name in known] if isinstance(known, (dict, list)) else []
    close = difflib.get_close_matches(word.replace("_", "-"), candidates, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f" (there are {', '.join(candidates)})" if candidates else ""


def _is(value: object, type_: str) -> bool:
    match type_:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case _:
            raise AssertionError(type_)


_NAMES = {
    "string": "a string",
    "boolean": "true or false",
    "integer": "a whole number",
    "array": "a list",
    "object": "a table",
}


def _named(value: object) -> str:
    for type_, name in _NAMES.items():
        if _is(value, type_):
            return name
    return f"a {type(value).__name__}"
