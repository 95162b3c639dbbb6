"""The catalog's look-ups for the engine: a dotted name, a type's members, a method name on its own."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from unchunk.analysis.findings import Framing

from .dsl import Client, Row, Type, Use

_NO_PIECES = (Framing.WHOLE, Framing.MESSAGE, Framing.EVENT)
_NO_SOURCE = (Use.PARSE, Use.SAFE)


@dataclass(slots=True, eq=False)
class TypeInfo:
    """A type with all of its rows, inherited ones included."""

    dotted: str
    client: str
    decoded: bool
    sums: bool = False
    calls: dict[str, list[Row]] = field(default_factory=dict)
    attributes: dict[str, list[Row]] = field(default_factory=dict)
    parts: dict[str, list[Row]] = field(default_factory=dict)
    callbacks: dict[str, list[Row]] = field(default_factory=dict)
    iterates: list[Row] = field(default_factory=list)
    prefixes: set[str] = field(default_factory=set)
    to_calls: set[str] = field(default_factory=set)
    places: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the name shown to a person: `requests Response`; the client alone for its module."""
        if self.dotted == self.client:
            return self.client
        return f"{self.client} {self.dotted.rpartition('.')[2]}"

    def leads_on(self, path: str) -> bool:
        """Decide whether a row lies below `path`."""
        return path in self.prefixes

    def leads_to_call(self, path: str) -> bool:
        """Decide whether `path` is a method with a row, or a prefix of one."""
        return path in self.calls or path in self.to_calls


@dataclass(frozen=True, slots=True)
class Found:
    """The meaning of a dotted name: a type itself (`member` empty), or a member of a type or a module."""

    type: TypeInfo
    member: str


class Catalog:
    """All rows, indexed by the engine's look-ups.

    Attributes:
        added: the import names that a user has added rows for; the prefilter's table knows nothing of them.
    """

    def __init__(self, clients: Iterable[Client]) -> None:
        self._types: dict[str, TypeInfo] = {}
        self._last_names: dict[tuple[str, str], TypeInfo] = {}
        self._roots: dict[str, str] = {}
        self.added: frozenset[str] = frozenset()
        self.untyped: dict[str, list[Row]] = {}
        self.untyped_parsers: dict[str, list[Row]] = {}
        self.http: set[str] = set()
        self.anything = TypeInfo("", "", decoded=True)
        self._members: dict[str, set[str]] = {}
        self.words_of_anything: set[str] = set()
        self._parser_names: dict[str, set[str]] = {}
        inheriting: list[Type] = []
        self._tops: set[str] = set()
        for client in clients:
            inheriting += self._add_client(client)
            self._note_words(client)
        for rows in self.untyped.values():
            rows.sort(key=lambda row: row.only is None)  # of several clients' the ones that say more
        for made in inheriting:
            self._inherit(made, {made.dotted: made for made in inheriting}, ())

    def type(self, dotted: str) -> TypeInfo:
        """Return the type with that canonical name. Raises KeyError."""
        return self._types[dotted]

    def find(self, dotted: str) -> Found | None:
        """Resolve a dotted name of a program to a type or member of a client, or None."""
        root = self._root_of(dotted)
        if root is None:
            return None
        name = self._roots[root] + dotted[len(root) :]
        known = self._types.get(name)
        if known is not None:
            return Found(known, "")
        return self._member_of_type(name) or self._by_last_name(name, self._roots[root])

    def knows(self, root: str) -> bool:
        """Decide whether a client is imported under that first name."""
        return root in self._tops

    def shape_of(self, dotted: str) -> str:
        """Return the end of a dotted name that has the same meaning on any object, such as `chat.completions.create`,
        or "".
        """
        _, _, end = dotted.partition(".")
        while end and end not in self.anything.calls:
            _, _, end = end.partition(".")
        return end

    def leads_to_shape(self, dotted: str) -> bool:
        """Decide whether a dotted name is a prefix of one with the same meaning on any object."""
        _, _, end = dotted.partition(".")
        while end and not self.anything.leads_to_call(end):
            _, _, end = end.partition(".")
        return bool(end)

    def parser_names(self, roots: frozenset[str]) -> set[str]:
        """Return the names of the parsers that a file importing these packages may call."""
        found = set(self._parser_names.get("", ()))
        if "json" not in roots:
            found.discard("decode")
        for root in roots & self._parser_names.keys():
            found |= self._parser_names[root]
        return found

    def _root_of(self, dotted: str) -> str | None:
        root = dotted
        while root not in self._roots:
            root, _, _ = root.rpartition(".")
            if not root:
                return None
        return root

    def _member_of_type(self, name: str) -> Found | None:
        owner, _, member = name.rpartition(".")
        while owner:
            info = self._types.get(owner)
            if info is not None and (member in info.calls or member in info.attributes or info.leads_on(member)):
                return Found(info, member)
            owner, _, part = owner.rpartition(".")
            member = f"{part}.{member}"
        return None

    def _by_last_name(self, name: str, root: str) -> Found | None:
        last = name.rpartition(".")[2]
        info = self._last_names.get((root, last)) if last[:1].isupper() else None
        return Found(info, "") if info is not None else None

    def _add_client(self, client: Client) -> list[Type]:
        if client.http:
            self.http.add(client.dotted)
        for root in client.roots:
            self._roots[root] = client.dotted
            self._tops.add(root.partition(".")[0])
        for made in (client, *client.types):
            self._add_type(made)
        return [made for made in client.types if made.bases]

    def _note_words(self, client: Client) -> None:
        """Index the names that a program uses to reach a client's streams, and those that count on any object."""
        rows = list(client.all_rows())
        if rows and all(row.use in _NO_SOURCE for row in rows):
            return  # one without rows has types that inherit them
        members = {"": {row.member.partition(".")[0] for row in client.rows if _leads_to_pieces(row)}}
        for made in client.types:
            for name in (made.dotted, *made.aliases):
                inner = ""
                for part in name[len(client.dotted) + 1 :].split("."):
                    members.setdefault(inner, set()).add(part)
                    inner = f"{inner}.{part}"
        for root in client.roots:
            for inner, names in members.items():
                self._members.setdefault(root + inner, set()).update(name for name in names if name.isidentifier())
        for row in client.all_rows():
            if row.use is Use.CALLBACK:
                self.words_of_anything.add(row.member)
            elif row.untyped and row.use not in _NO_SOURCE:
                self.words_of_anything.add(row.member.replace("[]", "").partition(".")[0])

    def members_of(self, dotted: str) -> frozenset[str]:
        """Return the member names used of a client's module, or of a submodule; empty for other modules."""
        return frozenset(self._members.get(dotted, ()))

    def _inherit(self, made: Type, inheriting: dict[str, Type], subclasses: tuple[str, ...]) -> None:
        """Copy the bases' rows down, the bases' own bases first."""
        for base in made.bases:
            if base in inheriting and base not in subclasses:
                self._inherit(inheriting[base], inheriting, (*subclasses, made.dotted))
            _inherit(self._types[made.dotted], self._types[base])

    def _add_type(self, made: Type) -> None:
        info = self._types.get(made.dotted) or TypeInfo(
            made.dotted, made.client, made.decoded, places=made.places, sums=made.sums
        )
        for name in (made.dotted, *made.aliases):
            self._types.setdefault(name, info)
            self._last_names.setdefault((made.client, name.rpartition(".")[2]), info)
        for row in made.rows:
            _add_row(info, row)
            self._add_untyped(row)

    def _add_untyped(self, row: Row) -> None:
        if row.use is Use.PARSE:
            anywhere = row.untyped or row.client == "json" or (row.owner != row.client and row.member != "decode")
            root = "" if anywhere else row.client.partition(".")[0]  # an instance may come from another module
            self._parser_names.setdefault(root, set()).add(row.member.rpartition(".")[2])
        if not row.untyped:
            return
        if row.use is Use.PART or "." in row.member:
            _add_row(self.anything, row)
            return
        table = self.untyped_parsers if row.use is Use.PARSE else self.untyped
        table.setdefault(row.member, []).append(row)


def _add_row(info: TypeInfo, row: Row) -> None:
    match row.use:
        case Use.ITERATE:
            info.iterates.append(row)
        case Use.PART:
            info.parts.setdefault(row.member, []).append(row)
            info.prefixes.update(_steps_to(row.member))
        case Use.CALLBACK:
            info.callbacks.setdefault(row.member, []).append(row)
        case Use.ATTRIBUTE:
            info.attributes.setdefault(row.member, []).append(row)
            info.prefixes.update(_steps_to(row.member))
        case _:
            info.calls.setdefault(row.member, []).append(row)
            info.to_calls.update(_steps_to(row.member))
            info.prefixes.update(info.to_calls)


def _leads_to_pieces(row: Row) -> bool:
    if row.use in _NO_SOURCE:
        return False
    wanted = row.what if isinstance(row.what, tuple) else (row.what,)
    return any(item is not None and item not in _NO_PIECES for item in wanted)


def _steps_to(path: str) -> Iterator[str]:
    """Yield the prefixes of a path such as `choices[].delta.content`: `choices`, `choices[]`, `choices[].delta`."""
    for at, letter in enumerate(path):
        if letter in ".[(" and at:
            yield path[:at]


def _inherit(info: TypeInfo, base: TypeInfo) -> None:
    for mine, theirs in (
        (info.calls, base.calls),
        (info.attributes, base.attributes),
        (info.parts, base.parts),
        (info.callbacks, base.callbacks),
    ):
        for member, rows in theirs.items():
            mine.setdefault(member, rows)
    info.prefixes |= base.prefixes
    if not info.iterates:
        info.iterates = base.iterates


def builtin_clients() -> Iterator[Client]:
    """Yield every client of every table in this package."""
    package = import_module(__package__)
    seen: set[int] = set()
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
        if module.name in ("index", "generate_prefilter", "user"):
            continue
        for value in vars(import_module(f"{__package__}.{module.name}")).values():
            if isinstance(value, Client) and id(value) not in seen:
                seen.add(id(value))
                yield value


@cache
def builtin_catalog() -> Catalog:
    return Catalog(builtin_clients())
