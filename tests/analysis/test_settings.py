"""Users' additions: sources, parsers and safe functions of their own, and the choice of rules."""

from __future__ import annotations

import pytest

from unchunk.analysis import Settings, check_source


def codes(program: str, settings: Settings) -> list[str]:
    return [finding.code for finding in check_source(program, settings=settings)]


CHAT = "import json\nfrom net import Client\n"


@pytest.mark.parametrize(
    ("sources", "program", "expected"),
    [
        (("frames", "chunk"), "import json\nfor c in x.frames():\n    json.loads(c)", ["UNC101"]),
        (("frames", "line"), "import json\nfor c in x.frames():\n    json.loads(c)", []),
        (("net.frames", "chunk"), "import json, net\nfor c in net.frames():\n    json.loads(c)", ["UNC101"]),
        (
            ("net.frames", "chunk"),
            "import json\nfrom net import frames\nfor c in frames():\n    json.loads(c)",
            ["UNC101"],
        ),
        (
            ("net.Client.frames", "chunk"),
            "import json\nfrom net import Client\nfor c in Client().frames():\n    json.loads(c)",
            ["UNC101"],
        ),
        (
            ("net.tcp.Client.frames", "fragment"),
            "import json\nfrom net.tcp import Client\nx: Client\nfor c in x.frames():\n    json.loads(c)",
            ["UNC103"],
        ),
        (("net.frames", "chunk"), "import json\nfor c in other.frames():\n    json.loads(c)", []),
        (
            ("net.Client.chat.frames", "chunk"),
            "import json, net\nfor c in net.Client().frames():\n    json.loads(c)",
            [],
        ),
        (("net.Client.chat.frames", "line"), f"{CHAT}for c in Client().chat.frames():\n    json.loads(c)", []),
        (("net.Client.chat.frames", "chunk"), f"{CHAT}for c in Client().chat.frames():\n    json.loads(c)", ["UNC101"]),
        (
            ("net.Client.chat.frames", "chunk"),
            f"{CHAT}def f(x: Client):\n    chat = x.chat\n    for c in chat.frames():\n        json.loads(c)",
            ["UNC101"],
        ),
        (
            ("net.Client.chat.completions.create", "object"),
            f"{CHAT}for c in Client().chat.completions.create(stream=True):\n    json.loads(c)",
            ["UNC105"],
        ),
        (
            ("net.Client.chat.completions.create", "object"),
            f"{CHAT}for c in Client().chat.completions.create():\n    json.loads(c.choices[0].delta.content)",
            ["UNC103"],
        ),
        (
            ("net.chat.frames", "chunk"),
            "import json\nfrom net import chat\nfor c in chat.frames():\n    json.loads(c)",
            ["UNC101"],
        ),
    ],
)
def test_sources_of_ones_own(sources: tuple[str, str], program: str, expected: list[str]) -> None:
    assert codes(program, Settings(sources=(sources,))) == expected


def test_a_source_of_ones_own_beats_the_catalog() -> None:
    program = "import json\nfor c in x.iter_content():\n    json.loads(c)"
    assert codes(program, Settings(sources=(("iter_content", "line"),))) == []


@pytest.mark.parametrize(
    ("parser", "program"),
    [
        ("tools.parse", "import tools\nfor c in r.iter_content():\n    tools.parse(c)"),
        ("tools.parse", "from tools import parse as p\nfor c in r.iter_content():\n    p(c)"),
        ("tools.text.parse", "from tools import text\nfor c in r.iter_content():\n    text.parse(c)"),
    ],
)
def test_parsers_of_ones_own(parser: str, program: str) -> None:
    assert codes(program, Settings(parsers=(parser,), select=frozenset(("UNC101",)))) == ["UNC101"]
    assert codes(program, Settings(select=frozenset(("UNC101",)))) == []


def test_safe_functions_of_ones_own() -> None:
    program = "import json\nfrom tools import recut\nfor c in recut(r.iter_content()):\n    json.loads(c)"
    assert codes(program, Settings(safe=("tools.recut",))) == []


def test_only_what_is_selected_is_reported() -> None:
    program = "import json\nfor c in r.iter_content():\n    json.loads(c.decode())"
    assert codes(program, Settings(select=frozenset(("UNC202",)))) == ["UNC202"]
    assert codes(program, Settings(select=frozenset())) == []
    assert codes(program, Settings()) == ["UNC101", "UNC202"]
    assert [finding.code for finding in check_source(program)] == ["UNC101"]
