"""Events that the program makes itself: written out they are no steps of a stream, made from what has come they are."""

from __future__ import annotations

import pytest

from unchunk.analysis import check_source

HEAD = """\
import json
from ag_ui.core import ToolCallArgsEvent
from langchain_core.messages import AIMessageChunk
from openai.types.chat import ChatCompletionChunk
"""


def codes(body: str) -> list[str]:
    return [finding.code for finding in check_source(HEAD + body)]


@pytest.mark.parametrize(
    "body",
    [
        "event = ToolCallArgsEvent(tool_call_id='1', delta=json.dumps(x))\njson.loads(event.delta)\n",
        "event = ChatCompletionChunk(id='1', choices=choices)\njson.loads(event.choices[0].delta.content)\n",
        "json.loads(AIMessageChunk(content=text).content)\n",
        "json.loads(AIMessageChunk(text).content)\n",
        "def f(event: ToolCallArgsEvent):\n    self.text += event.delta\n    json.loads(self.text)\n",
        "def f(whole: AIMessageChunk):\n    json.loads(whole.content)\n",
    ],
)
def test_what_the_program_wrote_is_whole(body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "def f(event: ToolCallArgsEvent):\n    json.loads(event.delta)\n",
        "def f(lines):\n    for line in lines:\n        json.loads(ToolCallArgsEvent(**decoded(line)).delta)\n",
        "for d in data:\n    c = ChatCompletionChunk(**d)\n    json.loads(c.choices[0].delta.content)\n",
    ],
)
def test_what_has_come_is_a_fragment(body: str) -> None:
    assert codes(body) == ["UNC103"]
