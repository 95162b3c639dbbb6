"""Parts of events that are kept: what makes them longer where they are, and what does not."""

from __future__ import annotations

import pytest

from unchunk.analysis import check_source, explain

HEAD = """\
import json
from openai import OpenAI

def f(stream):
    stream = OpenAI().chat.completions.create(model="m", messages=[], stream=True)
    kept, by_index, state = [], {}, {"n": 0, "text": ""}
    for chunk in stream:
        for call in chunk.choices[0].delta.tool_calls or []:
"""


def reported(body: str, head: str = HEAD) -> list[tuple[int, str]]:
    return [(finding.span.line, finding.code) for finding in check_source(head + body)]


LONGER = [
    "kept[-1].function.arguments += call.function.arguments",
    "kept[call.index].function.arguments += call.function.arguments",
    "last = kept[-1]\n            last.function.arguments = last.function.arguments + call.function.arguments",
    "last = kept[-1].function\n            last.arguments = (last.arguments or '') + call.function.arguments",
]
AFTERWARDS = [
    "    for call in kept:\n        json.loads(call.function.arguments)\n",
    "    for i in range(len(kept)):\n        json.loads(kept[i].function.arguments)\n",
    "    return [json.loads(call.function.arguments) for call in kept]\n",
    "    json.loads(kept[0].function.arguments)\n",
]


@pytest.mark.parametrize("untyped", [False, True])
@pytest.mark.parametrize("afterwards", AFTERWARDS)
@pytest.mark.parametrize("longer", LONGER)
def test_what_is_made_longer_where_it_is_kept_is_no_piece(longer: str, afterwards: str, untyped: bool) -> None:
    head = HEAD.replace("    stream = OpenAI", "    # stream = OpenAI") if untyped else HEAD
    body = (
        f"            if call.id:\n                kept.append(call)\n                continue\n            {longer}\n"
    )
    assert reported(body + afterwards, head) == []


@pytest.mark.parametrize(
    "meanwhile",
    [
        "pass",
        "state['n'] += 1",
        "state['text'] += call.function.name",
        "state['text'] += chunk.choices[0].delta.content",
        "kept[-1].function.arguments = call.function.arguments",
        "kept[-1].function.name += call.function.name",
    ],
)
@pytest.mark.parametrize("afterwards", AFTERWARDS)
def test_what_is_only_kept_is_a_piece(meanwhile: str, afterwards: str) -> None:
    body = f"            kept.append(call)\n            {meanwhile}\n"
    line = (HEAD + body + afterwards).splitlines().index(afterwards.splitlines()[-1]) + 1
    assert reported(body + afterwards) == [(line, "UNC103")]


def test_what_has_just_come_is_a_piece_though_others_are_made_longer() -> None:
    body = "            kept.append(call)\n            kept[0].function.arguments += call.function.arguments\n"
    assert reported(body + "            json.loads(call.function.arguments)\n") == [(11, "UNC103")]


def test_the_reason_is_told() -> None:
    body = "            kept.append(call)\n            kept[0].function.arguments += call.function.arguments\n"
    (reason,) = explain(HEAD + body + "    json.loads(kept[1].function.arguments)", "it.py", 11)
    assert reason.startswith("buffered: made longer, where it is kept, by several steps of openai")


@pytest.mark.parametrize(
    "program",
    [
        "buf = None\nfor c in r.iter_content():\n    buf = (before() or b'') + c\n    json.loads(buf)\n",
        "buf = None\nfor c in r.iter_content():\n    buf = (old if old else b'') + c\n    json.loads(buf)\n",
        "for c in r.iter_content():\n    d['x'] = (d.get('x') or '') + c.decode()\n    json.loads(d['x'])\n",
    ],
)
def test_what_is_unknown_or_else_empty_may_be_the_rest(program: str) -> None:
    assert reported(program, "import json\n") == []


def test_a_text_of_the_program_is_no_rest() -> None:
    program = "for c in r.iter_content():\n    json.loads((x and '' or '') + c.decode())\n"
    assert reported(program, "import json\n") == [(3, "UNC101")]
