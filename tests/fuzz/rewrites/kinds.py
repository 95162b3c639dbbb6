"""Kinds of programs whose fix was wrong once, as choices of the grammar: it has to be able to write each of them."""

from __future__ import annotations

from .cleanings import CLEANINGS
from .grammar import Choice


def cleaned(framing: str, words: str) -> int:
    """Return the number of the cleaning that contains these words."""
    return next(at for at, steps in enumerate(CLEANINGS[framing]) if words in " ; ".join(steps))


KINDS: dict[str, Choice] = {
    # What is parsed is transformed first.
    "words are replaced": Choice(decode="first", extras=("replace words",)),
    "quotes are replaced": Choice(framing="single quotes", decode="first"),
    "constants are replaced": Choice(framing="constants", decode="first"),
    "NUL is taken out": Choice(decode="first", extras=("replace NUL",), documents="foreign", framing="lines"),
    "a trailing comma is taken out": Choice(source="httpx text", framing="trailing comma"),
    "letters become small": Choice(decode="first", extras=("lower",), documents="quoted"),
    "brackets are put around": Choice(decode="first", extras=("brackets",)),
    "documents are joined into a list": Choice(framing="pairs", decode="first"),
    "from bracket to bracket": Choice(framing="log prefix", cleaning=cleaned("log prefix", "rfind")),
    "an assignment is cut off": Choice(framing="assigned", decode="first"),
    "replaced before a decoder is fed": Choice(source="openai", extras=("replace words",), uses=("last piece",)),
    # Separators and terminators.
    "NUL behind": Choice(framing="NUL"),
    "NUL behind, by a slice": Choice(framing="NUL", cleaning=cleaned("NUL", "= {x}[:-1]")),
    "RS behind": Choice(framing="RS behind"),
    "a semicolon behind": Choice(framing="semicolon", decode="first"),
    "a comma behind": Choice(framing="comma"),
    "a bar behind": Choice(framing="bar"),
    "a word behind": Choice(framing="END"),
    "a blank line behind": Choice(framing="blank line", cleaning=cleaned("blank line", "split")),
    "an array by lines": Choice(framing="array lines", decode="first"),
    "an array by elements": Choice(framing="array elements"),
    "the end of an event is tested for": Choice(
        framing="events, comments",
        cleaning=cleaned("events, comments", "== {q}'data: [DONE]\\n\\n'"),
        decode="first",
        parser="decoder",
    ),
    "an array by elements that begin with commas": Choice(
        framing="array elements", decode="first", guards=("contains",), extras=("sub",)
    ),
    "an end mark without the bar behind it": Choice(
        framing="bar", cleaning=cleaned("bar", "for line"), guards=("done",), handler="around", style="named"
    ),
    "a line separator, and brackets around": Choice(
        framing="line separator",
        cleaning=cleaned("line separator", "rstrip"),
        extras=("brackets",),
        guards=("contains",),
    ),
    "a blank line behind, and brackets around": Choice(
        framing="blank line", extras=("brackets",), uses=("error key",), documents="strings", place="function"
    ),
    # Names that others read.
    "a function above reads the text": Choice(decode="first", style="named", closure="text", place="function"),
    "a function of the module reads the text": Choice(decode="first", style="named", closure="text"),
    "a function reads the step afterwards": Choice(closure="step, after the loop"),
    "a function below reads the step": Choice(closure="step, below"),
    "a function reads the event": Choice(source="openai", closure="step", place="function"),
    # Names that are taken.
    "list is a function": Choice(shadow="list function", wrap="list", place="function"),
    "list is a variable": Choice(wrap="list called list", place="function"),
    "list is a parameter": Choice(wrap="list", place="function", shadow="list parameter"),
    "list is a method": Choice(wrap="list", place="method", shadow="list method"),
    "iter is a function": Choice(source="socket", shadow="iter function"),
    "iter_json is a variable": Choice(shadow="iter_json variable"),
    "unchunk is a variable": Choice(shadow="unchunk variable"),
    "in a class body": Choice(wrap="list", place="class body"),
    # Filters that choose pieces.
    "documents among logs": Choice(framing="lines, log", cleaning=cleaned("lines, log", "endswith")),
    "lists are passed over": Choice(guards=("not a list",), documents="mixed"),
    "named events are passed over": Choice(framing="events, some named"),
    "a page in a stream of events": Choice(
        framing="events, done", cleaning=cleaned("events, done", "if not"), flaw="page"
    ),
    "an error in a stream of events": Choice(
        framing="events, done", cleaning=cleaned("events, done", "if not"), flaw="error"
    ),
    # End marks.
    "a bare end mark": Choice(framing="lines, done"),
    "a bare end mark, and more": Choice(framing="lines, done, more"),
    # Prefixes that are no events.
    "a number and a colon": Choice(source="httpx text", framing="vercel", documents="strings"),
    "a word and a colon": Choice(framing="progress"),
    "events with one line end": Choice(framing="events, one line end", decode="first", handler="bad"),
    "events with one line end, and a comment": Choice(
        framing="events, one line end",
        cleaning=cleaned("events, one line end", "split({q}': ', 1)"),
        guards=("no comment",),
        documents="strings",
    ),
    "events with one line end, and a blank line that ends": Choice(
        framing="events, one line end, done", cleaning=3, guards=("blank ends",)
    ),
    "events with one line end, one of them broken": Choice(
        framing="events, one line end", decode="first", handler="bad", flaw="half a document"
    ),
    "a colon that is looked for, and comments": Choice(
        framing="vercel", cleaning=cleaned("vercel", "index"), guards=("no comment",)
    ),
    "lists in events, by a pattern": Choice(
        framing="events, done",
        cleaning=cleaned("events, done", "sub({q}'^data: ', {q}'', {x}) ; if {x}"),
        guards=("long",),
        handler="continue",
        documents="lists",
    ),
    # Time.
    "documents without a line behind a greeting": Choice(source="socket", framing="greeting", handler="break"),
    "heartbeats are counted": Choice(framing="lines, blank ones", cleaning=cleaned("lines, blank ones", "== {q}'\\n'")),
    "a blank line ends": Choice(framing="lines, blank ends"),
    "words in between": Choice(framing="lines, words", cleaning=cleaned("lines, words", "pong")),
    "words between lists": Choice(
        framing="concatenated, words", cleaning=cleaned("concatenated, words", "not in"), documents="lists"
    ),
    "words that are answered, and lists that are passed over": Choice(
        framing="concatenated, words",
        cleaning=cleaned("concatenated, words", "pong"),
        guards=("not a list",),
        documents="mixed",
    ),
    "half a document before a heartbeat": Choice(
        framing="lines, blank ones",
        cleaning=cleaned("lines, blank ones", "strip(): print"),
        handler="count",
        flaw="half a document",
    ),
    # Bytes that are not UTF-8.
    "Big5": Choice(framing="lines", decode="first", codec="big5", documents="second bytes"),
    "Shift-JIS": Choice(framing="lines", decode="first", codec="shift_jis", documents="second bytes"),
    "GBK": Choice(framing="lines", decode="first", codec="gbk", documents="second bytes"),
    "Shift-JIS, with a comma behind": Choice(
        framing="comma line", decode="first", codec="shift_jis", documents="second bytes"
    ),
    # Imports.
    "a doctest needs the parser": Choice(imports="doctest", place="function", framing="lines"),
    "an import in brackets, with comments": Choice(imports="from", parser="loads", framing="lines"),
    "imports behind a change of the path": Choice(imports="path"),
    "an import that is exported": Choice(imports="exported"),
    # Errors.
    "the caller knows the parser's error": Choice(
        parser="orjson", handler="caller, own", uses=("yield",), place="function", flaw="page"
    ),
    "the caller knows the schema's error": Choice(
        parser="pydantic", handler="caller, own", place="function", flaw="garbage"
    ),
    "the caller knows the decoder's error": Choice(
        decode="first", handler="caller, decode", place="function", flaw="wrong bytes"
    ),
    "half a document is passed over": Choice(framing="lines", handler="continue", flaw="half a document"),
    "garbage is passed over": Choice(framing="lines", handler="continue", flaw="garbage"),
    # Comments.
    "comments behind": Choice(framing="lines", decode="first", style="named", guards=("empty",), comments="behind"),
    "comments above": Choice(framing="lines", decode="first", style="named", guards=("empty",), comments="above"),
    "comments in brackets": Choice(comments="in brackets"),
    # What is wrapped.
    "the range is zipped with the stream": Choice(wrap="zip", stream="named"),
    "some pieces only": Choice(framing="events", wrap="islice", cleaning=cleaned("events", "if not")),
    "the stream is read on": Choice(uses=("two only",), stream="named, read on"),
    # What is handed on.
    "events are handed on": Choice(
        framing="events, done", cleaning=cleaned("events, done", "if not"), uses=("yield the piece",), place="function"
    ),
    # Literals.
    "a delimiter above U+00FF": Choice(framing="line separator", cleaning=cleaned("line separator", "split")),
    # Fragments.
    "the name of a call": Choice(source="openai tools, call", uses=("name of the call",)),
    "calls in parallel": Choice(source="openai tools, loop", uses=("name of the call",)),
    "calls in parallel, parsed in a function": Choice(
        source="openai tools, loop", parser="function", style="named", place="function"
    ),
    # What was refused without need.
    "a model's text that is changed": Choice(source="openai", extras=("replace words",), documents="plain"),
    "a model's text, by a parser of its own": Choice(source="openai", parser="orjson"),
    "reads that are waited for": Choice(source="reader, waits", place="function"),
    "reads up to the end": Choice(source="reader, at_eof", place="function"),
    "an empty read raises": Choice(source="socket, raises"),
    "a reason to finish": Choice(source="openai, finish"),
    "errors of a model's text are passed over": Choice(source="openai", handler="continue"),
    "a prefix by partition": Choice(framing="progress", cleaning=cleaned("progress", "partition")),
    "CRLF by a slice": Choice(framing="crlf lines", cleaning=cleaned("crlf lines", "[:-2]")),
    "a body in one line": Choice(style="one line", imports="one line", framing="lines"),
    "a callback": Choice(source="callback"),
}
