"""Runs of pytest with the plugin, and without those that the environment would add."""

from __future__ import annotations

from typing import Any

import pytest

HANDLERS = """
import json

CITIES = [{"city": "Zürich"}, {"city": "Bern"}, {"city": "Chur"}]
BODY = "".join(f"data: {json.dumps(city, ensure_ascii=False)}\\n\\n" for city in CITIES).encode()


def broken(chunks):
    return [json.loads(part[6:]) for chunk in chunks for part in chunk.decode().split("\\n\\n") if part]


def swallowing(chunks):
    values = []
    for chunk in chunks:
        for part in chunk.decode("utf-8", "replace").split("\\n\\n"):
            try:
                values.append(json.loads(part.removeprefix("data: ")))
            except ValueError:
                continue
    return values


def one_event_a_chunk(chunks):
    return [json.loads(chunk[6:]) for chunk in chunks]


def fixed(chunks):
    from unchunk import iter_json

    return list(iter_json(chunks))
"""


def run(
    pytester: pytest.Pytester, *options: str, plugins: tuple[str, ...] = (), subprocess: bool = False
) -> pytest.RunResult:
    """Run the tests in the folder."""
    loaded = [part for plugin in ("unchunk.testing.plugin", *plugins) for part in ("-p", plugin)]
    arguments = ["-p", "no:cacheprovider", *loaded, *options]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # Hypothesis alone takes half a second a run
        return (pytester.runpytest_subprocess if subprocess else pytester.runpytest_inprocess)(*arguments)


def outcomes(result: pytest.RunResult) -> dict[str, int]:
    """Return how many tests passed, failed, and so on."""
    found: dict[str, Any] = result.parseoutcomes()
    return {name: count for name, count in found.items() if name not in ("warnings", "warning", "seconds")}
