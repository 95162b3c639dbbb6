"""Events that only their parts tell: one that is picked out of several proves nothing, all of them do."""

from __future__ import annotations

import pytest

from unchunk.analysis import Settings, check_source

PART = "delta.partial_json"


def codes(body: str) -> list[str]:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    settings = Settings(select=frozenset(("UNC103",)))
    findings = check_source(f"import json, anthropic\nasync def f(source, *others):\n{lines}", settings=settings)
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    "body",
    [
        f"json.loads(source[2].{PART})",
        f"json.loads(source[-1].{PART})",
        "json.loads(source[2]['delta']['partial_json'])",
        "json.loads(source[2].get('delta').get('partial_json'))",
        f"events = list(source)\njson.loads(events[2].{PART})",
        f"deltas = [e for e in source if e.type == 'x']\njson.loads(deltas[0].{PART})",
        "deltas = [e.delta for e in source if e.type == 'x']\njson.loads(deltas[0].partial_json)",
        f"pieces = [e.{PART} for e in source]\njson.loads(pieces[0])",
        f"pairs = [(e.type, e.{PART}) for e in source]\njson.loads(pairs[0][1])",
        f"pairs = [(e.type, e) for e in source]\nkind, event = pairs[0]\njson.loads(event.{PART})",
        f"events = []\nfor e in source:\n    events.append(e)\njson.loads(events[0].{PART})",
        f"event = next(e for e in source if e.type == 'x')\njson.loads(event.{PART})",
        f"event = next((e for e in source if e.type == 'x'), None)\njson.loads(event.{PART})",
        f"event = next(iter(source))\njson.loads(event.{PART})",
        f"event = await anext(source)\njson.loads(event.{PART})",
        f"(event,) = [e for e in source if e.type == 'x']\njson.loads(event.{PART})",
        f"[event] = source\njson.loads(event.{PART})",
        f"one, other = [e for e in source if e.type == 'x']\njson.loads(other.{PART})",
        f"by_type = {{e.type: e for e in source}}\njson.loads(by_type['x'].{PART})",
        "event = json.loads(source[0][6:])\njson.loads(event['choices'][0]['delta']['content'])",
        "event = decoded(source[0])\njson.loads(event['choices'][0]['delta']['content'])",
        f"for start, e in zip([s for s in source], [e for e in source]):\n    json.loads(e.{PART})",
        f"json.loads(''.join(e.{PART} for e in source))",
        f"json.loads(''.join([e.{PART} for e in source if e.type == 'x']))",
        f"pieces = [e.{PART} for e in source]\njson.loads(pieces[0] + pieces[1])",
    ],
)
def test_one_that_is_picked_may_be_anything(body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize(
    "body",
    [
        f"for event in source:\n    json.loads(event.{PART})",
        f"async for event in source:\n    json.loads(event.{PART})",
        f"for event in source or []:\n    json.loads(event.{PART})",
        f"for event in list(source):\n    json.loads(event.{PART})",
        f"for event in [e for e in source if e.type == 'x']:\n    json.loads(event.{PART})",
        f"for number, event in enumerate(source):\n    json.loads(event.{PART})",
        f"for kind, event in source:\n    json.loads(event.{PART})",
        f"for item in source:\n    json.loads(item[1].{PART})",
        f"for item in source:\n    event = item[1]\n    json.loads(event.{PART})",
        f"for event in source[2]:\n    json.loads(event.{PART})",
        "for delta in (e.delta for e in source):\n    json.loads(delta.partial_json)",
        f"while True:\n    event = await anext(source)\n    json.loads(event.{PART})",
        f"while True:\n    event = next(source)\n    json.loads(event.{PART})",
        f"first, *others = source\nfor event in others:\n    json.loads(event.{PART})",
        f"return [json.loads(e.{PART}) for e in source]",
        f"return {{e.index: json.loads(e.{PART}) for e in source}}",
        f"json.loads(source.{PART})",
        "json.loads(source['delta']['partial_json'])",
        "json.loads(source.choices[0].delta.content)",
        "event = json.loads(source)\njson.loads(event['choices'][0]['delta']['content'])",
    ],
)
def test_all_of_them_and_one_that_is_handed_in_are_events(body: str) -> None:
    assert codes(body) == ["UNC103"]


@pytest.mark.parametrize(
    "body",
    [
        f"events = list(stream)\njson.loads(events[2].{PART})",
        f"event = next(e for e in stream if e.type == 'x')\njson.loads(event.{PART})",
        "deltas = [e.delta for e in stream]\njson.loads(deltas[0].partial_json)",
    ],
)
def test_of_a_known_client_each_is_a_fragment(body: str) -> None:
    made = "stream = anthropic.Anthropic().messages.create(stream=True)\n"
    assert codes(made + body) == ["UNC103"]
