"""Names that are bound once, to a constant, are as good as the constant; any other name is not known."""

from __future__ import annotations

import ast

import pytest

from unchunk.codemod import fix_source
from unchunk.codemod.constants import literal
from unchunk.codemod.syntax import Tree

from .rewrites import check_refused, check_transformed

PROGRAM = """\
import json
IMPORTS
MODULE

def f(response, given):
    FUNCTION
    for chunk in STREAM:
        for part in chunk.split(SEPARATOR):
            if part:
                print(json.loads(part))
"""


def program(module: str, function: str, separator: str, *, at: str = "") -> str:
    stream = "response.iter_content(None)"
    text = PROGRAM.replace("MODULE", module).replace("FUNCTION", function).replace("SEPARATOR", separator)
    text = text.replace("IMPORTS", "\nfrom unchunk import rechunk\n" if at else "")
    return text.replace("STREAM", f"rechunk({stream}, at={at})" if at else stream)


UNKNOWN = {
    "a parameter": ("", "pass", "given"),
    "a name from elsewhere": ("from there import SEP", "pass", "SEP"),
    "bound twice": ('SEP = b"\\0"\nSEP = b"\\n"', "pass", "SEP"),
    "bound in a branch as well": ('SEP = b"\\0"\nif sys.argv:\n    SEP = b"\\n"', "pass", "SEP"),
    "bound anew by a function": ('SEP = b"\\0"\ndef g():\n    global SEP\n    SEP = b"\\n"', "pass", "SEP"),
    "hidden by a parameter": ('given = b"\\0"', "pass", "given"),
    "hidden by what is not constant": ('SEP = b"\\0"', "SEP = given", "SEP"),
    "hidden by an import": ('SEP = b"\\0"', "from there import SEP", "SEP"),
    "hidden by a loop": ('SEP = b"\\0"', "for SEP in given: pass", "SEP"),
    "taken out of what is no constant": ("SEP, END = make()", "pass", "SEP"),
    "one of a row that is not told": ('SEP, *END = b"\\0", b"x"', "pass", "SEP"),
    "bound twice, once in a row": ('SEP = b"\\0"\nSEP, END = b"\\n", b"x"', "pass", "SEP"),
    "not a constant": ("SEP = make()", "pass", "SEP"),
    "an attribute": ("", "pass", "given.SEP"),
}


@pytest.mark.parametrize(("module", "function", "separator"), UNKNOWN.values(), ids=UNKNOWN)
def test_pieces_split_at_what_is_not_known_are_left_alone(module: str, function: str, separator: str) -> None:
    check_refused(program(module, function, separator), "what the pieces are split at cannot be told")


KNOWN = {
    "of the module": ('SEP = b"\\0"', "pass", "SEP", 'b"\\0"'),
    "with an annotation": ('SEP: bytes = b"\\0"', "pass", "SEP", 'b"\\0"'),
    "one of a row": ('END, SEP = b"x", b"\\0"', "pass", "SEP", 'b"\\0"'),
    "one of two names": ('END = SEP = b"\\0"', "pass", "SEP", 'b"\\0"'),
    "of the function": ("", 'sep = b"\\0"', "sep", 'b"\\0"'),
    "of the function, hiding the module's": ('sep = b"\\n"', 'sep = b"\\0"', "sep", 'b"\\0"'),
    "a line end": ('EOL = b"\\n"', "pass", "EOL", '"line"'),
}


@pytest.mark.parametrize(("module", "function", "separator", "at"), KNOWN.values(), ids=KNOWN)
def test_pieces_split_at_a_constant_name_are_cut_there(module: str, function: str, separator: str, at: str) -> None:
    check_transformed(program(module, function, separator), program(module, function, separator, at=at))


def test_names_of_the_module_and_of_the_functions_around() -> None:
    tree = Tree(ast.parse("A = 1\nB = 2\nclass C:\n    D = 3\n    def f(self, B):\n        E = 'e'\n        F = E\n"))
    inner = tree.module.body[2].body[1].body[1]  # type: ignore[attr-defined]
    assert tree.constants.seen_from(tree.above(inner)) == ({"A": 1}, {"E": "e"})


TEXTS = ["\0", "\0001", "'", '"', "'\"", "\u2028", "\x1e", "\\x00", "€", "{0}"]


@pytest.mark.parametrize("text", TEXTS)
def test_literal_is_what_python_reads(text: str) -> None:
    assert ast.literal_eval(literal(text)) == text
    assert ast.literal_eval(literal(text.encode())) == text.encode()


@pytest.mark.parametrize(
    ("step", "delimiter", "at"),
    [
        ("chunk.decode()", '"\u20ac"', r'b"\xe2\x82\xac"'),
        ("chunk", r'b"\xff"', r'b"\xff"'),
        ("chunk.decode()", r'"\u2028"', r'b"\xe2\x80\xa8"'),
        ("chunk.decode()", '"{0}"', 'b"{0}"'),
    ],
)
def test_delimiter_of_any_letter_is_written_as_the_stream_has_it(step: str, delimiter: str, at: str) -> None:
    source = f"""import json
def f(response):
    for chunk in response.iter_content(None):
        for part in {step}.split({delimiter}):
            if part:
                print(json.loads(part))
"""
    assert f"at={at})" in fix_source(source, unsafe=True).source
