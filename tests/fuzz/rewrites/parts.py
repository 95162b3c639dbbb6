"""The grammar's parts, as pieces of program text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parser:
    call: str
    error: str = "json.JSONDecodeError"
    imports: tuple[str, ...] = ()
    module: tuple[str, ...] = ()


PROBE = "probe"  # `json.loads` that is counted, to see whether documents get there

PARSERS: dict[str, Parser] = {
    "json": Parser("json.loads({x})"),
    "loads": Parser("loads({x})", imports=("from json import loads",)),
    "orjson": Parser("orjson.loads({x})", "orjson.JSONDecodeError", ("import orjson",)),
    "function": Parser("parsed({x})", module=("def parsed(text):", "    return json.loads(text)", "", "")),
    "pydantic": Parser(
        "Row.model_validate_json({x})", "pydantic.ValidationError", ("import pydantic", "from models import Row")
    ),
    "msgspec": Parser("msgspec.json.decode({x})", "msgspec.DecodeError", ("import msgspec",)),
    "floats": Parser("json.loads({x}, parse_float=str)"),
    "decoder": Parser("json.JSONDecoder().decode({x})"),
    PROBE: Parser("probe({x})"),
}

EXTRAS: dict[str, str] = {
    "strip": "{x}.strip()",
    "lstrip": "{x}.lstrip()",
    "replace words": "{x}.replace({q}'hello', {q}'goodbye')",
    "replace quotes": "{x}.replace({q}\"'\", {q}'\"')",
    "replace None": "{x}.replace({q}'None', {q}'null')",
    "replace NUL": "{x}.replace({q}'\\\\u0000', {q}'')",
    "replace line ends": "{x}.replace({q}'\\n', {q}'')",
    "replace blanks": "{x}.replace({q}' ', {q}'')",
    "sub": "re.sub({q}'[0-9]', {q}'7', {x})",
    "sub blanks": "re.sub({q}'\\\\s+$', {q}'', {x})",
    "lower": "{x}.lower()",
    "brackets": "({q}'[' + {x} + {q}']')",
    "to the last bracket": "{x}[:{x}.rfind({q}'}') + 1]",
    "from the first bracket": "{x}[{x}.find({q}'{'):]",
    "errors=ignore": "{x}.decode('utf-8', errors='ignore')",
    "latin-1": "{x}.decode('latin-1')",
    "ascii": "{x}.decode('ascii', 'replace')",
}
GUARDS: dict[str, str] = {
    "empty": "if not {x}: continue",
    "blank": "if not {x}.strip(): continue",
    "blank ends": "if not {x}.strip(): break",
    "is bytes": "if isinstance({x}, bytes) or isinstance({x}, str):",
    "done": "if {x}.strip() == {q}'[DONE]': break",
    "done inside": "if {q}'[DONE]' in {x}: break",
    "long": "if len({x}) < 2: continue",
    "not a list": "if {x}.startswith({q}'['): continue",
    "an object": "if {x}.startswith({q}'{'):",
    "an object at its end": "if not {x}.rstrip().endswith({q}'}'): continue",
    "contains": "if {q}'error' in {x}: print('error'); break",
    "no comment": "if {x}.startswith({q}':'): continue",
}
CODECS = ["big5", "shift_jis", "gbk", "latin-1", "utf-16-le"]
# What each of them is there for: a document of the stream, or a piece of its own.
GUARDED_DOCUMENTS = {
    "done": "[DONE]",
    "done inside": "[DONE]",
    "not a list": "[9]",
    "an object": "[9]",
    "an object at its end": "[9]",
    "contains": '{"error": 1}',
}
GUARDED_PIECES = {"blank": "\n", "blank ends": "\n", "long": "\n", "no comment": ": ping\n\n"}
STYLES = ["inline", "named", "rebound", "one line"]


@dataclass(frozen=True, slots=True)
class Handler:
    """A way to handle errors: around the call, `whole`: around the whole processing of the piece, or around the loop,
    or in its caller.
    """

    lines: tuple[str, ...] = ()
    whole: bool = False
    otherwise: bool = False
    around: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    caller: tuple[str, ...] = ()


HANDLERS: dict[str, Handler] = {
    "": Handler(),
    "continue": Handler(("except ValueError:", "    continue")),
    "bad": Handler(("except {error}:", "    print('bad')", "    continue")),
    "whole": Handler(("except ValueError:", "    continue"), whole=True),
    "whole, bad": Handler(("except {error}:", "    print('bad')", "    continue"), whole=True),
    "else": Handler(("except ValueError:", "    print('bad')"), otherwise=True),
    "break": Handler(("except ValueError:", "    print('bad')", "    break")),
    "count": Handler(
        ("except ValueError:", "    errors += 1", "    if errors > 2:", "        raise", "    continue"),
        before=("errors = 0",),
    ),
    "around": Handler(around=("except ValueError:", "    print('broken')")),
    "around, own": Handler(around=("except {error}:", "    print('broken')")),
    "around, decode": Handler(around=("except UnicodeDecodeError:", "    print('not UTF-8')")),
    "caller": Handler(caller=("except ValueError:", "    print('broken')")),
    "caller, own": Handler(caller=("except {error} as error:", "    print('broken')")),
    "caller, decode": Handler(caller=("except UnicodeDecodeError:", "    print('not UTF-8')")),
    "around, finally": Handler(around=("finally:", "    print('closed')")),
}


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a piece or its value: before the loop, first in its body, behind the parser and the loop."""

    lines: tuple[str, ...] = ("print(row)",)
    before: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


USES: dict[str, Use] = {
    "forward": Use(("send({s})",)),
    "forward first": Use(first=("send({s})",)),
    "yield": Use(("yield row",)),
    "yield the piece": Use(("yield {s}",)),
    "count": Use(before=("seen = 0",), first=("seen += 1",), after=("print('seen', seen)",)),
    "count values": Use(("seen += 1",), before=("seen = 0",), after=("print('seen', seen)",)),
    "append": Use(("rows.append(row)",), before=("rows = []",), after=("print(rows)",)),
    "size": Use(before=("size = 0",), first=("size += len({s})",), after=("print('size', size)",)),
    "piece's size": Use(("print(row, len({s}))",)),
    "text's size": Use(("print(row, len({x}))",)),
    "last value": Use(before=("row = None",), after=("print('last', row)",)),
    "last piece": Use(before=("{s} = None",), after=("print('last', {s})",)),
    "name of the call": Use(("print(call.function.name, row)",)),
    "index of the call": Use(("print(call.index, row)",)),
    "no break": Use(otherwise=("print('all')",)),
    "answer": Use(("print(row)", "print('next')")),
    "flag": Use(("print(row)", "if seen:", "    break", "seen = True"), before=("seen = False",)),
    "assigned to the step": Use(("{s} = row", "print({s})")),
    "two only": Use(("print(row)", "seen += 1", "if seen == 2:", "    break"), before=("seen = 0",)),
    "key": Use(("print(row['id'])",)),
    "error key": Use(("if 'error' in row:", "    print('failed')", "    break", "print(row)")),
    "heard": Use(first=("print('heard')",)),
}

WRAPS = [
    "for",
    "enumerate",
    "zip",
    "zip, second",
    "islice",
    "list",
    "list called list",
    "generator",
    "map",
    "values of dict",
]
STREAMS = [
    "named",
    "named, read on",
    "function",
    "generator",
]  # what the loop goes over, other than the expression itself
COMMENTS = ["behind", "above", "in brackets"]
IMPORTS: dict[str, tuple[str, ...]] = {
    "docstring": ('"""Reads rows."""', "from __future__ import annotations"),
    "path": ("import sys", "", 'sys.path.insert(0, ".")', ""),
    "commented": ("import json  # to parse",),
    "used": ("import json", 'print(json.dumps({"a": 1}))'),
    "one line": ("import sys, json",),
    "from": ("from json import (", "    dumps,  # to print", "    loads,  # to parse", ")", "print(dumps([1]))"),
    "or another": ("try:", "    import orjson as json", "except ImportError:", "    import json"),
    "doctest": ("import doctest",),
    "exported": ("import json", '__all__ = ["json"]'),
}
PLACES = ["module", "function", "method", "class body"]


@dataclass(frozen=True, slots=True)
class Shadow:
    """A name that the fix may want to write."""

    module: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    parameter: str = ""


SHADOWS: dict[str, Shadow] = {
    "": Shadow(),
    "list function": Shadow(("def list(url):", "    return url", "", "")),
    "iter function": Shadow(("def iter(url):", "    return url", "", "")),
    "list variable": Shadow(local=("list = 'mine'",)),
    "iter variable": Shadow(local=("iter = None",)),
    "list method": Shadow(),
    "set parameter": Shadow(parameter=", set=None, iter=None"),
    "list parameter": Shadow(parameter=", list=None"),
    "iter_json variable": Shadow(local=("iter_json = 'mine'",)),
    "rechunk variable": Shadow(("rechunk = 'mine'",)),
    "unchunk variable": Shadow(("unchunk = 'mine'",)),
    "data variable": Shadow(local=("message = value = 'mine'",)),
}
CLOSURES: dict[str, str] = {
    "": "",
    "step": "{s}",
    "size of step": "len({s})",
    "text": "text",
    "value": "row",
    "step, after the loop": "{s}",
    "step, below": "{s}",
    "text, below": "text",
}
