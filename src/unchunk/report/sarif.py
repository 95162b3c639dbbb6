"""SARIF 2.1.0 for code scanning: rules, the data's way as code flow and related locations, and fixes.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from unchunk.analysis.findings import Applicability
from unchunk.report.rule_pages import page, url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from unchunk.analysis.findings import Finding, Span
    from unchunk.report.diagnostic import Diagnostic, Replacement, Report

NEEDS_FIXES = True
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_Object = dict[str, Any]


def render(report: Report) -> Iterator[str]:
    """Yield the log, with one run."""
    rules = sorted({entry.code: entry.name for entry in report.entries}.items())
    indexes = {code: index for index, (code, _) in enumerate(rules)}
    run = {
        "tool": {"driver": _driver(report.version, rules)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"uri": _directory_uri(os.getcwd())}},
        "invocations": [_invocation(report)],
        "results": list(_results(report, indexes)),
    }
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _driver(version: str, rules: Sequence[tuple[str, str]]) -> _Object:
    return {"name": "unchunk", "semanticVersion": version, "rules": [_rule(code, name) for code, name in rules]}


def _rule(code: str, name: str) -> _Object:
    told = page(code)
    rule: _Object = {
        "id": code,
        "name": "".join(word.capitalize() for word in name.split("-")),
        "shortDescription": {"text": told.summary if told else name},
        "fullDescription": {"text": told.description if told else name},
        "help": {"text": told.markdown if told else name, "markdown": told.markdown if told else name},
        "defaultConfiguration": {"level": _level(code)},
        "properties": {"tags": ["correctness"], "problem.severity": _level(code)},
    }
    address = url(code)
    return rule | ({"helpUri": address} if address else {})


def _level(code: str) -> str:
    """Return the level: error for rules that are on by default, warning for others."""
    told = page(code)
    return "error" if told is not None and told.default else "warning"


def _invocation(report: Report) -> _Object:
    notifications = [
        {
            "level": "error",
            "message": {"text": problem.message},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(problem.path)} | _line(problem.line)}],
        }
        for problem in report.problems
    ]
    return {"executionSuccessful": not notifications, "toolExecutionNotifications": notifications}


def _line(line: int | None) -> _Object:
    return {} if line is None else {"region": {"startLine": line}}


def _results(report: Report, indexes: dict[str, int]) -> Iterator[_Object]:
    fixed: set[str] = set()
    for entry in report.entries:
        result = _result(entry, indexes[entry.code], report)
        if entry.applicability is Applicability.SAFE and entry.path not in fixed and report.fixes.get(entry.path):
            fixed.add(entry.path)
            result["fixes"] = [_fix(entry.path, report.fixes[entry.path])]
        yield result


def _result(entry: Diagnostic, index: int, report: Report) -> _Object:
    result: _Object = {
        "ruleId": entry.code,
        "ruleIndex": index,
        "level": _level(entry.code),
        "message": {"text": entry.message},
        "locations": [_with_snippet(_location(entry.path, entry.span), entry, report)],
        "properties": {"fixable": entry.fixable, "reason": entry.reason},
    }
    if entry.identity:
        result["partialFingerprints"] = {"unchunk/v1": entry.identity}
    return result | (_flow(entry.finding) if entry.finding else {})


def _with_snippet(location: _Object, entry: Diagnostic, report: Report) -> _Object:
    """Add the lines of a finding to its location, for readers without the file."""
    span = entry.span
    lines = report.lines(entry.path, None)[span.line - 1 : span.end_line]
    if lines:
        whole = {"startLine": span.line, "endLine": span.line + len(lines) - 1, "snippet": {"text": "\n".join(lines)}}
        location["physicalLocation"]["contextRegion"] = whole
    return location


def _flow(finding: Finding) -> _Object:
    steps = [_location(step.path or finding.path, step.span, step.text) for step in finding.trace]
    if not steps:
        source = _location(finding.source_path or finding.path, finding.source, finding.source_name)
        return {"relatedLocations": [source | {"id": 0}]}
    related = [location | {"id": number} for number, location in enumerate(steps)]
    flow = {"threadFlows": [{"locations": [{"location": step} for step in steps]}]}
    return {"relatedLocations": related, "codeFlows": [flow]}


def _location(path: str, span: Span, text: str | None = None) -> _Object:
    location: _Object = {"physicalLocation": {"artifactLocation": _artifact(path), "region": _region(span)}}
    return location | ({"message": {"text": text}} if text else {})


def _region(span: Span) -> _Object:
    return {
        "startLine": span.line,
        "startColumn": span.column + 1,
        "endLine": span.end_line,
        "endColumn": span.end_column + 1,
    }


def _fix(path: str, replacements: Sequence[Replacement]) -> _Object:
    """Return all that `unchunk fix` does to the file. Its findings share imports, so that none can be fixed without the
    others.
    """
    changes = [
        {"deletedRegion": _region(replacement.span), "insertedContent": {"text": replacement.text}}
        for replacement in replacements
    ]
    return {
        "description": {"text": "Repair every finding of this file that can be repaired safely (unchunk fix)."},
        "artifactChanges": [{"artifactLocation": _artifact(path), "replacements": changes}],
    }


def _artifact(path: str) -> _Object:
    """Return a path relative to the current folder, so that it means the same on another machine, if it is below it."""
    relative = os.path.relpath(path)
    if relative.startswith(os.pardir + os.sep) or os.path.isabs(relative):
        return {"uri": "file://" + _quoted(os.path.abspath(path))}
    return {"uri": _quoted(relative), "uriBaseId": "SRCROOT"}


def _directory_uri(path: str) -> str:
    return "file://" + _quoted(path).rstrip("/") + "/"


def _quoted(path: str) -> str:
    """Percent-encode the bytes of a file name, which need not be UTF-8."""
    plain = os.fsencode(path.replace(os.sep, "/"))
    return quote(plain if plain.startswith(b"/") or os.sep == "/" else b"/" + plain, safe=b"/:@!$&'()*+,;=~-._")
