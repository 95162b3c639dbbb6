"""JUnit XML: a test suite a file, a failed test case a finding.

https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from unchunk.report.diagnostic import Diagnostic, Problem, Report, place, portable

if TYPE_CHECKING:
    from collections.abc import Iterator


def render(report: Report) -> Iterator[str]:
    """Yield the document. Without findings it has one suite with one passed case: CI servers take an empty file for a
    broken run.
    """
    failures, errors = len(report.entries), len(report.problems)
    root = ET.Element(
        "testsuites", name="unchunk", tests=str(failures + errors), failures=str(failures), errors=str(errors)
    )
    for path, entries in itertools.groupby(report.entries, key=lambda entry: portable(entry.path)):
        _suite(root, path, list(entries))
    for problem in report.problems:
        _error(root, problem)
    if not len(root):
        suite = ET.SubElement(root, "testsuite", name="unchunk", tests="1", failures="0", errors="0")
        ET.SubElement(suite, "testcase", name="no findings", classname="unchunk")
        root.set("tests", "1")
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, path: str, entries: list[Diagnostic]) -> None:
    count = str(len(entries))
    suite = ET.SubElement(root, "testsuite", name=_legal(path), tests=count, failures=count, errors="0")
    for entry in entries:
        line, column = str(entry.span.line), str(entry.span.column + 1)
        case = ET.SubElement(
            suite, "testcase", name=entry.code, classname=_legal(path), file=_legal(path), line=line, column=column
        )
        failure = ET.SubElement(case, "failure", message=_legal(entry.message), type=entry.code)
        failure.text = _legal(f"{place(entry)}: {entry.code} {entry.message}")


def _error(root: ET.Element, problem: Problem) -> None:
    suite = ET.SubElement(root, "testsuite", name=_legal(portable(problem.path)), tests="1", failures="0", errors="1")
    case = ET.SubElement(suite, "testcase", name="unchunk", classname=_legal(portable(problem.path)))
    ET.SubElement(case, "error", message=_legal(problem.message))


def _legal(text: str) -> str:
    """Return the text with what XML 1.0 cannot contain (control characters, lone surrogates) written as escapes."""
    return "".join(character if _is_legal(character) else f"\\u{ord(character):04x}" for character in text)


def _is_legal(character: str) -> bool:
    code = ord(character)
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
