"""Programs over the real SDKs against a loopback server: fragments of text, tool calls, partial JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from .running import run
from .test_shapes import fixed

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "tests")]

from cuts import at_random, at_sizes, one_at_a_time  # noqa: E402
from server import CuttingServer  # noqa: E402
from streams import chat_events  # noqa: E402

TEXTS = ['{"city": "Zürich", "n": [1, {}]}', '{"city": "東京"}', '{"city": "São Paulo", "x": "\\"}{"}']


@dataclass(frozen=True, slots=True)
class Program:
    """A program over an SDK; `events` makes the stream from the fragments of the text."""

    package: str
    source: str


def program(package: str, setup: str, loop: str) -> Program:
    return Program(package, f"import json\n\nimport {package}\n\n\ndef main(url):\n{_in(setup)}\n{_in(loop)}\n")


def _in(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in dedent(text).strip("\n").splitlines())


OPENAI = """
client = openai.OpenAI(api_key="none", base_url=url)
stream = client.chat.completions.create(model="m", messages=[], stream=True)
"""
TOGETHER = """
client = together.Together(api_key="none", base_url=url)
stream = client.chat.completions.create(model="m", messages=[], stream=True)
"""
LOOPS = {
    "assigned": """
        for chunk in stream:
            data = json.loads(chunk.choices[0].delta.content)
            print(data)
        """,
    "guarded": """
        for chunk in stream:
            if not chunk.choices:
                continue
            content = chunk.choices[0].delta.content
            if content:
                print(json.loads(content)["city"])
        """,
    "error swallowed": """
        for chunk in stream:
            content = chunk.choices[0].delta.content
            if content:
                try:
                    data = json.loads(content)
                except json.JSONDecodeError:
                    continue
                print(data)
        """,
    "event needed elsewhere": """
        ids = set()
        for chunk in stream:
            ids.add(chunk.id)
            content = chunk.choices[0].delta.content
            if content:
                print(json.loads(content))
        print(ids)
        """,
    "function": """
        def handle(text):
            print(json.loads(text)["city"])

        for chunk in stream:
            handle(chunk.choices[0].delta.content)
        """,
    "finish reason": """
        for chunk in stream:
            choice = chunk.choices[0]
            if choice.finish_reason:
                print("finish", choice.finish_reason)
                break
            if choice.delta.content:
                print(json.loads(choice.delta.content))
        """,
    "path read in a try": """
        for chunk in stream:
            delta = chunk.choices[0].delta
            try:
                data = json.loads(delta.content or "")
            except json.JSONDecodeError:
                continue
            print(data)
        """,
    "text put together": """
        text = ""
        role = None
        for chunk in stream:
            delta = chunk.choices[0].delta
            if delta.role:
                role = delta.role
            if delta.content:
                text += delta.content
                print(role, chunk.id, json.loads(delta.content))
        print(json.loads("[" + text.replace("}{", "}, {").replace("}\\n{", "}, {") + "]"))
        """,
    "choices": """
        for chunk in stream:
            for choice in chunk.choices:
                if choice.delta.content:
                    print(choice.index, json.loads(choice.delta.content))
        """,
    "stripped": """
        for chunk in stream:
            text = (chunk.choices[0].delta.content or "").strip()
            if text:
                print(json.loads(text))
        """,
    "break": """
        for chunk in stream:
            data = json.loads(chunk.choices[0].delta.content)
            if "n" not in data:
                break
            print(data)
        """,
}
GROQ = """
client = groq.Groq(api_key="none", base_url=url)
stream = client.chat.completions.create(model="m", messages=[], stream=True)
"""
SETUPS = {"openai": OPENAI, "together": TOGETHER, "groq": GROQ}
PROGRAMS = [
    pytest.param(program(package, setup, loop), id=f"{package}: {name}")
    for package, setup in SETUPS.items()
    for name, loop in LOOPS.items()
]


def fragments(texts: list[str]) -> Iterator[list[str]]:
    whole = "\n".join(texts)
    yield [whole]
    yield list(one_at_a_time(whole))
    for size in (2, 7, 40):
        yield at_sizes(whole, size)
    for seed in range(4):
        yield at_random(whole, seed)
    yield ["", *texts, ""]


@pytest.mark.parametrize("case", PROGRAMS)
def test_text_in_fragments(case: Program) -> None:
    pytest.importorskip(case.package)
    repaired = fixed(case.source)
    with CuttingServer(b"".join(chat_events(TEXTS)[1:])) as server:
        wanted = run(case.source, server.url)
        assert wanted
        for contents in fragments(TEXTS):
            server.body = b"".join(chat_events(contents)[1:])
            for cuts in ((), range(1, len(server.body), 97)):
                server.cuts = tuple(cuts)
                assert run(repaired, server.url) == wanted, contents


TOOLS = program(
    "openai",
    OPENAI,
    """
    for chunk in stream:
        for call in chunk.choices[0].delta.tool_calls or []:
            arguments = json.loads(call.function.arguments)
            print(arguments)
    print("end")
    """,
)


NAMED = program(
    "openai",
    OPENAI,
    """
    names = {}
    for chunk in stream:
        for call in chunk.choices[0].delta.tool_calls or []:
            if call.id:
                names[call.index] = call.id
            if call.function.arguments:
                print(call.index, call.id, names[call.index], json.loads(call.function.arguments))
    print("end")
    """,
)


def tool_events(pieces: list[tuple[int, str]]) -> bytes:
    """Return a stream in which parallel tool calls send pieces of their arguments, by index."""
    events = []
    for index, piece in pieces:
        call = {"index": index, "id": f"c{index}", "type": "function", "function": {"arguments": piece}}
        choice = {"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
        events.append(b"data: " + json.dumps(chunk).encode() + b"\n\n")
    return b"".join([*events, b"data: [DONE]\n\n"])


def interleaved(texts: list[str], size: int) -> list[tuple[int, str]]:
    parts = [at_sizes(text, size) for text in texts]
    longest = max(map(len, parts))
    return [(index, part[at]) for at in range(longest) for index, part in enumerate(parts) if at < len(part)]


@pytest.mark.parametrize("case", [TOOLS, NAMED], ids=["arguments", "names"])
def test_arguments_of_parallel_tool_calls(case: Program) -> None:
    pytest.importorskip("openai")
    repaired = fixed(case.source)
    with CuttingServer(tool_events(list(enumerate(TEXTS)))) as server:
        wanted = run(case.source, server.url)
        assert len(wanted) == 4
        for size in (1, 2, 5, 11, 100):
            server.body = tool_events(interleaved(TEXTS, size))
            assert run(repaired, server.url) == wanted


ANTHROPIC = program(
    "anthropic",
    """
    client = anthropic.Anthropic(api_key="none", base_url=url)
    stream = client.messages.create(model="m", max_tokens=9, messages=[], stream=True)
    """,
    """
    for event in stream:
        if event.type == "content_block_delta" and event.delta.type == "input_json_delta":
            data = json.loads(event.delta.partial_json)
            print(data)
    """,
)


def anthropic_events(blocks: list[list[str]]) -> bytes:
    """Return a message whose blocks send their JSON in the pieces given."""
    message = {"id": "1", "type": "message", "role": "assistant", "content": [], "model": "m", "stop_reason": None}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {**message, "usage": {"input_tokens": 1, "output_tokens": 1}}}
    ]
    for index, pieces in enumerate(blocks):
        block = {"type": "tool_use", "id": f"t{index}", "name": "f", "input": {}}
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        for piece in pieces:
            delta = {"type": "input_json_delta", "partial_json": piece}
            events.append({"type": "content_block_delta", "index": index, "delta": delta})
        events.append({"type": "content_block_stop", "index": index})
    events.append({"type": "message_stop"})
    return b"".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events)


def test_partial_json_of_anthropic() -> None:
    pytest.importorskip("anthropic")
    repaired = fixed(ANTHROPIC.source)
    with CuttingServer(anthropic_events([[text] for text in TEXTS])) as server:
        wanted = run(ANTHROPIC.source, server.url)
        assert len(wanted) == 3
        for size in (1, 3, 8, 100):
            server.body = anthropic_events([["", *at_sizes(text, size)] for text in TEXTS])
            assert run(repaired, server.url) == wanted
