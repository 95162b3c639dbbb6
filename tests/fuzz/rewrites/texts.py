"""The text of a program, made from its choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .grammar import EXPRESSIONS, INDENT, Choice, is_operation, steps_of
from .parts import CLOSURES, HANDLERS, PARSERS, SHADOWS, SOURCES, USES, Source


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
        if is_operation(step):
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
            return [f"rows = {{number: {value} for number, {body.step} in enumerate({source.stream})}}"], [
                "print(rows)"
            ]
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
            lines = [
                *source.head[: number + 1],
                *(INDENT + each for each in [*source.head[number + 1 :], *loop, *after]),
            ]
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
