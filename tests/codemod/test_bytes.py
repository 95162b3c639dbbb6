"""Byte fidelity: what no edit touches stays as it is."""

from __future__ import annotations

import difflib

import pytest

from unchunk.codemod import FixError, fix_source

PROGRAM = """# a comment at the top, é
import json
import os


def f(response):
\t'''A docstring
\twith tabs.'''
\tprint(  os.name )   # spaces and a form feed behind this line
\x0c
\tfor chunk in response.iter_content(None):
\t    data = json.loads(chunk)
\t    print(data)


class  C( object ):
    x = {  'a':1 , }

    def g(self): return "é" if self else '''x
y'''
"""


def lines_kept(before: bytes, after: bytes) -> None:
    """Nothing differs but the loop and the imports."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    changed = [line for line in difflib.ndiff(list(map(repr, old)), list(map(repr, new))) if line[0] in "+-"]
    assert changed, "nothing was fixed"
    for line in changed:
        assert any(word in line for word in ("import", "for ", "json.loads", "\\n'", "b'\\r\\n'")), line
    assert len(changed) <= 7


ENCODINGS = {
    "utf-8": PROGRAM.encode(),
    "byte order mark": b"\xef\xbb\xbf" + PROGRAM.encode(),
    "CRLF": PROGRAM.replace("\n", "\r\n").encode(),
    "latin-1 cookie": b"# -*- coding: latin-1 -*-\n" + PROGRAM.encode("latin-1"),
    "cp1252 cookie on line two": b"#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n"
    + PROGRAM.encode("cp1252"),
    "utf-8 cookie and mark": b"\xef\xbb\xbf# coding: utf-8\n" + PROGRAM.encode(),
    "no line end at the end": PROGRAM.rstrip("\n").encode(),
    "blanks at the end": PROGRAM.encode() + b"\n\n   ",
    "mixed line ends": PROGRAM.replace("\n", "\r\n", 9).encode(),
    "mixed line ends, the other way round": PROGRAM[::-1].replace("\n", "\n\r", 9)[::-1].encode(),
    "form feed before a statement": PROGRAM.replace("class  C", "\x0cclass  C").encode(),
    "lone carriage return in a string": PROGRAM.replace("A docstring", "A docstring\r").encode(),
    "line joined by a backslash": PROGRAM.replace("print(  os.name )", "print(  os.\\\n name )").encode(),
    "trailing blanks": PROGRAM.replace("print(data)", "print(data)   \t").encode(),
    "control characters": PROGRAM.replace("a comment", "a \x01\x1b comment").encode(),
    "other separators of lines": PROGRAM.replace("A docstring", "A\x85doc\u2028string\x1c").encode(),
}


@pytest.mark.parametrize("source", ENCODINGS.values(), ids=ENCODINGS)
def test_every_other_byte_stays(source: bytes) -> None:
    result = fix_source(source, "module.py")
    assert len(result.fixed) == 1
    lines_kept(source, result.source)
    assert fix_source(result.source, "module.py").source == result.source


@pytest.mark.parametrize("source", ENCODINGS.values(), ids=ENCODINGS)
def test_file_without_findings_is_the_same_object_of_bytes(source: bytes) -> None:
    clean = source.replace(b"json.loads", b"os.fspath")
    assert fix_source(clean, "module.py").source is clean


def test_position_counts_characters_not_bytes() -> None:
    source = "import json\n\ndef f(r):\n    é = '東京'; x = [json.loads(c) for c in r.iter_content(None)]; y = 'ü'\n"
    fixed = fix_source(source).source
    assert "    é = '東京'; x = list(iter_json(r.iter_content(None))); y = 'ü'\n" in fixed


def test_text_that_its_cookie_does_not_speak_of_is_refused() -> None:
    """ISO-2022-JP has many ways to write one text: decoding and encoding again would not give the same bytes."""
    body = b"import json\ndef f(r):\n    x = '\x1b(B\x1b(B'\n    print([json.loads(c) for c in r.iter_content(None)])\n"
    source = b"# coding: iso-2022-jp\n" + body
    with pytest.raises(FixError, match=r"module\.py: is not the same after a round trip"):
        fix_source(source, "module.py")
