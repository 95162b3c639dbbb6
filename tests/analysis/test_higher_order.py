"""A fragment that is no document, and what the handler of that error goes on with: the fragment, or something else."""

from __future__ import annotations

import pytest

from unchunk.analysis import check_source

HEAD = """\
import json
from openai import OpenAI

def f(self):
    for event in OpenAI().chat.completions.create(model="m", messages=[], stream=True):
        text = event.choices[0].delta.content
        for call in event.choices[0].delta.tool_calls or []:
            try:
                yield json.loads({})
            except ValueError as error:
                {}
"""
ARGUMENTS = "call.function.arguments"


def codes(argument: str, handling: str) -> list[str]:
    return [finding.code for finding in check_source(HEAD.format(argument, handling))]


@pytest.mark.parametrize(
    ("argument", "handling"),
    [
        (ARGUMENTS, "yield call.function.arguments"),
        (ARGUMENTS, "yield {'id': call.id, 'raw': call.function.arguments}"),
        (ARGUMENTS, "yield call.function"),
        (ARGUMENTS, "yield call"),
        (ARGUMENTS, "yield call.model_dump()"),
        (ARGUMENTS, "later.append(call)"),
        (ARGUMENTS, "yield {**vars(call), 'failed': True}"),
        (f"{ARGUMENTS} or '{{}}'", "yield call.function.arguments"),
        (f"{ARGUMENTS}.strip()", "yield call.function.arguments.strip().upper()"),
        (f"str({ARGUMENTS})", "yield other(call.function.arguments)"),
        ("text", "yield text"),
        ("text", "yield text.strip()"),
        ("text", "seen[text] += 1"),
        ("text", "yield event.choices[0].delta.content"),
        ("text", "yield event.choices[0].delta"),
        ("text", "yield event"),
        ("text", "rest += text"),
        ("event.model_dump()['choices'][0]['delta']['content']", "yield event.choices[0].delta.content"),
    ],
)
def test_where_the_fragment_goes_on_it_is_not_lost(argument: str, handling: str) -> None:
    assert codes(argument, handling) == []


@pytest.mark.parametrize(
    ("argument", "handling"),
    [
        (ARGUMENTS, "yield {'id': call.id, 'error': str(error)}"),
        (ARGUMENTS, "yield {'name': call.function.name, 'error': str(error)}"),
        (ARGUMENTS, "failed.append(call.get('id'))"),
        (ARGUMENTS, "failed.append(call['id'])"),
        (ARGUMENTS, "call.function.arguments = '{}'"),
        (ARGUMENTS, "self.fail(call.index)"),
        (ARGUMENTS, "yield {}"),
        ("text", "yield event.id"),
        ("text", "yield event.choices[0].finish_reason"),
        ("text", "text = ''"),
        ("str(text)", "yield str(error)"),
    ],
)
def test_where_something_else_goes_on_the_fragment_is_lost(argument: str, handling: str) -> None:
    assert codes(argument, handling) == ["UNC103"]
