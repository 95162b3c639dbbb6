"""The grammar: a program is one choice for each of its parts, and its text is made from the choice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from .parts import (
    CLEANINGS,
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
    Source,
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
        return {
            each.name: value for each in fields(self) if (value := getattr(self, each.name)) != each.default
        }

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
    if source.is_async and (choice.place in ("module", "class body") or choice.wrap not in ("for", "list", "generator")):
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
    if source.kind == "sdk" and {"count", "size", "heard", "piece's size"} & {*choice.uses}:
        return False  # how many events there are, and of what size, is how the stream is cut
    if source.kind == "sdk" and "size of" in choice.closure:
        return False
    if source.kind == "sdk" and choice.framing not in ("concatenated", "lines", "pretty"):
        return False
    return not (choice.closure and source.kind == "callback")


def _is_expression(choice: Choice) -> bool:
    return not (
        choice.guards or choice.uses or choice.handler in ("continue", "bad", "whole", "else", "break", "count")
    ) and all(_is_operation(step) for step in steps_of(choice))


def _is_operation(step: str) -> bool:
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


@dataclass
class Body:
    """Lines of the loop's body as they are written, and what the piece is called by then."""

    step: str
    is_bytes: bool
    style: str
    depth: int = 0
    lines: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        self.text = self.step

    def write(self, line: str) -> None:
        self.lines.append(INDENT * self.depth + line)

    def filled(self, template: str) -> str:
        return template.replace("{x}", self.text).replace("{q}", "b" if self.is_bytes else "").replace("{s}", self.step)

    def add(self, step: str) -> None:
        """One operation, test or loop more."""
        if step.endswith(".decode()") or ".decode(" in step:
            if not self.is_bytes:
                return
            self._operation(self.filled(step))
            self.is_bytes = False
            return
        if _is_operation(step):
            self._operation(self.filled(step))
            return
        self._bind()
        test = self.filled(step)
        if test.endswith(":"):
            self.write(test)
            self.depth += 1
        else:
            at = test.rindex(": ")
            self.write(test[: at + 1])
            self.lines += [INDENT * (self.depth + 1) + statement for statement in test[at + 2 :].split("; ")]
        if step.startswith("for "):
            self.text = step.split()[1]

    def _operation(self, expression: str) -> None:
        if self.style == "inline":
            self.text = expression
        elif self.style == "rebound":
            self.write(f"{self.step} = {expression}")
            self.text = self.step
        else:
            self.write(f"text = {expression}")
            self.text = "text"

    def _bind(self) -> None:
        if not self.text.isidentifier() and "." not in self.step:
            self.write(f"text = {self.text}")
            self.text = "text"


def render(choice: Choice) -> str:
    """The program's text."""
    source = SOURCES[choice.source]
    if choice.wrap in EXPRESSIONS:
        loop, after = _expression(choice, source)
    else:
        loop, after = _loop(choice, source)
    return _placed(choice, source, loop, after)


def _expression(choice: Choice, source: Source) -> tuple[list[str], list[str]]:
    body = Body("chunk" if source.text == "{s}" else source.step, source.kind == "bytes", "inline")
    if source.text != "{s}":
        body.text = source.text.replace("{s}", source.step)
    for step in steps_of(choice):
        body.add(step)
    value = PARSERS[choice.parser].call.replace("{x}", body.text)
    head = f"{'async ' if source.is_async else ''}for {body.step} in {source.stream}"
    match choice.wrap:
        case "list":
            return [f"rows = [{value} {head}]"], ["print(rows)"]
        case "generator":
            loop = "async for" if source.is_async else "for"
            return [f"{loop} row in ({value} {head}):", INDENT + "print(row)"], []
        case "values of dict":
            return [f"rows = {{number: {value} for number, {body.step} in enumerate({source.stream})}}"], ["print(rows)"]
        case _:
            return [f"for row in map(lambda {body.step}: {value}, {source.stream}):", INDENT + "print(row)"], []


def _loop(choice: Choice, source: Source) -> tuple[list[str], list[str]]:
    """The loop's lines, and what stands behind it."""
    body = Body(source.step, source.kind in ("bytes", "callback"), choice.style)
    for line in source.inside:
        body.write(line)
    if source.text != "{s}":
        body.text = source.text.replace("{s}", source.step)
        if choice.style != "inline":
            body.write(f"text = {body.text}")
            body.text = "text"
    before, after = [], []
    for use in choice.uses:
        before += USES[use].before
        after += USES[use].after
    for use in choice.uses:
        for line in USES[use].first:
            body.write(body.filled(line))
    handler = HANDLERS[choice.handler]
    before += handler.before
    if handler.whole:
        body.write("try:")
        body.depth += 1
    depth = body.depth
    for step in steps_of(choice):
        body.add(step)
    parser = PARSERS[choice.parser]
    call = f"row = {body.filled(parser.call)}"
    if handler.lines and not handler.whole:
        body.write("try:")
        body.lines.append(INDENT * (body.depth + 1) + call)
        _write_handler(body, handler.lines, parser.error)
    else:
        body.write(call)
    uses = _used(choice)
    if handler.whole:
        nested = body.depth > depth
        if nested:  # there may be several values, or none: they are used where they are made
            uses, inside = [], uses
            for line in inside:
                body.write(body.filled(line))
        body.depth = depth - 1
        _write_handler(body, handler.lines, parser.error)
    if handler.otherwise:
        body.write("else:")
        body.depth += 1
    for line in uses:
        body.write(body.filled(line))
    if choice.closure:
        body.write("print(told())")
    before, after = ([line.replace("{s}", source.step) for line in lines] for lines in (before, after))
    if source.kind == "callback":
        left = {"continue": "return", "break": "return"}
        lines = [*before, *body.lines]
        return [line.replace(word, left.get(word, word)) for line in lines for word in [line.strip()]], after
    head = _head(choice, source)
    if choice.comments:
        body.lines = [f"{line}  # {number}th word" for number, line in enumerate(body.lines)]
    lines = [*before, *source.before, head, *(INDENT + line for line in body.lines)]
    if choice.closure == "step, after the loop":
        after = [*after, "print(told())"]
    if handler.around:
        inside = [INDENT + line for line in lines]
        lines = ["try:", *inside, *(line.replace("{error}", parser.error) for line in handler.around)]
    return lines, after


def _used(choice: Choice) -> list[str]:
    """The lines behind the parser; each value is shown once."""
    lines = [line for use in choice.uses for line in USES[use].lines] or ["print(row)"]
    return [line for at, line in enumerate(lines) if line != "print(row)" or at == lines.index(line)]


def _write_handler(body: Body, lines: Sequence[str], error: str) -> None:
    for line in lines:
        body.write(line.replace("{error}", error))


def _head(choice: Choice, source: Source) -> str:
    if source.loop != "for":
        return source.loop
    keyword = "async for" if source.is_async else "for"
    match choice.wrap:
        case "enumerate":
            return f"{keyword} number, {source.step} in enumerate({source.stream}):"
        case "zip":
            return f"{keyword} number, {source.step} in zip(range(1000), {source.stream}):"
        case "islice":
            return f"{keyword} {source.step} in itertools.islice({source.stream}, 2):"
        case _:
            return f"{keyword} {source.step} in {source.stream}:"


def _placed(choice: Choice, source: Source, loop: list[str], after: list[str]) -> str:
    parser = PARSERS[choice.parser]
    shadow = SHADOWS[choice.shadow]
    closure = CLOSURES[choice.closure]
    lines = [*source.head, *loop, *after]
    for number, line in enumerate(source.head):
        if line.endswith(":"):
            lines = [*source.head[: number + 1], *(INDENT + each for each in [*source.head[number + 1 :], *loop, *after])]
    text = "\n".join(lines)
    imports = sorted({"import json", *source.imports, *parser.imports})
    extra = [f"import {name}" for name in ("itertools", "re") if f"{name}." in text]
    if "send(" in text or "yield the piece" in choice.uses or source.kind == "callback":
        extra.append("from app import send, serve" if source.kind == "callback" else "from app import send")
    made = [*sorted({*imports, *extra}), "", *parser.module, *shadow.module]
    lines = [*shadow.local, *lines]
    if closure:
        told = ["def told():", INDENT + "return " + closure.replace("{s}", source.step)]
        lines = [*told, "", *lines]
    is_generator = any(line.strip().startswith("yield") for line in lines)
    prefix = "async " if source.is_async else ""
    if source.kind == "callback":
        made += ["class Client(asyncio.Protocol):", INDENT + "def connection_made(self, transport):"]
        made += [INDENT * 2 + "self.transport = transport", "", INDENT + "def data_received(self, data):"]
        made += [INDENT * 2 + line for line in lines]
        made += ["", "", "serve(Client)"]
        return "\n".join(made) + "\n"
    match choice.place:
        case "module":
            made += lines
        case "class body":
            made += ["class Rows:", *(INDENT + line for line in lines)]
        case "method":
            made += ["class Client:", INDENT + f"{prefix}def rows(self{shadow.parameter}):"]
            made += [INDENT * 2 + line for line in lines]
            made += ["", "", *_called(choice, "Client().rows()", source.is_async, is_generator)]
        case _:
            made += [f"{prefix}def rows(url{shadow.parameter}):", *(INDENT + line for line in lines)]
            made += ["", "", *_called(choice, 'rows("http://x")', source.is_async, is_generator)]
    return "\n".join(made) + "\n"


def _called(choice: Choice, call: str, is_async: bool, is_generator: bool) -> list[str]:
    """The lines that call the function and show what it gives."""
    caught = [line.replace("{error}", PARSERS[choice.parser].error) for line in HANDLERS[choice.handler].caller]
    head = "async for" if is_async else "for"
    lines = [call]
    if is_generator:
        shown = "send(item)" if "yield the piece" in choice.uses else "print(item)"
        lines = [f"{head} item in {call}:", INDENT + shown]
    elif is_async:
        lines = [f"await {call}"]
    if caught:
        lines = ["try:", *(INDENT + line for line in lines), *caught]
    if not is_async:
        return lines
    return ["async def main():", *(INDENT + line for line in lines), "", "", "asyncio.run(main())"]


def comments(text: str) -> list[str]:
    return [line[line.index("  # ") + 2 :] for line in text.splitlines() if "  # " in line]


def smaller(choice: Choice) -> list[Choice]:
    """Choices with one part less, or a smaller one."""
    found: list[Choice] = []
    for each in fields(choice):
        value = getattr(choice, each.name)
        if value == each.default:
            continue
        if each.name == "framing":
            found.append(replace(choice, framing="concatenated", cleaning=0))
            found.append(replace(choice, framing="lines", cleaning=0))
        elif isinstance(value, tuple):
            found += [replace(choice, **{each.name: value[:at] + value[at + 1 :]}) for at in range(len(value))]
        elif each.name == "cleaning":
            found += [replace(choice, cleaning=at) for at in range(value)]
        else:
            found.append(replace(choice, **{each.name: each.default}))
    return [one for one in found if one != choice and possible(one)]
