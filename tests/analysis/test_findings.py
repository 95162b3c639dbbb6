"""The content of a finding: its place, its source, the data flow, and the syntax around it."""

from __future__ import annotations

import ast

import pytest

from unchunk.analysis import Finding, Settings, check_source
from unchunk.analysis.findings import Framing

HEAD = "import json, requests, httpx, socket, asyncio\nfrom openai import OpenAI\n"


def only(body: str, code: str = "UNC101") -> Finding:
    found = [finding for finding in check_source(HEAD + body, "it.py", settings=Settings()) if finding.code == code]
    assert len(found) == 1, found
    return found[0]


def text(node: ast.AST | None) -> str:
    assert node is not None
    return ast.unparse(node).replace("lambda :", "lambda:")  # as Python 3.10 writes it


PRODUCERS = [
    ("for c in requests.get(u).iter_content():\n    json.loads(c)", ast.For, "requests.get(u).iter_content()", "c"),
    (
        "async def f(r: httpx.Response):\n    async for c in r.aiter_bytes():\n        json.loads(c)",
        ast.AsyncFor,
        "r.aiter_bytes()",
        "c",
    ),
    ("x = [json.loads(c) for c in r.iter_content()]", ast.comprehension, "r.iter_content()", "c"),
    ("s = socket.socket()\nwhile True:\n    c = s.recv(9)\n    json.loads(c)", ast.While, "s.recv(9)", "c"),
    ("s = socket.socket()\nwhile c := s.recv(9):\n    json.loads(c)", ast.While, "s.recv(9)", "c"),
    (
        "s = socket.socket()\nfor c in iter(lambda: s.recv(9), b''):\n    json.loads(c)",
        ast.For,
        "iter(lambda: s.recv(9), b'')",
        "c",
    ),
    ("x = map(json.loads, r.iter_content())", ast.Call, "r.iter_content()", None),
    ("for i, c in enumerate(r.iter_content()):\n    json.loads(c)", ast.For, "enumerate(r.iter_content())", "(i, c)"),
    (
        "class P(asyncio.Protocol):\n    def data_received(self, c):\n        json.loads(c)",
        ast.FunctionDef,
        "c",
        "c",
    ),
    (
        "def g(r):\n    for c in r.iter_content():\n        yield c\nfor d in g(r):\n    json.loads(d)",
        ast.For,
        "g(r)",
        "d",
    ),
    ("def p(c):\n    json.loads(c)\nfor c in r.iter_content():\n    p(c)", ast.For, "r.iter_content()", "c"),
]


@pytest.mark.parametrize(("body", "producer", "step", "target"), PRODUCERS)
def test_site_holds_the_nodes_of_its_own_tree(body: str, producer: type, step: str, target: str | None) -> None:
    site = only(body).site
    assert site is not None
    assert isinstance(site.producer, producer)
    assert text(site.step) == step
    assert site.target is None if target is None else text(site.target) == target
    assert site.parser == "json.loads"
    nodes = set(ast.walk(site.tree))
    assert {site.parse, site.producer, site.step, *site.path} <= nodes
    assert {node for node in (site.target, site.argument, site.split, site.try_, site.source) if node} <= nodes


def test_a_parser_that_is_passed_on_has_no_argument() -> None:
    site = only("x = map(json.loads, r.iter_content())").site
    assert site is not None
    assert site.argument is None
    assert text(site.parse).startswith("map(")


def test_a_single_read_is_its_own_producer() -> None:
    site = only("def f(s: socket.socket):\n    json.loads(s.recv(9))", "UNC203").site
    assert site is not None
    assert site.producer is site.step
    assert text(site.step) == "s.recv(9)"


def test_split_and_try_are_told() -> None:
    body = (
        "for c in r.iter_content():\n    for line in c.split(b'\\n'):\n        try:\n            json.loads(line)\n"
        "        except ValueError:\n            continue"
    )
    finding = only(body, "UNC102")
    assert finding.site is not None
    assert text(finding.site.split) == "c.split(b'\\n')"
    assert isinstance(finding.site.try_, ast.Try)
    assert finding.site.swallowed
    assert "silently" in finding.message


@pytest.mark.parametrize(
    ("handler", "swallowed"),
    [
        ("except ValueError:\n            pass", True),
        ("except json.JSONDecodeError:\n            continue", True),
        ("except Exception as e:\n            print(e)", True),
        ("except:\n            continue", True),
        ("except ValueError:\n            raise", False),
        ("except ValueError:\n            return", False),
        ("except ValueError:\n            rest = c", False),
    ],
)
def test_a_handler_that_drops_the_data_is_told_from_others(handler: str, swallowed: bool) -> None:
    body = f"def f(r):\n    for c in r.iter_content():\n        try:\n            json.loads(c)\n        {handler}"
    site = only(body).site
    assert site is not None
    assert site.try_ is not None
    assert site.swallowed is swallowed


def test_other_handlers_do_not_count() -> None:
    body = "for c in r.iter_content():\n    try:\n        json.loads(c)\n    except KeyError:\n        pass"
    site = only(body).site
    assert site is not None
    assert site.try_ is None


def test_trace_leads_from_the_source_to_the_parse() -> None:
    finding = only("for c in requests.get(u).iter_content():\n    t = c.decode()\n    json.loads(t[6:])")
    assert [step.text for step in finding.trace] == [
        "requests Response.iter_content() hands out chunks",
        "handed out",
        "decoded",
        "assigned",
        "cut by a slice",
        "parsed by json.loads()",
    ]
    assert [step.span.line for step in finding.trace] == [3, 3, 4, 4, 5, 5]
    assert finding.framing is Framing.CHUNK
    assert finding.source_name == "requests Response.iter_content()"
    assert finding.source_path is None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("for c in r.iter_content():\n    json.loads(c)", None),
        ("for c in requests.get(u).iter_content(decode_unicode=True):\n    json.loads(c)", True),
        ("for c in requests.get(u).iter_content():\n    json.loads(c)", False),
        ("for c in requests.get(u).iter_content():\n    json.loads(c.decode())", False),
        ("for c in httpx.get(u).iter_text():\n    json.loads(c)", True),
    ],
)
def test_a_step_is_text_or_bytes(body: str, text: bool | None) -> None:
    site = only(body).site
    assert site is not None
    assert site.text is text or (text is None and site.text is False)


def test_one_parse_of_two_sources_is_one_finding_that_knows_of_the_other() -> None:
    body = "def p(c):\n    json.loads(c)\nfor c in a.iter_content():\n    p(c)\nfor c in b.iter_bytes():\n    p(c)"
    (found,) = check_source(HEAD + body)
    assert [each.source_name for each in (found, *found.alternatives)] == [".iter_content()", ".iter_bytes()"]
    assert all(each.site is not None for each in (found, *found.alternatives))


def test_findings_come_in_the_order_of_lines() -> None:
    loop = "    for c in r.iter_text():\n        json.loads(c)\n"
    body = f"def a(r):\n    b(r)\n{loop}def b(r):\n{loop}"
    found = check_source(HEAD + body)
    assert [finding.span.line for finding in found] == sorted(finding.span.line for finding in found)
