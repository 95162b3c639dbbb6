"""Slots in TOML files. tomlkit parses the file and locates its values; the text itself is only ever added to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError
from tomlkit.items import AoT, InlineTable

from unchunk.project.dependencies.plan import CannotEdit
from unchunk.project.dependencies.requirement import Entry, Needed, entry, styled, table_entry
from unchunk.project.dependencies.slots import DependencyTarget, Kind, Role
from unchunk.project.dependencies.text import BracketList, Document, Insertion, sorted_place

Keys = tuple[str, ...]

_SENTINEL = "\u2063here\u2063"  # invisible separators: no file has them in a requirement
_TOML_ITEM = re.compile(r'"""[\s\S]*?"""|\'\'\'[\s\S]*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|\{[^{}]*\}|#[^\n]*')
_HEADER = re.compile(r"^[ \t]*\[(?!\[)([^\n]*?)\][ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class TomlFile:
    """A TOML file, parsed, with the positions of its values.

    Raises:
        Obstacle: the text is not TOML.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.path: Path = document.path
        try:
            self._data = tomlkit.parse(document.text)
        except RecursionError as error:
            raise CannotEdit(self.path, None, "is not valid TOML (nested too deeply)") from error
        except ParseError as error:
            raise CannotEdit(self.path, error.line, f"is not valid TOML ({_reason(error)})") from error
        except TOMLKitError as error:
            raise CannotEdit(self.path, None, f"is not valid TOML ({error})") from error

    def value(self, *keys: str) -> Any:
        """Return the value at the end of `keys`; None where there is none."""
        return _walk(self._data, keys)

    def table(self, *keys: str) -> Mapping[str, Any]:
        """Return the table at the end of `keys`; empty where there is none."""
        found = self.value(*keys)
        return found if isinstance(found, Mapping) else {}

    def strings(self, *keys: str) -> tuple[str, ...]:
        """Return the strings of the array at the end of `keys`."""
        found = self.value(*keys)
        return tuple(str(item) for item in found if isinstance(item, str)) if isinstance(found, list) else ()

    def requirements(self, *keys: str) -> tuple[Entry, ...]:
        """Return the requirements of the array at the end of `keys`. The slot knows their lines."""
        return tuple(entry(text, self.path, 0) for text in self.strings(*keys))

    def constraints(self, *keys: str) -> tuple[Entry, ...]:
        """Return the entries of a table of names and constraints (`python` is not one)."""
        return tuple(
            table_entry(name, _version_of(value), self.path, 0)
            for name, value in self.table(*keys).items()
            if name.lower() != "python"
        )

    def array_slot(
        self,
        keys: Keys,
        kind: Kind,
        role: Role,
        *,
        name: str = "",
        also: Iterable[Entry] = (),
        limits: tuple[Entry, ...] = (),
        python: str | None = None,
        python_binds: bool = False,
    ) -> DependencyTarget:
        """Return a slot in an array of requirements, which is created where the table lacks it.

        Args:
            also: what the array includes from elsewhere.
        """
        return DependencyTarget(
            self.document,
            kind,
            role,
            _array_words(keys),
            (*self.requirements(*keys), *also),
            partial(self._add_to_array, keys),
            name=name,
            limits=limits,
            python=python,
            python_binds=python_binds,
            line_of=lambda each: self._line_in_array(keys, each),
        )

    def table_slot(
        self,
        keys: Keys,
        kind: Kind,
        role: Role,
        *,
        name: str = "",
        also: Iterable[Entry] = (),
        python: str | None = None,
        installs_project: bool = False,
    ) -> DependencyTarget:
        """Return a slot in a table of names and constraints, as Poetry and Pipenv have them."""
        return DependencyTarget(
            self.document,
            kind,
            role,
            _words(keys),
            (*self.constraints(*keys), *also),
            partial(self._add_to_table, keys),
            name=name,
            installs_project=installs_project,
            python=python,
            python_binds=kind is Kind.PACKAGE,
            line_of=lambda each: self._line_in_table(keys, each),
        )

    def _add_to_array(self, keys: Keys, needed: Needed) -> Sequence[Insertion]:
        entries = self.requirements(*keys)
        if not isinstance(self.value(*keys), list):
            return [self._new_array(keys, needed.requirement)]
        start, end = self._span(keys)
        items = tuple(
            (match.start(), match.end())
            for match in _TOML_ITEM.finditer(self.document.text, start + 1, end - 1)
            if not match[0].startswith("#")
        )
        texts = [self.document.text[one:two] for one, two in items]
        quote = "'" if texts and all(text.startswith("'") for text in texts) else '"'
        names = tuple(_name_of(text) for text in texts)
        brackets = BracketList(self.document.text, start + 1, end - 1, items, names, self.document.newline)
        return brackets.adding(f"{quote}{styled(needed, entries)}{quote}", needed.name)

    def _new_array(self, keys: Keys, requirement: str) -> Insertion:
        newline = self.document.newline
        text = f'{_key(keys[-1])} = [{newline}    "{requirement}",{newline}]'
        return self._new_line(keys[:-1], text, len(self._plain_keys(keys[:-1])))

    def _add_to_table(self, keys: Keys, needed: Needed) -> Sequence[Insertion]:
        text = f'{_key(needed.name)} = ">={needed.minimum}"'
        plain = self._plain_keys(keys)
        if isinstance(self.value(*keys), InlineTable):
            if not plain:
                raise CannotEdit(self.path, None, f"{_words(keys)} is an empty inline table")
            return [Insertion(self._span((*keys, plain[-1]))[1], f", {text}")]
        others = [name.lower() for name in plain if name.lower() != "python"]
        place = len(plain) - len(others) + sorted_place(others, needed.name)
        return [self._new_line(keys, text, place)]

    def _new_line(self, keys: Keys, text: str, place: int) -> Insertion:
        """Return a line after the first `place` values of a table."""
        newline = self.document.newline
        plain = self._plain_keys(keys)
        anchor = self._span((*keys, plain[place - 1]))[1] if place else self._header_end(keys)
        end = self.document.text.find("\n", anchor)
        if end < 0:
            return Insertion(len(self.document.text), newline + text)
        return Insertion(end - (self.document.text[end - 1] == "\r"), newline + text)

    def _plain_keys(self, keys: Keys) -> list[str]:
        """Return the keys of a table whose values are right under its header, not under headers of their own."""
        return [
            str(name)
            for name, value in self.table(*keys).items()
            if isinstance(value, InlineTable) or not isinstance(value, Mapping | AoT)
        ]

    def _header_end(self, keys: Keys) -> int:
        for match in _HEADER.finditer(self.document.text):
            if _split_keys(match[1]) == keys:
                return match.end(1)
        raise CannotEdit(self.path, None, f"has no line {_words(keys)} to add to")

    def _span(self, keys: Keys) -> tuple[int, int]:
        """Return the span of the value at the end of `keys`, found by writing something else there."""
        marked = tomlkit.parse(self.document.text)
        _walk(marked, keys[:-1])[keys[-1]] = _SENTINEL
        front, found, back = tomlkit.dumps(marked).partition(f'"{_SENTINEL}"')
        text = self.document.text
        if not found or not text.startswith(front) or not text.endswith(back):
            raise CannotEdit(self.path, None, f"{_words(keys)} is written in a way that cannot be edited safely")
        return len(front), len(text) - len(back)

    def _line_in_array(self, keys: Keys, each: Entry) -> int:
        start, end = self._span(keys)
        at = self.document.text.find(each.text, start, end)
        return self.document.line(at) if at >= 0 else 0

    def _line_in_table(self, keys: Keys, each: Entry) -> int:
        name = next(name for name in self.table(*keys) if table_entry(name, None, self.path, 0).name == each.name)
        at = self._span((*keys, name))[0] if name in self._plain_keys(keys) else self._header_end((*keys, name))
        return self.document.line(at)


def _walk(data: Any, keys: Iterable[str]) -> Any:
    for key in keys:
        if not isinstance(data, Mapping) or key not in data:
            return None
        data = cast("Mapping[str, Any]", data)[key]
    return data


def _words(keys: Keys) -> str:
    return f"[{'.'.join(keys)}]"


def _array_words(keys: Keys) -> str:
    return f"{_words(keys[:-1])} {keys[-1]}" if len(keys) > 1 else keys[0]


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else f'"{name}"'


def _split_keys(header: str) -> Keys:
    parts = re.findall(r'"[^"]*"|\'[^\']*\'|[^.\s]+', header)
    return tuple(part.strip("\"'") for part in parts)


def _name_of(item: str) -> str:
    """Return the key that an array's item is sorted by."""
    return entry(item.strip("\"'"), Path(), 0).sort_key


def _version_of(value: Any) -> str | None:
    match value:
        case str():
            return str(value)
        case Mapping():
            version = value.get("version")
            return str(version) if isinstance(version, str) else None
        case _:
            return None


def _reason(error: ParseError) -> str:
    if "\\x00" in str(error):
        return "it ends in the middle of a value"
    return re.sub(r" at line \d+ col \d+$", "", str(error)).rstrip(".")
