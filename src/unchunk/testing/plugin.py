"""A plugin for pytest that cuts every stream of a test again: `pytest --rechunk=byte`.

pytest imports this module in every run: it holds the options, the marker and the fixtures, and imports the rest when
one of them is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unchunk.testing.server import StreamServer

_MARKER = (
    "rechunk(mode): cut the streams of this test again, with or without --rechunk, in the mode (by default all of "
    "them); rechunk(False) leaves them as they come"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("rechunk", "streams cut again (unchunk)")
    group.addoption(
        "--rechunk",
        metavar="MODE",
        help="cut what streaming clients deliver: byte, half, coalesce, random, random:SEED, several with commas "
        "between them, all, or replay:… as a report has printed it",
    )
    group.addoption(
        "--rechunk-sockets", action="store_true", help="cut what sockets receive as well, whatever is built on them"
    )
    group.addoption(
        "--rechunk-report",
        metavar="FILE",
        help="write the parse calls that failed as findings of unchunk check: SARIF where the name ends with .sarif, "
        "else JSON",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", _MARKER)
    if config.option.rechunk is not None or config.option.rechunk_report is not None:
        _start(config)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if any("rechunk" in item.keywords and item.get_closest_marker("rechunk") for item in items):
        _start(config)


def _start(config: pytest.Config) -> None:
    from unchunk.testing.protocol import Protocol

    if not config.pluginmanager.has_plugin("unchunk-rechunk"):
        config.pluginmanager.register(Protocol(config), "unchunk-rechunk")


@pytest.fixture
def recut(request: pytest.FixtureRequest) -> Callable[..., Iterator[list[Any]]]:
    """Cut a body in all the ways that tell right handlers from wrong ones; a failing test tells which one it was."""
    from unchunk.testing.reporting import told_recut

    return told_recut(request.node)


@pytest.fixture
def stream_server() -> Iterator[Callable[..., StreamServer]]:
    """Start servers on loopback that stream a body with given cuts; they stop with the test."""
    from contextlib import ExitStack

    from unchunk.testing.server import StreamServer

    with ExitStack() as servers:

        def start(body: bytes | str, cuts: Any = (), **options: Any) -> StreamServer:
            return servers.enter_context(StreamServer(body, cuts, **options))

        yield start
