"""Sinks, as rules judge them: parse calls with their possible arguments, and decoded chunks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .catalog.dsl import ENDS_WITH_DONE
from .findings import Finding, Framing, Site, Span, TraceStep
from .flow.access_paths import path_keys_of
from .flow.context import AnalysisContext, ParseRecord
from .flow.exceptions import goes_on, things_used
from .flow.modules import Module
from .flow.narrowing import COUNTED, DONE, KINDS, NOT_BLANK, SSE, STREAMED, TESTED
from .flow.outline import FunctionDef
from .flow.values import APART, SPLIT, CatalogInstance, Evidence, StreamData, union_members

DELIMITED = frozenset((SPLIT, "partitioned", "one part taken", "read line by line"))
"""Texts of trace steps that cut data at a delimiter."""


@dataclass(frozen=True, slots=True)
class ParseSite:
    """A parse call in one call context.

    Attributes:
        parsed: what the interpreter noted.
        run: the analysis that it is part of.
        module: the file that is being checked.
        node: the parse call, or the call in this file that leads to it, where it stands in another one.
    """

    parsed: ParseRecord
    run: AnalysisContext
    module: Module
    node: ast.Call

    def data(self) -> Iterator[StreamData]:
        """Yield the data that may be parsed here, each possibility by itself."""
        for value in union_members(self.parsed.value):
            if isinstance(value, StreamData) and (self.parsed, value.origin.source) not in self.run.told:
                yield value

    def pieces(self, framing: Framing) -> Iterator[StreamData]:
        """Yield the pieces of that framing that may be parsed here with nothing carried over."""
        for data in self.data():
            if data.framing is not framing or not data.piece or self.is_buffered(data):
                continue
            if self.is_known_better(data):
                continue
            if data.origin.source.evidence is Evidence.TYPED or not self.right_where_known:
                yield data

    @property
    def right_where_known(self) -> bool:
        """Decide whether callers in the program pass known data that may be parsed here rightly."""
        known = [
            data
            for parsed in self.run.contexts.get(self.parsed.node, ())
            if parsed is not self.parsed
            for data in union_members(parsed.value)
            if isinstance(data, StreamData) and data.origin.source.evidence is Evidence.TYPED
        ]
        return bool(known) and not any(
            data.framing in (Framing.CHUNK, Framing.FRAGMENT) and data.piece for data in known
        )

    def is_buffered(self, data: StreamData) -> bool:
        """Decide whether a cut piece is kept: the rest of a split, a piece extended where it is stored, or one that
        fails and is parsed again with what follows in the same loop.
        """
        if self.is_joined_with_next(data) or self.is_accumulated(data):
            return True
        return self.caught and (self.parsed.loop, data.origin.source) in self.run.parsed_again

    def is_joined_with_next(self, data: StreamData) -> bool:
        """Decide whether a part of that split is parsed together with the next step."""
        return data.split is not None and data.split in self.run.mended_splits

    def is_accumulated(self, data: StreamData) -> bool:
        """Decide whether a piece of an earlier step comes from a place where such pieces are joined."""
        return data.from_previous_iteration and data.origin.source.kind in self.run.grown

    def objects(self) -> Iterator[CatalogInstance]:
        """Yield the decoded events that may be parsed here."""
        for value in union_members(self.parsed.value):
            if not isinstance(value, CatalogInstance) or not value.type.decoded or value.origin is None:
                continue
            if (self.parsed, value.origin.source) not in self.run.told:
                yield value

    def retried(self) -> Iterator[StreamData]:
        """Yield the growing buffers that are parsed in the very loop that extends them, failures being ignored."""
        loop = self.parsed.loop
        if not self.swallowed or loop is None or not _stands_in(self.parsed.guards[-1].node, loop.node):
            return
        for data in self.data():
            piecemeal = data.origin.source.framing in (Framing.CHUNK, Framing.FRAGMENT)
            if data.framing is Framing.FRAGMENT and self._waits_for_the_end(loop.node):
                continue
            if data.buffered and piecemeal and data.split is None and not data.cut and data.loop == self.parsed.loop:
                yield data

    def _waits_for_the_end(self, loop: ast.AST) -> bool:
        """Decide whether the joined data is parsed only under a test of something else, such as a stop event."""
        here = (self.parsed.node, *self.parsed.context)
        call = next((node for node in here if _stands_in(node, loop)), loop)
        names = {part.id for part in ast.walk(call) if isinstance(part, ast.Name)}
        for test in ast.walk(loop):
            if isinstance(test, ast.If) and _stands_in(call, test):
                asked = {part.id for part in ast.walk(test.test) if isinstance(part, ast.Name)}
                if asked and names.isdisjoint(asked):
                    return True
        return False

    @property
    def caught(self) -> bool:
        """Decide whether a handler catches what the parser raises, here or in a caller."""
        return bool(self.parsed.guards) or self.parsed.function in self.run.guarded

    @property
    def swallowed(self) -> bool:
        """Decide whether that handler drops the data."""
        return bool(self.parsed.guards) and self.parsed.guards[-1].swallows

    def loses_silently(self, data: StreamData | CatalogInstance) -> bool:
        """Decide whether that handler drops the data without any visible effect."""
        return bool(self.parsed.guards) and self.parsed.guards[-1].silent and not data.buffered

    def passed_on(self, data: StreamData) -> bool:
        """Decide whether the handler continues with the very text that could not be parsed."""
        if not self.parsed.guards or self.parsed.argument is None:
            return False
        around = self.parsed.guards[-1].node
        if not any(node is self.parsed.node for statement in around.body for node in ast.walk(statement)):
            return False
        ways = set(things_used(self.parsed.argument))
        ways |= {path_keys_of(hop.node) for hop in data.trace if hop.path == self.parsed.module.path} - {()}
        return any(goes_on(handler, ways, self.parsed.module) for handler in around.handlers)

    @property
    def parser(self) -> str:
        """Return the parser's name as a person calls it."""
        if self.elsewhere:
            return f"{ast.unparse(self.node.func)}()"
        name = self.parsed.parser
        return f"{name.removeprefix('builtins.')}()"

    def knows(self, data: StreamData, fact: str) -> bool:
        """Decide whether a test on the way established a fact."""
        return fact in data.known or any((source, fact) in self.parsed.facts for source in data.sources)

    def trusts_length(self, data: StreamData) -> bool:
        """Decide whether a read of an announced length is treated as complete without checking how much has come."""
        return data.origin.announced and not self.counted(data)

    def counted(self, data: StreamData) -> bool:
        """Decide whether a single read was compared with the length that is due."""
        return data.origin.single and self.knows(data, COUNTED)

    def is_sse_line(self, data: StreamData) -> bool:
        """Decide whether a line is one of server-sent events, by the request or the program.

        That as much is cut off as `data: ` takes tells so, too, where a stream was asked for; else not what the service
        sends besides blank lines, which no such stream does without, and the mark at the end of OpenAI's.
        """
        if data.sse or self.knows(data, SSE):
            return True
        if not data.counted_off or self.knows(data, TESTED):
            return False
        return self.parsed.ends_with_done or self.knows(data, STREAMED) or not self.knows(data, NOT_BLANK)

    def is_known_better(self, data: StreamData) -> bool:
        """Decide whether the program knows an unlisted client better: it tests the type of a step, or handles all kinds
        of event-stream lines.
        """
        if data.origin.source.event is None:
            return False
        events = data.sse or self.knows(data, SSE)
        return self.knows(data, TESTED) or (events and not self.crashing_kinds(data))

    def crashing_kinds(self, data: StreamData) -> list[str]:
        """Return the kinds of event-stream lines that are not JSON and may come here; none where that is unknown."""
        if self.knows(data, TESTED):
            return []
        if data.counted_off and not data.sse and self.knows(data, NOT_BLANK) and self.knows(data, DONE):
            return []  # who cuts by number, and looks for both, knows what else the service sends
        ends = self.parsed.ends_with_done or self.knows(data, ENDS_WITH_DONE)
        return [kind for kind in KINDS if not self.knows(data, kind) and (ends or kind != DONE)]

    @property
    def elsewhere(self) -> bool:
        """Decide whether the parser is called in another file."""
        return self.node is not self.parsed.node

    def finding(self, code: str, name: str, message: str, data: StreamData | CatalogInstance) -> Finding:
        """Return a finding about this call."""
        module = self.module
        origin = data.origin
        assert origin is not None
        site = _site(self, data)
        return Finding(
            code=code,
            name=name,
            path=module.path,
            span=span_of(self.node, module),
            message=message,
            source=_source_span(data, module),
            framing=data.framing if isinstance(data, StreamData) else Framing.OBJECT,
            source_name=origin.source.name,
            trace=_trace(self, data),
            site=site,
            source_path=None if origin.source.path == module.path else origin.source.path,
        )


@dataclass(frozen=True, slots=True)
class DecodeSite:
    """A decoded chunk: `chunk.decode()`."""

    node: ast.Call
    data: StreamData
    module: Module

    @property
    def delimited(self) -> bool:
        """Decide whether the chunk is cut at a delimiter, which is no part of a character."""
        return self.data.split is not None or any(hop.text in DELIMITED for hop in self.data.trace)

    def finding(self, code: str, name: str, message: str) -> Finding:
        """Return a finding about this call. It has no site: the step is not parsed here."""
        origin = self.data.origin
        return Finding(
            code=code,
            name=name,
            path=self.module.path,
            span=span_of(self.node, self.module),
            message=message,
            source=_source_span(self.data, self.module),
            framing=self.data.framing,
            source_name=origin.source.name,
            trace=tuple(_steps(self.data, self.module)),
            source_path=None if origin.source.path == self.module.path else origin.source.path,
        )


def _stands_in(node: ast.AST, around: ast.AST) -> bool:
    return any(inner is node for inner in ast.walk(around))


def parse_in(module: Module, parsed: ParseRecord, run: AnalysisContext) -> ParseSite | None:
    """Return a parse as the file sees it: by its own call of the parser, or by the call leading to a file with it; else
    None.
    """
    if parsed.module is module:
        return ParseSite(parsed, run, module, parsed.node)
    for call, caller in zip(reversed(parsed.context), reversed(parsed.callers), strict=True):
        if caller is module:
            return ParseSite(parsed, run, module, call) if isinstance(call, ast.Call) else None
    return None


def _site(parse: ParseSite, data: StreamData | CatalogInstance) -> Site | None:
    """Return the syntax around the finding, if the stream is read in this file, and one read brings what is parsed."""
    parsed = parse.parsed
    origin = data.origin
    assert origin is not None
    if parsed.spread or not parse.module.holds(origin.producer):
        return None
    helpers = _helpers(parse)
    if helpers is None:
        return None
    if isinstance(data, StreamData) and any(source.drains for source in data.sources):
        return None
    if isinstance(data, StreamData) and any(hop.text in APART for hop in data.trace):
        return None
    home = parse.module
    return Site(
        tree=home.tree,
        parse=parsed.node,
        argument=parsed.argument,
        parser=parsed.parser,
        producer=origin.producer,
        step=origin.step,
        target=origin.target,
        path=tuple(hop.node for hop in data.trace if hop.path in (home.path, parsed.module.path)),
        text=data.origin.source.text if isinstance(data, StreamData) else None,
        split=data.split if isinstance(data, StreamData) else None,
        try_=parsed.guards[-1].node if parsed.guards else None,
        swallowed=parse.swallowed,
        source=origin.source.node if origin.source.path == home.path else None,
        announced=origin.announced,
        idle=isinstance(data, StreamData) and any(source.idle for source in data.sources),
        decoded=isinstance(data, StreamData) and any(source.event is not None for source in data.sources),
        call=parse.node if parse.elsewhere else None,
        helpers=helpers,
    )


def _helpers(parse: ParseSite) -> tuple[tuple[str, FunctionDef], ...] | None:
    """Return the functions of other files that lead to the parse call, with the names they are called by.

    None where it is not by calls alone that it is reached.
    """
    parsed = parse.parsed
    if not parse.elsewhere:
        return ()
    found = []
    inside: ast.AST = parsed.node
    home = parsed.module
    for call, caller in zip(reversed(parsed.context), reversed(parsed.callers), strict=True):
        function = _function_around(inside, home)
        if not isinstance(call, ast.Call) or function is None:
            return None
        match call.func:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                found.append((name, function))
            case _:
                return None
        if call is parse.node:
            return tuple(found)
        inside, home = call, caller
    return None


def _function_around(node: ast.AST, module: Module) -> FunctionDef | None:
    around = [
        each
        for each in ast.walk(module.tree)
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(node is part for part in ast.walk(each))
    ]
    return around[-1] if around else None


def _trace(parse: ParseSite, data: StreamData | CatalogInstance) -> tuple[TraceStep, ...]:
    parsed = parse.parsed
    path = parsed.module.path if parse.elsewhere else None
    last = TraceStep(span_of(parsed.node, parsed.module), f"parsed by {parsed.parser}()", path)
    return (*_steps(data, parse.module), last)


def _steps(data: StreamData | CatalogInstance, module: Module) -> Iterator[TraceStep]:
    for hop in data.trace:
        home = module.run.modules.get(hop.path, module)
        path = None if hop.path == module.path else hop.path
        yield TraceStep(span_of(hop.node, home), hop.text, path)


def _source_span(data: StreamData | CatalogInstance, module: Module) -> Span:
    origin = data.origin
    assert origin is not None
    return span_of(origin.source.node, module.run.modules.get(origin.source.path, module))


def span_of(node: ast.AST, module: Module) -> Span:
    """Return a node's span, with columns in characters."""
    if isinstance(node, ast.comprehension | ast.For | ast.AsyncFor):
        node = node.target
    line = getattr(node, "lineno", 1)
    end_line = getattr(node, "end_lineno", None) or line
    column = getattr(node, "col_offset", 0)
    end_column = getattr(node, "end_col_offset", None) or column
    if isinstance(node, ast.While | ast.FunctionDef | ast.AsyncFunctionDef):
        end_line, end_column = line, column
    return Span(line, module.column(line, column), end_line, module.column(end_line, end_column))
