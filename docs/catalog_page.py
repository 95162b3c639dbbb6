"""Write `docs/catalog.md` from the rows of the catalog: `python docs/catalog_page.py`."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path

from unchunk.analysis.catalog.dsl import Client, Condition, Gives, Row, TypeName, Use, What
from unchunk.analysis.catalog.index import builtin_clients

PAGE = Path(__file__).with_name("catalog.md")
evidence = runpy.run_path(str(Path(__file__).with_name("evidence.py")))["section"]

INTRODUCTION = """\
# What unchunk knows of other libraries

This page is made from the catalog (`python docs/catalog_page.py`). Each row is a fact about a library; tests hold it
against the installed package. What a step is:

| word | a step is | parsed as one JSON document |
|---|---|---|
| chunk | bytes or text cut anywhere | always wrong |
| line | one line | right for newline-delimited JSON |
| event | the data of one server-sent event | right, but for `[DONE]` |
| message | one whole message | right |
| fragment | a piece of a model's text | always wrong |
| object | something the library has decoded already | an error |
| whole | all there is | right |

A name in *italics* is an instance of that type; *decoded* marks events that are not to be parsed again.
"""

CALLS = """\
## What a call hands out

<div class="filter" data-kind="3" data-kinds="chunk line event message fragment object whole"></div>

| library | member | when | hands out | as | note |
|---|---|---|---|---|---|
"""
LIBRARIES = """
## The libraries

| library | imported as | documentation | types that share what is said |
|---|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    clients = [client for client in _clients() if client.roots]
    calls = "\n".join(row for client in clients for row in _rows(client))
    libraries = "\n".join(map(_library, clients))
    return f"{INTRODUCTION}\n{CALLS}{calls}\n{LIBRARIES}{libraries}\n\n{evidence()}"


def _clients() -> list[Client]:
    return sorted(builtin_clients(), key=lambda client: (_name(client).lower(), client.dotted))


def _library(client: Client) -> str:
    names = ", ".join(f"`{root}`" for root in client.roots)
    shared = "; ".join(_twins(client))
    documentation = f"[{client.docs.partition('://')[2].partition('/')[0] or 'README'}]({client.docs})"
    return f"| {_name(client)} | {names} | {documentation} | {shared} |"


def _name(client: Client) -> str:
    return client.distribution or f"{client.dotted} (standard library)"


def _twins(client: Client) -> Iterator[str]:
    """Yield the other names of a client's types, and what they share with others."""
    for made in client.types:
        if made.aliases:
            also = ", ".join(f"`{name[len(client.dotted) + 1 :]}`" for name in made.aliases)
            yield f"{_type(client, made.dotted)}: also {also}"
        bases = [base for base in made.bases if base != "pydantic.BaseModel"]
        if bases:
            yield f"{_type(client, made.dotted)}: all that `{'`, `'.join(bases)}` has"


def _type(client: Client, dotted: str) -> str:
    """Return the name of a type, in quotes if a program can say it."""
    name = dotted[len(client.dotted) + 1 :] if dotted.startswith(f"{client.dotted}.") else dotted
    return f"*{name}*" if " " in name else f"`{name}`"


def _rows(client: Client) -> Iterator[str]:
    """Yield one line for the members of a type of which the same is said."""
    decoded = {made.dotted for made in client.types if made.decoded}
    same: dict[tuple[str, ...], list[str]] = {}
    for row in client.all_rows():
        owner = f"`{client.dotted}`" if row.owner == client.dotted else _type(client, row.owner)
        mark = ", *decoded*" if row.owner in decoded else ""
        said = (owner + mark, _condition(row.only), _hands_out(row), _text(row), row.note)
        same.setdefault(said, []).append(_member(row))
    for (owner, *facts), members in same.items():
        cells = (_name(client), f"{owner}: {', '.join(dict.fromkeys(members))}", *facts)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _member(row: Row) -> str:
    match row.use:
        case Use.ITERATE:
            return "iterated over"
        case Use.CALL | Use.PARSE | Use.SAFE if not row.member.endswith(")"):
            return f"`{row.member}()`" if row.member else "when made"
        case Use.CALLBACK if row.what is None:
            return f"`def {row.member}`, called whenever something can be read"
        case Use.CALLBACK:
            return f"`def {row.member}`, parameter {row.parameter}"
        case Use.CALLED_BACK:
            return f"`{row.member}()`, to the function given as {_argument(row)}"
        case _:
            return f"`{row.member}`"


def _argument(row: Row) -> str:
    return f"`{row.parameter}`" if isinstance(row.parameter, str) else f"argument {row.parameter}"


def _condition(only: Condition | None) -> str:
    match only:
        case None:
            return ""
        case Condition(kind="when"):
            return f"`{only.name}=True`" + (", the default" if only.default else "")
        case Condition(kind="unless"):
            return f"not `{only.name}=True`"
        case Condition(kind="given"):
            return f"`{only.name}` is given"
        case Condition(kind="absent"):
            return f"no `{only.name}`"
        case Condition(kind="file_mentions"):
            return f"where the program speaks of `{only.name}`"
        case Condition(kind="sibling_call"):
            return "where the program also says " + ", ".join(f"`{word}`" for word in only.words) + " to it"
        case Condition(kind="reader_sized"):
            return f"`{only.name}` is how much the reader says to have"
        case Condition(kind="in memory"):
            return f"`{only.name}` is a file that the program makes of what it has"
        case Condition(kind="repeated_callback"):
            return "where it is called whenever something can be read"
        case Condition(kind="sized"):
            return f"`{only.name}` is a number in the program, or was read before"
        case Condition(kind="constant"):
            return f"`{only.name}` is a number in the program"
        case _:
            return f'`{only.name}="{only.value}"`'


def _hands_out(row: Row) -> str:
    match row.use:
        case Use.PARSE:
            return "parses"
        case Use.SAFE:
            return "whole things"
        case _:
            words = _what(row.what)
            return f"{words} at each step" if row.gives is Gives.STEPS else words


def _what(what: What) -> str:
    match what:
        case None:
            return "–"
        case TypeName(dotted=dotted):
            return f"*{dotted.rpartition('.')[2]}*"
        case tuple():
            return "(" + ", ".join(_what(item) for item in what) + ")"
        case _:
            return what.value


def _text(row: Row) -> str:
    match row.text:
        case True:
            return "text"
        case False:
            return "bytes"
        case None:
            return ""
        case condition:
            return f"text with {_condition(condition)}, else bytes"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
