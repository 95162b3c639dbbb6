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
    COMMENTS,
    EXTRAS,
    GUARDS,
    HANDLERS,
    IMPORTS,
    PARSERS,
    PLACES,
    PROBE,
    SHADOWS,
    STREAMS,
    STYLES,
    USES,
    WRAPS,
)
from .sources import SOURCES
from .streams import DOCUMENTS, FLAWS, FRAMINGS, OBJECTS, UNBOUNDED, WITHOUT_LINES

INDENT = "    "
EXPRESSIONS = ("list", "list called list", "generator", "map", "values of dict")


@dataclass(frozen=True, slots=True)
class Choice:
    """The alternative chosen for each part; the defaults make the smallest program."""

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
    stream: str = ""
    place: str = "module"
    shadow: str = ""
    closure: str = ""
    documents: str = "plain"
    codec: str = "utf-8"
    imports: str = ""
    comments: str = ""
    flaw: str = ""

    def parts(self) -> dict[str, Any]:
        """Return the parts that are not the smallest ones."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name)) != each.default}

    def has(self, other: Choice) -> bool:
        """Decide whether it has all parts of the other one, whatever way it cleans its pieces."""
        mine = self.parts()
        return all(
            {*value} <= {*mine.get(name, ())} if isinstance(value, tuple) else mine.get(name) == value
            for name, value in other.parts().items()
            if name != "cleaning"
        )

    def named(self) -> str:
        """Describe the choice in words, for a report."""
        parts = self.parts()
        if "cleaning" in parts or self.framing != "concatenated":
            parts["cleaning"] = " ; ".join(CLEANINGS.get(self.framing, [[]])[self.cleaning])
        return ", ".join(f"{name}={value}" for name, value in parts.items() if value) or "the smallest program"

    def key(self) -> str:
        """Name the group of this program by the kinds of parts that it needs."""
        parts = self.parts()
        parts.pop("cleaning", None)
        return ", ".join(f"{name}={value}" for name, value in parts.items()) or "the smallest program"


def some(source: random.Random, options: Sequence[str], shares: Sequence[float] = (0.6, 0.3, 0.1)) -> tuple[str, ...]:
    count = source.choices(range(len(shares)), shares)[0]
    return tuple(source.sample(list(options), count))


def mostly(source: random.Random, default: str, options: Sequence[str], share: float = 0.5) -> str:
    return default if source.random() < share else source.choice(list(options))


def choose(source: random.Random) -> Choice:
    """Return a random choice; some are not possible, see `possible`."""
    wrap = mostly(source, "for", WRAPS, 0.8)
    name = source.choice(list(SOURCES))
    if SOURCES[name].kind == "line" and source.random() < 0.8:
        name = "requests"
    if wrap != "for" and SOURCES[name].loop != "for":
        wrap = "for"
    framing = source.choice(["concatenated", "lines"] if SOURCES[name].kind in ("sdk", "tools") else list(FRAMINGS))
    codec = mostly(source, "utf-8", CODECS, 0.95)
    handlers = list(HANDLERS)
    if expression := wrap in EXPRESSIONS:
        handlers = [each for each in handlers if not HANDLERS[each].lines]
    handler = mostly(source, "", handlers)
    return Choice(
        source=name,
        framing=framing,
        cleaning=source.randrange(len(CLEANINGS.get(framing, [[]]))),
        extras=some(source, list(EXTRAS), (0.7, 0.25, 0.05)),
        decode=source.choice(["no", "first", "last"]) if codec == "utf-8" else "first",
        guards=() if expression else some(source, list(GUARDS)),
        style=source.choice(STYLES),
        parser=mostly(source, "json", [parser for parser in PARSERS if parser != PROBE]),
        handler=handler,
        uses=() if expression else some(source, list(USES)),
        wrap=wrap,
        stream=mostly(source, "", STREAMS, 0.8),
        place=source.choices(PLACES, [4, 4, 4, 1])[0],
        shadow=mostly(source, "", list(SHADOWS), 0.8),
        closure="" if expression else mostly(source, "", list(CLOSURES), 0.85),
        documents=source.choice(list(DOCUMENTS)) if codec == "utf-8" else "second bytes",
        codec=codec,
        imports=mostly(source, "", list(IMPORTS), 0.85),
        comments=mostly(source, "", COMMENTS, 0.92),
        flaw=mostly(source, "", FLAWS, 0.2 if handler else 0.6),
    )


def possible(choice: Choice) -> bool:
    """Decide whether the parts fit together, and a person knowing the framing can split the stream."""
    return _is_clear(choice) and _fits_source(choice) and _fits_place(choice) and _is_comparable(choice)


def _is_clear(choice: Choice) -> bool:
    """Decide whether it is known where the documents end."""
    if choice.documents in UNBOUNDED:
        # `1` and `23` without anything between; "a bare number at the very end of the text is not handed out"
        # (docs/semantics.md, "Shapes that are unsafe")
        return choice.framing not in WITHOUT_LINES and SOURCES[choice.source].kind not in ("sdk", "tools")
    if choice.framing == "greeting" and choice.flaw:
        return False
    match choice.flaw:
        case "half a document":
            # "lasts until that is closed" (docs/semantics.md, note 5)
            return choice.framing not in WITHOUT_LINES and choice.documents not in UNBOUNDED
        case "garbage":
            # "only as far as the next object" (docs/semantics.md, "What changes")
            return choice.framing not in WITHOUT_LINES or choice.documents in OBJECTS
        case "wrong bytes":
            # Clients decode those in ways of their own; the helper's errors are `json.JSONDecodeError`s
            # (docs/semantics.md, "What stays the same")
            return SOURCES[choice.source].kind == "bytes" and "own" not in choice.handler and choice.codec == "utf-8"
        case _:
            return True


def _fits_source(choice: Choice) -> bool:
    source = SOURCES[choice.source]
    if choice.codec != "utf-8" and (source.kind != "bytes" or choice.decode != "first"):
        return False
    if source.kind in ("sdk", "tools") and choice.framing not in ("concatenated", "lines", "pretty"):
        return False
    has_call = any("call." in line for use in choice.uses for line in USES[use].lines)
    if has_call and "call" not in source.text:
        return False
    if choice.stream == "named, read on" and "two only" not in choice.uses:
        return False  # there would be nothing left to read
    if choice.stream and (source.stream == "stream" or not source.stream.startswith("r.")):
        return False
    if source.loop != "for" and (choice.wrap != "for" or choice.stream):
        return False
    if source.is_async and choice.wrap not in ("for", "list", "generator"):
        return False
    if source.kind == "callback":
        inner_loop = any(step.startswith("for ") for step in steps_of(choice))  # `return` would leave it
        is_plain = choice.wrap == "for" and choice.place == "module" and not choice.stream and not choice.closure
        return is_plain and not inner_loop and not choice.imports
    if choice.wrap not in EXPRESSIONS:
        return True
    if source.inside and (not source.when or choice.wrap in ("map", "values of dict")):
        return False  # not every event has a text
    return _is_expression(choice)


def _fits_place(choice: Choice) -> bool:
    source = SOURCES[choice.source]
    if choice.style == "one line" and not _is_line(choice):
        return False
    if choice.closure and choice.style in ("inline", "one line") and "text" in choice.closure:
        return False
    if choice.closure and choice.place == "class body":
        return False
    if choice.imports == "doctest" and choice.place != "function":
        return False
    if choice.place == "function" or choice.place == "method":
        return True
    lines = [line for use in choice.uses for line in USES[use].lines]
    is_function = source.is_async or HANDLERS[choice.handler].caller or any(line.startswith("yield") for line in lines)
    return not is_function and not SHADOWS[choice.shadow].parameter


def _is_comparable(choice: Choice) -> bool:
    """Decide whether a run's observations are independent of the cuts by nature."""
    if {"forward", "forward first", "yield the piece"} & {*choice.uses} and len(choice.uses) > 1:
        return False  # what is handed on is compared by itself
    if SOURCES[choice.source].kind not in ("sdk", "tools"):
        return True
    # How many events there are, and how much text is in each, is how the stream is cut: the fix leaves that as it is.
    counts = {"count", "size", "heard", "forward first", "piece's size", "text's size"} & {*choice.uses}
    if counts or "size of" in choice.closure or "text" in choice.closure:
        return False
    shows_step = choice.closure or {"forward", "yield the piece", "last piece"} & {*choice.uses}
    return choice.style != "rebound" or not shows_step


def _is_expression(choice: Choice) -> bool:
    has_statements = choice.guards or choice.uses or choice.closure or HANDLERS[choice.handler].lines
    return not has_statements and all(is_operation(step) for step in steps_of(choice))


def _is_line(choice: Choice) -> bool:
    """Decide whether the body has no blocks."""
    lines = [line for use in choice.uses for line in (*USES[use].first, *USES[use].lines)]
    blocks = any(line.endswith(":") for line in lines) or HANDLERS[choice.handler].lines or choice.comments
    return not blocks and not SOURCES[choice.source].inside and all(is_operation(step) for step in steps_of(choice))


def is_operation(step: str) -> bool:
    return not step.startswith(("if ", "for ", "while "))


def steps_of(choice: Choice) -> list[str]:
    """Return the steps between the source and the parser, in order."""
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
