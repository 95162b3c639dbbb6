"""The text of a program, made from its choice."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass, field
from tokenize import COMMENT

from .grammar import EXPRESSIONS, INDENT, Choice, is_operation, steps_of
from .parts import CLOSURES, HANDLERS, IMPORTS, PARSERS, SHADOWS, USES
from .sources import SOURCES, Source


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
        if self.style in ("inline", "one line"):
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
    """Return the program's text."""
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
    stream = _stream(choice, source)
    when = source.when.replace("{s}", body.step)
    head = f"{'async ' if source.is_async else ''}for {body.step} in {stream}{when}"
    match choice.wrap:
        case "list":
            return [f"rows = [{value} {head}]"], ["print(rows)"]
        case "list called list":
            return [f"list = [{value} {head}]"], ["print(list)"]
        case "generator":
            loop = "async for" if source.is_async else "for"
            return [f"{loop} row in ({value} {head}):", INDENT + "print(row)"], []
        case "values of dict":
            items = f"number: {value} for number, {body.step} in enumerate({stream})"
            return [f"rows = {{{items}}}"], ["print(rows)"]
        case _:
            return [f"for row in map(lambda {body.step}: {value}, {stream}):", INDENT + "print(row)"], []


def _stream(choice: Choice, source: Source) -> str:
    named = {"": source.stream, "function": "opened(r)", "generator": "pieces(r)"}
    return named.get(choice.stream, "stream")


def _loop(choice: Choice, source: Source) -> tuple[list[str], list[str]]:
    """Return the loop's lines, and what stands behind it."""
    body = Body(source.step, source.kind in ("bytes", "callback"), choice.style)
    for line in source.inside:
        body.write(line)
        if line.startswith("for "):
            body.depth += 1
    if source.text != "{s}":
        body.text = source.text.replace("{s}", source.step)
        if choice.style in ("named", "rebound"):
            body.write(f"text = {body.text}")
            body.text = "text"
    before: list[str] = []
    after: list[str] = []
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
    if choice.closure and "below" not in choice.closure:
        body.write("print(told())")
    before, after = ([line.replace("{s}", source.step) for line in lines] for lines in (before, after))
    if source.kind == "callback":
        left = {"continue": "return", "break": "return"}
        lines = [*before, *body.lines]
        return [line.replace(word, left.get(word, word)) for line in lines for word in [line.strip()]], after
    loop = [*source.before, _head(choice, source), *(INDENT + line for line in body.lines)]
    if choice.style == "one line":
        loop = [*source.before, f"{_head(choice, source)} {'; '.join(body.lines)}"]
    lines = [*before, *_commented(loop, choice.comments)]
    if otherwise := [line for use in choice.uses for line in USES[use].otherwise]:
        lines += ["else:", *(INDENT + line for line in otherwise)]
    if "below" in choice.closure:
        after = [*_told(choice, source), *after]
    if "below" in choice.closure or "after" in choice.closure:
        after = [*after, "print(told())"]
    if handler.around:
        inside = [INDENT + line for line in lines]
        lines = ["try:", *inside, *(line.replace("{error}", parser.error) for line in handler.around)]
    return lines, after


def _told(choice: Choice, source: Source) -> list[str]:
    """Return a function that reads what the loop binds."""
    return ["def told():", INDENT + "return " + CLOSURES[choice.closure].replace("{s}", source.step), ""]


def _commented(lines: list[str], where: str) -> list[str]:
    made: list[str] = []
    for number, line in enumerate(lines):
        indent = line[: len(line) - len(line.lstrip())]
        name, bracket, rest = line.partition("(")
        if where == "behind":
            made.append(f"{line}  # {number}th word")
        elif where == "above":
            made += [f"{indent}# {number}th word", line]
        elif where == "in brackets" and " = " in name and rest.endswith(")"):
            made += [
                f"{name}{bracket}  # opened",
                f"{indent}{INDENT}{rest[:-1]}  # {number}th word",
                f"{indent})  # closed",
            ]
        else:
            made.append(line)
    return made


def _used(choice: Choice) -> list[str]:
    """Return the lines behind the parser; each value is shown once."""
    lines = [line for use in choice.uses for line in USES[use].lines] or ["print(row)"]
    return [line for at, line in enumerate(lines) if line != "print(row)" or at == lines.index(line)]


def _write_handler(body: Body, lines: Sequence[str], error: str) -> None:
    for line in lines:
        body.write(line.replace("{error}", error))


def _head(choice: Choice, source: Source) -> str:
    if source.loop != "for":
        return source.loop
    keyword = "async for" if source.is_async else "for"
    stream = _stream(choice, source)
    match choice.wrap:
        case "enumerate":
            return f"{keyword} number, {source.step} in enumerate({stream}):"
        case "zip":
            return f"{keyword} number, {source.step} in zip(range(1000), {stream}):"
        case "zip, second":
            return f"{keyword} {source.step}, number in zip({stream}, range(1000)):"
        case "islice":
            return f"{keyword} {source.step} in itertools.islice({stream}, 2):"
        case _:
            return f"{keyword} {source.step} in {stream}:"


def _placed(choice: Choice, source: Source, loop: list[str], after: list[str]) -> str:
    shadow = SHADOWS[choice.shadow]
    if choice.stream.startswith("named"):
        loop = [f"stream = {source.stream}", *loop]
    if choice.stream == "named, read on":
        after = [
            f"{'async ' if source.is_async else ''}for left in stream:",
            INDENT + "print(json.loads(left))",
            *after,
        ]
    lines = [*source.head, *loop, *after]
    for number, line in enumerate(source.head):
        if line.endswith(":"):
            rest = [*source.head[number + 1 :], *loop, *after]
            lines = [*source.head[: number + 1], *(INDENT + each for each in rest)]
    lines = [*shadow.local, *lines]
    if choice.closure and "below" not in choice.closure:
        lines = [*_told(choice, source), *lines]
    made = [*_imports(choice, source, "\n".join(lines)), "", *PARSERS[choice.parser].module, *shadow.module]
    made += _opened(choice, source)
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
            name = "list" if choice.shadow == "list method" else "rows"
            made += ["class Client:", INDENT + f"{prefix}def {name}(self{shadow.parameter}):"]
            made += [INDENT * 2 + line for line in lines]
            made += ["", "", *_called(choice, f"Client().{name}()", source.is_async, is_generator)]
        case _:
            made += [f"{prefix}def rows(url{shadow.parameter}):"]
            if choice.imports == "doctest":
                made += [INDENT + line for line in ('"""Rows.', "", '>>> json.dumps({"a": 1})', "'{\"a\": 1}'", '"""')]
            made += [INDENT + line for line in lines]
            made += ["", "", *_called(choice, 'rows("http://x")', source.is_async, is_generator)]
            if choice.imports == "doctest":
                made.append("(test,) = doctest.DocTestFinder().find(rows, 'rows', module=False, globs=globals())")
                made.append("print(doctest.DocTestRunner(verbose=False).run(test, out=str))")
    return "\n".join(made) + "\n"


def _imports(choice: Choice, source: Source, text: str) -> list[str]:
    own = IMPORTS[choice.imports] if choice.imports else ()
    names = {*source.imports, *PARSERS[choice.parser].imports}
    if not any("json" in line for line in own):
        names.add("import json")
    names |= {f"import {name}" for name in ("itertools", "re") if f"{name}." in text}
    sends = "send(" in text or "yield the piece" in choice.uses
    if source.kind == "callback":
        names.add("from app import send, serve")
    elif sends:
        names.add("from app import send")
    if choice.imports == "from":
        names.discard("from json import loads")
        handler = HANDLERS[choice.handler]
        if choice.parser != "loads" or any(
            "{error}" in line for line in (*handler.lines, *handler.around, *handler.caller)
        ):
            names.add("import json")
    return [*own, *sorted(names)]


def _opened(choice: Choice, source: Source) -> list[str]:
    """Return a function that gives the stream."""
    loop, prefix = ("async for", "async ") if source.is_async else ("for", "")
    if choice.stream == "function":
        return ["def opened(r):", f"{INDENT}return {source.stream}", "", ""]
    if choice.stream == "generator":
        lines = [f"{prefix}def pieces(r):", f"{INDENT}{loop} piece in {source.stream}:", f"{INDENT * 2}yield piece"]
        return [*lines, "", ""]
    return []


def _called(choice: Choice, call: str, is_async: bool, is_generator: bool) -> list[str]:
    """Return the lines that call the function and show what it gives."""
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
    """Return the comments that people wrote for people."""
    return [token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == COMMENT]
