"""Recipes: what crashes is reported; what works is silent, and prints every value at every cut."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from behaviour.servers import tcp_server
from unchunk.analysis import Settings, check_source
from unchunk.testing import stream_server

# A recipe leaves its client to the end of its process.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

FOLDER = Path(__file__).parent.parent / "docs" / "recipes"
PAGES = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != "README")
CITIES = ("Zürich", "Bern")
LINES = "".join(json.dumps({"city": city}, ensure_ascii=False) + "\n" for city in CITIES)
FRAGMENTS = [LINES[at : at + 7] for at in range(0, len(LINES), 7)]
PACKAGES = {"gemini": "google.genai", "sockets": "socket"}


def sse(*events: object) -> str:
    return "".join(f": keep-alive\n\ndata: {json.dumps(event)}\n\n" for event in events)


def chat() -> str:
    def step(delta: dict[str, str]) -> dict[str, object]:
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}

    return sse(*(step({"content": text}) for text in FRAGMENTS), step({})) + "data: [DONE]\n\n"


def blocks() -> str:
    def step(kind: str, index: int, **more: object) -> str:
        return f"event: {kind}\n" + sse({"type": kind, "index": index, **more}).removeprefix(": keep-alive\n\n")

    text = ""
    for index, line in enumerate(LINES.splitlines()):
        deltas = [{"type": "input_json_delta", "partial_json": line[at : at + 5]} for at in range(0, len(line), 5)]
        block = {"type": "tool_use", "id": "1", "name": "city", "input": {}}
        text += step("content_block_start", index, content_block=block)
        text += "".join(step("content_block_delta", index, delta=delta) for delta in deltas)
        text += step("content_block_stop", index)
    return text


def gemini() -> str:
    events = ({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}}]} for text in FRAGMENTS)
    return sse(*events).replace(": keep-alive\n\n", "")  # its SDK knows no comments


def ollama() -> str:
    messages = ({"role": "assistant", "content": text} for text in FRAGMENTS)
    return "".join(json.dumps({"model": "m", "message": message, "done": False}) + "\n" for message in messages)


def docker() -> str:
    return LINES.replace("city", "status")


BODIES = {"docker": docker, "openai": chat, "together": chat, "anthropic": blocks, "gemini": gemini, "ollama": ollama}
EVENTS = sse(*({"city": city} for city in CITIES)) + "data: [DONE]\n\n"


def program(name: str, mark: str) -> tuple[str, str]:
    """Return the text of the mark above a program, and the program."""
    [(said, text)] = re.findall(
        rf"<!-- {mark}(.*?) -->\n```python\n(.*?)```", (FOLDER / f"{name}.md").read_text(), re.DOTALL
    )
    return said, text


def installed(package: str) -> bool:
    with contextlib.suppress(ModuleNotFoundError):
        return importlib.util.find_spec(package) is not None
    return False


@contextlib.contextmanager
def served(name: str) -> Iterator[str]:
    if name == "sockets":
        with tcp_server([bytes([byte]) for byte in LINES.encode()], 0) as (host, port):
            yield f"{host}:{port}"
        return
    body = BODIES[name]() if name in BODIES else EVENTS
    kind = "application/x-ndjson" if name in ("ollama", "docker") else "text/event-stream"
    with stream_server(body, cuts=range(1, len(body.encode())), content_type=kind) as server:
        yield server.url.rstrip("/")


@pytest.mark.parametrize("name", PAGES)
def test_what_crashes_is_reported(name: str) -> None:
    said, text = program(name, "reported:")
    assert [finding.code for finding in check_source(text.replace("PORT", "1"))] == said.split()


@pytest.mark.parametrize("name", PAGES)
def test_what_works_is_silent_and_prints_every_value_at_every_cut(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, text = program(name, "run")
    assert check_source(text.replace("PORT", "1"), settings=Settings()) == []  # every rule
    if not installed(PACKAGES.get(name, name)):
        pytest.skip(f"{name} is not installed")
    for service in ("OPENAI", "TOGETHER", "ANTHROPIC", "GEMINI"):
        monkeypatch.setenv(f"{service}_API_KEY", "none")
    monkeypatch.delitem(sys.modules, "ollama", raising=False)  # it reads OLLAMA_HOST when it is imported
    printed = io.StringIO()
    with served(name) as url:
        for variable in (
            "OPENAI_BASE_URL",
            "TOGETHER_BASE_URL",
            "ANTHROPIC_BASE_URL",
            "GOOGLE_GEMINI_BASE_URL",
            "OLLAMA_HOST",
        ):
            monkeypatch.setenv(variable, url)
        monkeypatch.setenv("DOCKER_HOST", url.replace("http:", "tcp:"))
        host, _, port = url.rpartition(":")
        text = text.replace('"URL"', repr(url)).replace('"HOST"', repr(host)).replace("PORT", port)
        with contextlib.redirect_stdout(printed):
            exec(compile(text, f"docs/recipes/{name}.md", "exec"), {"__name__": "recipe"})
    assert printed.getvalue().split() == [*CITIES]
