"""Holding back Ctrl-C while files are written, until a point where nothing is half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any


class HeldInterrupts:
    """Within this context an interrupt (SIGINT) waits: for `let_through()`, or for the end of the context.

    An exception can otherwise come between any two steps, also between making a temporary file and noting that it has
    to be removed. Only the main thread receives signals, so elsewhere, and where no Python handler is set, this does
    nothing.
    """

    def __init__(self) -> None:
        self._handler: Callable[[int, FrameType | None], Any] | None = None
        self._waiting = False

    def __enter__(self) -> HeldInterrupts:
        handler = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is threading.main_thread() and callable(handler):
            self._handler = handler
            signal.signal(signal.SIGINT, self._hold)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)
            self.let_through()

    def let_through(self) -> None:
        """Let an interrupt that came meanwhile happen here."""
        if self._waiting and self._handler is not None:
            self._waiting = False
            self._handler(signal.SIGINT, None)

    def _hold(self, number: int, frame: FrameType | None) -> None:
        self._waiting = True
