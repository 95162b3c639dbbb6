"""Generator of the prefilter's table: the tokens that a program must contain to reach pieces of a stream.

`python -m unchunk.analysis.catalog.generate_prefilter` writes it to `analysis/prefilter_table.py`; a test fails when it
is not what the rows say.
"""

from __future__ import annotations

import pprint
from collections.abc import Iterable, Iterator
from pathlib import Path

from unchunk.analysis.findings import Framing

from .dsl import Client, Condition, Gives, Row, Type, TypeName, Use, What
from .index import builtin_clients

Words = tuple[str, ...]
"""Words that must all be there, with marks for how they are said; see `unchunk.analysis.byte_tokens`."""
Ways = frozenset[Words]
Groups = frozenset[tuple[Ways, Ways]]
"""Pairs of ways to come by a thing, and ways to have it hand out pieces; one of each must be there."""

ANYWHERE: Ways = frozenset([()])
IN_PIECES = frozenset((Framing.CHUNK, Framing.FRAGMENT, Framing.OBJECT))
LINES = frozenset((Framing.LINE,))
_TAKES_ARGUMENTS = frozenset(("given", "constant", "sized", "equals", "reader_sized"))
_HEADER = '''"""Tokens of the prefilter, made by `python -m unchunk.analysis.catalog.generate_prefilter`."""

from __future__ import annotations

'''


class _Reach:
    """The types reachable from one client: its own, and those that their rows lead to."""

    def __init__(self, client: Client, types: dict[str, Type]) -> None:
        self._types = types
        self._reached: dict[str, Type] = {}
        waiting: list[Type] = [client, *client.types]
        while waiting:
            made = waiting.pop()
            if made.dotted in self._reached:
                continue
            self._reached[made.dotted] = made
            names = [name for row in made.rows for name in _type_names(row.what)]
            waiting += [types[name] for name in (*made.bases, *names) if name in types]

    def groups(self, framings: frozenset[Framing]) -> Groups:
        """Return the token groups by which a program reaches pieces of these framings."""
        found = set()
        for made in self._reached.values():
            of_module = isinstance(made, Client)
            rows = [row for row in made.rows if self._hands_out(row, row.what, framings)]
            words = frozenset(() if row.member in made.places else _path_or_call(row, of_module) for row in rows)
            if words:
                found.add((minimal(self._ways(made, ())), minimal(words)))
        return frozenset(found)

    def _ways(self, made: Type, subclasses: tuple[str, ...]) -> Ways:
        """Return the token sets by which a program gets an instance of a type."""
        if isinstance(made, Client):
            return ANYWHERE
        names = {(name.rpartition(".")[2],) for name in (made.dotted, *made.aliases)}
        ways: set[Words] = {(f"@{name}",) for (name,) in names if name.isidentifier()}
        for owner in self._reached.values():
            if made.dotted in owner.bases and owner.dotted not in subclasses:
                ways |= self._ways(owner, (*subclasses, made.dotted))
            for row in owner.rows:
                if made.dotted in _type_names(row.what) and owner.dotted not in subclasses:
                    ways |= self._handed_by(row, owner, made, (*subclasses, made.dotted))
        return frozenset(ways)

    def _handed_by(self, row: Row, owner: Type, made: Type, subclasses: tuple[str, ...]) -> Ways:
        if row.use is Use.ITERATE:
            return self._ways(owner, subclasses)
        return frozenset([_path_or_call(row, isinstance(owner, Client))])

    def _hands_out(self, row: Row, what: What, framings: frozenset[Framing]) -> bool:
        if row.use in (Use.PARSE, Use.SAFE):
            return False
        match what:
            case Framing():
                return what in framings
            case TypeName(dotted=dotted):
                decoded = self._types[dotted].decoded and (row.gives is not Gives.ONE or row.use in _HANDED_OVER)
                return decoded and Framing.OBJECT in framings
            case tuple():
                return any(self._hands_out(row, item, framings) for item in what)
            case _:
                return False


_HANDED_OVER = (Use.CALLBACK, Use.CALLED_BACK)


def typed(clients: Iterable[Client], framings: frozenset[Framing]) -> dict[str, Groups]:
    """Return the token groups of each client by import name."""
    clients = list(clients)
    types = _merged(clients)
    found: dict[str, Groups] = {}
    for client in clients:
        groups = _Reach(client, types).groups(framings)
        for root in client.roots if groups else ():
            found[root] = found.get(root, frozenset()) | groups
    return found


def _merged(clients: Iterable[Client]) -> dict[str, Type]:
    """Return every type by its name, merging tables for several versions of a client."""
    types: dict[str, Type] = {}
    for client in clients:
        for made in (client, *client.types):
            other = types.get(made.dotted)
            types[made.dotted] = made if other is None else _both(other, made)
    return types


def _both(one: Type, other: Type) -> Type:
    aliases, bases = (*one.aliases, *other.aliases), (*one.bases, *other.bases)
    decoded, rows, places = one.decoded or other.decoded, [*one.rows, *other.rows], one.places or other.places
    return Type(one.client, one.dotted, aliases, bases, decoded, rows, places, one.sums or other.sums)


def untyped(clients: Iterable[Client], framings: frozenset[Framing]) -> Ways:
    """Return the token sets that are evidence on any object."""
    rows = (row for client in clients for row in client.all_rows() if row.untyped and row.use is not Use.PARSE)
    return minimal(frozenset(_path_or_call(row, False) for row in rows if _first(row.what) in framings))


def _first(what: What) -> What:
    return what[0] if isinstance(what, tuple) else what


def _type_names(what: What) -> Iterator[str]:
    match what:
        case TypeName(dotted=dotted):
            yield dotted
        case tuple():
            for item in what:
                yield from _type_names(item)


def _path_or_call(row: Row, of_module: bool) -> Words:
    """Return the tokens of a program that uses a row: importable by name for members of modules, else behind a dot."""
    if row.use is Use.PART:
        parts = row.member.replace("[]", "").replace("()", "").split(".")
        return tuple(f".{part}" for part in parts if part)
    path, _, last = row.member.rpartition(".")
    words = [f"{_mark(row, of_module)}{last}{_given(row.only)}"] if last else []
    only = row.only
    if only is not None and only.kind == "when" and only.position is None and not only.default and words:
        words.append(f"?{only.name}")
    if path and row.untyped:
        words = [*(f".{part}" for part in path.split(".")), *words]
    if only is not None and only.kind == "file_mentions":
        words.append(f"?{only.name}")
    return tuple(words)


def _mark(row: Row, of_module: bool) -> str:
    """Return the sigil of a member's last part: none for builtins' members, which need neither dot nor import."""
    if row.use is Use.CALLBACK:
        return ":"
    if of_module:
        return "!" if row.client == "builtins" else "@"
    return "~" if row.untyped else "."


def _given(only: Condition | None) -> str:
    """Return the sigil for the arguments that a call needs."""
    if only is None:
        return ""
    if only.kind == "constant" and only.position == 0:
        return "#"
    if only.kind in _TAKES_ARGUMENTS or (only.kind == "when" and only.position is None and not only.default):
        return "("
    return ""


def minimal(found: Ways) -> Ways:
    """Drop token sets that contain another one: a program with these tokens has those as well."""
    return frozenset(words for words in found if not any(set(other) < set(words) for other in found))


def table() -> str:
    """Return the text of the generated module."""
    clients = list(builtin_clients())
    return _HEADER + "".join(
        (
            _assigned(
                "UNTYPED", "Paths and methods that are evidence on anything.", _ways(untyped(clients, IN_PIECES))
            ),
            _assigned(
                "UNTYPED_LINES",
                "The same for lines, which matter in event streams only.",
                _ways(untyped(clients, LINES)),
            ),
            _assigned(
                "TYPED",
                "Token groups by the first word of an import, each with the import's other words.",
                _by_import(typed(clients, IN_PIECES)),
            ),
            _assigned("TYPED_LINES", "The same for lines.", _by_import(typed(clients, LINES))),
        )
    )


def _by_import(found: dict[str, Groups]) -> dict[bytes, list[object]]:
    made: dict[bytes, list[object]] = {}
    for root, groups in sorted(found.items()):
        first, *rest = root.split(".")
        pairs = sorted(([_ways(ways), _ways(words)] for ways, words in groups), key=str)
        made.setdefault(first.encode(), []).append([[word.encode() for word in rest], pairs])
    return made


def _ways(ways: Ways) -> list[tuple[bytes, ...]]:
    return [tuple(word.encode() for word in words) for words in sorted(ways)]


def _assigned(name: str, what: str, value: object) -> str:
    text = pprint.pformat(_tuples(value), width=104, compact=True)
    return f'# fmt: off\n{name} = {text}\n"""{what}"""\n# fmt: on\n\n'


def _tuples(value: object) -> object:
    match value:
        case list() | tuple():
            return tuple(_tuples(item) for item in value)
        case dict():
            return {key: _tuples(item) for key, item in value.items()}
        case _:
            return value


if __name__ == "__main__":
    (Path(__file__).parent.parent / "prefilter_table.py").write_text(table().rstrip() + "\n", encoding="utf-8")
