"""Suppression comments: ours, and flake8's as flake8 itself reads them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from unchunk.project.suppression import Comment, Kind, Suppressions

# A pyflakes finding stands in for any finding: F821 is reported where the undefined name `oops` starts.
FLAKE8_CASES = {
    "no comment": "oops\n",
    "another comment": "oops  # nothing\n",
    "blanket": "oops  # noqa\n",
    "code": "oops  # noqa: F821\n",
    "code without blank": "oops  # noqa:F821\n",
    "prefix of the code": "oops  # noqa: F8\n",
    "another code": "oops  # noqa: E501\n",
    "two codes, ours last": "oops  # noqa: E501,F821\n",
    "two codes with a blank": "oops  # noqa: E501 F821\n",
    "lower case": "oops  # noqa: f821\n",
    "upper case": "oops  # NOQA: F821\n",
    "reason after the code": "oops  # noqa: F821 because\n",
    "reason with a colon": "oops  # noqa : F821\n",
    "no blank after the hash": "oops  #noqa\n",
    "two blanks after the hash": "oops  #  noqa\n",
    "two comments, the first counts": "oops  # noqa: E501 # noqa: F821\n",
    "line above": "# noqa\noops\n",
    "line below": "oops\n# noqa\n",
    "in a string on the line": "oops, '# noqa'\n",
    "call over lines, comment on the first": "print(oops,  # noqa\n    1)\n",
    "call over lines, comment on the name's": "print(\n    oops,  # noqa\n    1)\n",
    "call over lines, comment on the last": "print(\n    oops,\n    1)  # noqa\n",
    "multi-line string after the name": "print(oops, '''\ntext\n''')  # noqa\n",
    "multi-line string before the name": "print('''\ntext\n''', oops)  # noqa\n",
    "comment inside of the multi-line string": "print(oops, '''\n# noqa\n''')\n",
    "backslash": "x = 1 + \\\n    oops + \\\n    2  # noqa\n",
    "f-string over lines": "print(f'''\n{oops}\n''')  # noqa\n",
    "file": "# flake8: noqa\noops\n",
    "file, at the end": "oops\n# flake8: noqa\n",
    "file, on a line with code": "x = 1  # flake8: noqa\noops\n",
    "file, with codes": "# flake8: noqa: E501\noops\n",
    "file, other case": "# Flake8: NoQA\noops\n",
    "file, with =": "# flake8=noqa\noops\n",
    "file, indented": "if True:\n    # flake8: noqa\n    oops\n",
    "ruff's file comment is not for flake8": "# ruff: noqa\noops\n",
    "form feed before": "\x0coops  # noqa: F821\n",
    "carriage returns": "oops  # noqa: E501\r\nx = 1  # noqa\r\n",
    "no end of line": "oops  # noqa",
    "byte order mark": "\ufeffoops  # noqa\n",
}


@pytest.mark.parametrize("source", FLAKE8_CASES.values(), ids=FLAKE8_CASES)
def test_noqa_means_what_it_means_to_flake8(source: str, tmp_path: Path) -> None:
    path = tmp_path / "case.py"
    path.write_bytes(source.encode())
    command = [sys.executable, "-m", "flake8", "--isolated", "--select=F821", str(path)]
    reported = "F821" in subprocess.run(command, capture_output=True, text=True, check=False).stdout

    names = [node for node in ast.walk(ast.parse(source.encode())) if isinstance(node, ast.Name) and node.id == "oops"]
    silenced = Suppressions(source).silences("F821", names[0].lineno, names[0].end_lineno or 0)

    assert silenced == (not reported)


CALL = "x = loads(\n    chunk,{0}\n){1}\n"


@pytest.mark.parametrize(
    ("source", "silenced"),
    [
        ("loads(chunk)  # nothing\n", False),
        ("loads(chunk)  # unchunk: ignored\n", False),
        ("loads(chunk)  # unchunk: ignore-all\n", False),
        ("loads(chunk)  # unchunk: ignore[UNC102]\n", False),
        ("loads(chunk)  # unchunk: ignore[E501]\n", False),
        ("# unchunk: ignore\nloads(chunk)\n", False),
        ("loads(chunk)\n'# unchunk: ignore-file'\n", False),
        ("loads('# unchunk: ignore')\n", False),
        ("loads(chunk)  # unchunk: ignore\n", True),
        ("loads(chunk)  # unchunk: ignore  (the server sends whole lines)\n", True),
        ("loads(chunk)  #unchunk:ignore\n", True),
        ("loads(chunk)  # unchunk: ignore[UNC101]\n", True),
        ("loads(chunk)  # unchunk: ignore[UNC102, UNC101]\n", True),
        ("loads(chunk)  # unchunk: ignore[unc101]\n", True),
        ("loads(chunk)  # unchunk: ignore[UNC1]\n", True),
        ("loads(chunk)  # type: ignore  # unchunk: ignore\n", True),
        ("loads(\n    chunk,  # unchunk: ignore\n)\n", True),
        ("loads(\n    chunk,\n)  # unchunk: ignore\n", True),
        ("loads(chunk)\n# unchunk: ignore-file\n", True),
        ("# unchunk: ignore-file[UNC101]\nloads(chunk)\n", True),
        ("# unchunk: ignore-file[UNC103]\nloads(chunk)\n", False),
    ],
)
def test_our_own_comment_counts_on_every_line_of_the_call(source: str, silenced: bool) -> None:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    assert Suppressions(source).silences("UNC101", calls[0].lineno, calls[0].end_lineno or 0) is silenced


def test_under_flake8_only_our_own_comments_are_read() -> None:
    assert not Suppressions("loads(chunk)  # noqa\n", noqa=False).silences("UNC101", 1, 1)
    assert Suppressions("loads(chunk)  # unchunk: ignore\n", noqa=False).silences("UNC101", 1, 1)


WANTED = frozenset({"UNC101", "UNC102"})


@pytest.mark.parametrize(
    ("source", "unused"),
    [
        ("loads(chunk)\n", []),
        ("loads(chunk)  # noqa\n", []),
        ("x = 1  # noqa\n", []),
        ("x = 1  # noqa: E501\n", []),
        ("x = 1  # noqa: UNC201\n", []),
        ("loads(chunk)  # noqa: UNC101\n", []),
        ("loads(chunk)  # noqa: UNC1\n", []),
        ("loads(chunk)  # unchunk: ignore\n", []),
        ("# unchunk: ignore-file\nloads(chunk)\n", []),
        ("x = 1  # noqa: UNC101\n", [(Kind.NOQA, ())]),
        ("x = 1  # noqa: E501,UNC101\n", [(Kind.NOQA, ("UNC101",))]),
        ("loads(chunk)  # noqa: UNC101,UNC102\n", [(Kind.NOQA, ("UNC102",))]),
        ("x = 1  # unchunk: ignore\n", [(Kind.IGNORE, ())]),
        ("x = 1  # unchunk: ignore[UNC102]\n", [(Kind.IGNORE, ())]),
        ("x = 1  # unchunk: ignore[UNC201]\n", []),
        ("x = 1  # unchunk: ignore-file\n", [(Kind.IGNORE_FILE, ())]),
    ],
)
def test_unused_comments_are_those_that_silenced_nothing(
    source: str, unused: list[tuple[Kind, tuple[str, ...]]]
) -> None:
    comments = Suppressions(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            comments.silences("UNC101", node.lineno, node.end_lineno or 0)
    assert [(found.comment.kind, found.codes) for found in comments.unused(WANTED)] == unused


def asked_of_comments(lines: int) -> int:
    """Return how many comments are asked whether they name a code, for a finding on each of so many lines with a
    comment.
    """
    suppressions = Suppressions("x  # noqa: UNC102\ny  # unchunk: ignore[UNC102]\n" * lines)
    asked = 0

    def names(comment: Comment, code: str) -> bool:
        nonlocal asked
        asked += 1
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Comment, "names", names)
        for line in range(1, 2 * lines + 1):
            assert not suppressions.silences("UNC101", line, line)
    return asked


def test_a_comment_is_asked_for_findings_near_it_only() -> None:
    assert asked_of_comments(20) == 40
    assert asked_of_comments(80) == 160
