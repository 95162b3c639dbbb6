"""The grammar: a program is one choice for each of its parts; `texts` makes its text from them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from .cleanings import CLEANINGS
from .parts import (
    CLOSURES,
    CODECS,
    EXTRAS,
    GUARDS,
    HANDLERS,
    PARSERS,
    PLACES,
    PROBE,
    SHADOWS,
    SOURCES,
    STYLES,
    USES,
    WRAPS,
)
from .streams import DOCUMENTS, FLAWS, FRAMINGS, OBJECTS, UNBOUNDED, WITHOUT_LINES

INDENT = "    "
EXPRESSIONS = ("list", "generator", "map", "values of dict")


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands for each part; the defaults make the smallest program."""

    source: str = "requests"
    framing: str = "concatenated"
    cleaning: int = 0
    extras: tuple[str, ...] = ()
    decode: str = "no"
    guards: tuple[str, ...] = ()
    style: str = "inline"
    parser: str = "json"
    handler: str = ""
    uses: tuple[str, ...] = ()
    wrap: str = "for"
    place: str = "module"
    shadow: str = ""
    closure: str = ""
    documents: str = "plain"
    codec: str = "utf-8"
    comments: bool = False
    flaw: str = ""

    def parts(self) -> dict[str, Any]:
        """The parts that are not the smallest ones."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name)) != each.default}

    def named(self) -> str:
        """The choice in words, for a report."""
        parts = self.parts()
        if "cleaning" in parts or self.framing != "concatenated":
            parts["cleaning"] = " ; ".join(CLEANINGS.get(self.framing, [[]])[self.cleaning])
        return ", ".join(f"{name}={value}" for name, value in parts.items() if value) or "the smallest program"

    def key(self) -> str:
        """What the group of this program is called: the kinds of parts that it needs."""
        parts = self.parts()
        parts.pop("cleaning", None)
        return ", ".join(f"{name}={value}" for name, value in parts.items()) or "the smallest program"


def some(source: random.Random, options: Sequence[str], shares: Sequence[float] = (0.6, 0.3, 0.1)) -> tuple[str, ...]:
    count = source.choices(range(len(shares)), shares)[0]
    return tuple(source.sample(list(options), count))


def mostly(source: random.Random, default: str, options: Sequence[str], share: float = 0.5) -> str:
    return default if source.random() < share else source.choice(list(options))


def choose(source: random.Random) -> Choice:
    """A choice by chance; some are not possible, see `possible`."""
    wrap = mostly(source, "for", WRAPS, 0.8)
    name = source.choice(list(SOURCES))
    if SOURCES[name].kind == "line" and source.random() < 0.8:
        name = "requests"
    if wrap != "for" and SOURCES[name].loop != "for":
        wrap = "for"
    framing = source.choice(["concatenated", "lines"] if SOURCES[name].kind == "sdk" else list(FRAMINGS))
    codec = mostly(source, "utf-8", CODECS, 0.95)
    handlers = list(HANDLERS)
    if expression := wrap in EXPRESSIONS:
        handlers = [handler for handler in handlers if not HANDLERS[handler].lines]
    return Choice(
        source=name,
        framing=framing,
        cleaning=source.randrange(len(CLEANINGS.get(framing, [[]]))),
        extras=some(source, list(EXTRAS), (0.7, 0.25, 0.05)),
        decode=source.choice(["no", "first", "last"]) if codec == "utf-8" else "first",
        guards=() if expression else some(source, list(GUARDS)),
        style=source.choice(STYLES),
        parser=mostly(source, "json", [parser for parser in PARSERS if parser != PROBE]),
        handler=mostly(source, "", handlers),
        uses=() if expression else some(source, list(USES)),
        wrap=wrap,
        place=source.choices(PLACES, [4, 4, 4, 1])[0],
        shadow=mostly(source, "", list(SHADOWS), 0.8),
        closure="" if expression else mostly(source, "", list(CLOSURES), 0.85),
        documents=source.choice(list(DOCUMENTS)) if codec == "utf-8" else "second bytes",
        codec=codec,
        comments=source.random() < 0.05,
        flaw=mostly(source, "", FLAWS),
    )


def possible(choice: Choice) -> bool:
    """Whether the parts go together, and the stream can be told apart by somebody who knows its framing."""
    source = SOURCES[choice.source]
    if choice.documents in UNBOUNDED and choice.framing in WITHOUT_LINES:
        return False  # `1` and `23` without anything between
    if choice.framing == "greeting" and choice.flaw:
        return False
    if choice.flaw == "half a document" and (choice.framing in WITHOUT_LINES or choice.documents == "numbers"):
        return False  # its end is nowhere: "lasts until that is closed" (docs/semantics.md, note 5)
    if choice.flaw == "garbage" and choice.framing in WITHOUT_LINES and choice.documents not in OBJECTS:
        return False  # "only as far as the next object" (docs/semantics.md, "What changes")
    if choice.flaw == "wrong bytes" and "own" in choice.handler:
        return False  # errors of the helper are `json.JSONDecodeError`s (docs/semantics.md, "What stays the same")
    if choice.codec != "utf-8" and (source.kind != "bytes" or choice.decode != "first" or choice.flaw == "wrong bytes"):
        return False
    if {"forward", "forward first", "yield the piece"} & {*choice.uses} and len(choice.uses) > 1:
        return False  # what is handed on is compared by itself
    if choice.flaw == "wrong bytes" and source.kind != "bytes":
        return False  # clients decode those in ways of their own
    if source.kind == "callback" and (choice.wrap != "for" or choice.place != "module"):
        return False
    if source.kind == "callback" and any(step.startswith("for ") for step in steps_of(choice)):
        return False  # `return` would leave it
    if source.loop != "for" and choice.wrap != "for":
        return False
    if source.is_async and (
        choice.place in ("module", "class body") or choice.wrap not in ("for", "list", "generator")
    ):
        return False
    if choice.wrap in EXPRESSIONS and not _is_expression(choice):
        return False
    if choice.closure and choice.style == "inline" and "text" in choice.closure:
        return False
    if choice.closure.startswith("module") and choice.place != "module":
        return False
    if (choice.place in ("module", "class body") or source.kind == "callback") and any(
        line.startswith("yield") for use in choice.uses for line in USES[use].lines
    ):
        return False
    if HANDLERS[choice.handler].caller and (choice.place in ("module", "class body") or source.kind == "callback"):
        return False
    if source.kind == "sdk" and {"count", "size", "heard", "piece's size", "text's size"} & {*choice.uses}:
        return False  # how many events there are, and of what size, is how the stream is cut
    if source.kind == "sdk" and choice.documents in UNBOUNDED:
        return False  # "a bare number at the very end of the text is not handed out" (docs/semantics.md)
    if source.kind == "sdk" and "size of" in choice.closure:
        return False
    if source.kind == "sdk" and choice.framing not in ("concatenated", "lines", "pretty"):
        return False
    return not (choice.closure and source.kind == "callback")


def _is_expression(choice: Choice) -> bool:
    return not (
        choice.guards or choice.uses or choice.handler in ("continue", "bad", "whole", "else", "break", "count")
    ) and all(is_operation(step) for step in steps_of(choice))


def is_operation(step: str) -> bool:
    return not step.startswith(("if ", "for ", "while "))


def steps_of(choice: Choice) -> list[str]:
    """What is done between the step and the parser, in order."""
    steps = list(CLEANINGS.get(choice.framing, [[]])[choice.cleaning])
    steps += [EXTRAS[extra] for extra in choice.extras]
    guards = [GUARDS[guard] for guard in choice.guards]
    if choice.decode == "first":
        steps.insert(0, "{x}.decode()" if choice.codec == "utf-8" else f"{{x}}.decode('{choice.codec}')")
    elif choice.decode == "last":
        steps.append("{x}.decode()")
    return [*guards, *steps]


def smaller(choice: Choice) -> list[Choice]:
    """Choices with one part less, or a smaller one."""
    found: list[dict[str, Any]] = []
    for each in fields(choice):
        value = getattr(choice, each.name)
        if value == each.default:
            continue
        if each.name == "framing":
            found += [{"framing": framing, "cleaning": 0} for framing in ("concatenated", "lines")]
        elif isinstance(value, tuple):
            found += [{each.name: value[:at] + value[at + 1 :]} for at in range(len(value))]
        elif each.name == "cleaning":
            found += [{"cleaning": at} for at in range(value)]
        else:
            found.append({each.name: each.default})
    made = [replace(choice, **changes) for changes in found]
    return [one for one in made if one != choice and possible(one)]
