"""Explanations of why a parse call is reported or not: the deciding fact, with the data flow."""

from __future__ import annotations

from .findings import Finding, Framing, Span
from .flow.context import AnalysisContext
from .flow.modules import Module
from .flow.values import CatalogInstance, Constant, Evidence, StreamData, Unknown, Value, union_members
from .sinks import ParseSite, parse_in


def explain_line(
    run: AnalysisContext, module: Module, line: int, reported: list[Finding], silent: list[Finding]
) -> list[str]:
    """Return one sentence for each possibility of each parse call on that line.

    Args:
        reported: what is said of the file.
        silent: what rules would say of it that are not asked for.
    """
    found = [f"{finding.code}: {finding.message}" for finding in reported if _covers(finding.span, line)]
    found += [
        f"silent, since {finding.code} is not asked for: {finding.message}"
        for finding in silent
        if _covers(finding.span, line)
    ]
    for parsed in run.parses.values():
        parse = parse_in(module, parsed, run)
        if parse is not None and parse.node.lineno <= line <= (parse.node.end_lineno or parse.node.lineno):
            found += [text for value in union_members(parsed.value) if (text := _silence(value, parse))]
    return list(dict.fromkeys(found)) or [f"no parse call was seen on line {line}"]


def _covers(span: Span, line: int) -> bool:
    return span.line <= line <= span.end_line


def _silence(value: Value, parse: ParseSite) -> str:
    match value:
        case StreamData() | CatalogInstance() if (
            value.origin is not None and (parse.parsed, value.origin.source) in parse.run.told
        ):
            return f"told elsewhere: {value.origin.source.path} reads and parses it, and is where that is reported"
        case StreamData(buffered=True):
            return f"buffered: put together from several steps of {value.origin.source.name}{_way(value)}"
        case StreamData(framing=Framing.WHOLE):
            return f"whole: {value.origin.source.name} gives all there is{_way(value)}"
        case StreamData(framing=(Framing.LINE | Framing.MESSAGE | Framing.EVENT) as framing):
            return f"{framing.value}: a step of {value.origin.source.name} is one {framing.value}{_way(value)}"
        case StreamData() if parse.is_known_better(value):
            return f"known: what a step of {value.origin.source.name} is has been tested{_way(value)}"
        case StreamData() if parse.counted(value):
            return f"counted: its length was compared with what is due{_way(value)}"
        case StreamData(framing=Framing.CHUNK) if value.origin.single and value.origin.source.exact:
            return f"whole: one {value.origin.source.name} brings as much as it is asked for{_way(value)}"
        case StreamData(framing=Framing.FRAGMENT) if parse.passed_on(value):
            return f"passed on: a fragment that is no document goes on as text{_way(value)}"
        case StreamData(framing=Framing.OBJECT):
            return f"unknown: {value.origin.source.name} hands out something with parts, not text{_way(value)}"
        case StreamData() if parse.is_joined_with_next(value):
            return f"buffered: the rest of that split is put in front of the next step{_way(value)}"
        case StreamData() if parse.is_accumulated(value):
            return (
                f"buffered: made longer, where it is kept, by several steps of {value.origin.source.name}{_way(value)}"
            )
        case StreamData() if parse.is_buffered(value):
            return f"buffered: the error is caught, and the piece parsed again with what follows{_way(value)}"
        case StreamData() if value.origin.source.evidence is not Evidence.TYPED and parse.right_where_known:
            return f"known: callers hand over what may be parsed here{_way(value)}"
        case StreamData():
            return ""
        case CatalogInstance(type=known):
            return (
                "" if known.decoded and value.origin is not None else f"unknown: {known.label} is no data of a stream"
            )
        case Constant():
            return "constant: written in the program"
        case Unknown(reason=why):
            return f"killed: {why}" if why else "unknown: nothing tells where this comes from"
        case _:
            return "unknown: no data of a stream"


def _way(data: StreamData) -> str:
    steps = [f"line {getattr(hop.node, 'lineno', '?')} {hop.text}" for hop in data.trace]
    return f" ({'; '.join(steps)})" if steps else ""
