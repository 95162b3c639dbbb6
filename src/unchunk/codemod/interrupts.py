"""Holding back Ctrl-C and requests to end while files are written, until a point where nothing is half done."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType, TracebackType
from typing import Any

INTERRUPTS = (signal.SIGINT,)
ENDINGS = (
    *INTERRUPTS,
    *(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)),
)
"""What interrupts a process or ends it, and leaves it the time to put things back."""


class Ended(BaseException):
    """The process has been asked to end, and does so when the context is left: what is written is put back first."""


class _Noted:
    """Whether Ctrl-C has been pressed."""

    interrupted = False


@contextlib.contextmanager
def noted_interrupts() -> Iterator[None]:
    """Keep in mind that Ctrl-C was pressed: what comes as an exception may be swallowed by any library on the way."""
    handler = signal.getsignal(signal.SIGINT)
    _Noted.interrupted = False
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return

    def note(number: int, frame: FrameType | None) -> None:
        _Noted.interrupted = True
        handler(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        _Noted.interrupted = False


def stop_if_interrupted() -> None:
    """Raise KeyboardInterrupt if Ctrl-C was pressed, whoever has swallowed that."""
    if _Noted.interrupted:
        raise KeyboardInterrupt


class HeldInterrupts:
    """Within this context a signal that interrupts or ends waits: for `let_through()`, or for the end of the context.

    An exception can otherwise come between any two steps, also between making a temporary file and noting that it has
    to be removed; and a process that ends at once leaves half of the files written. Only the main thread receives
    signals, so elsewhere this does nothing; signals that are ignored stay so.

    Args:
        signals: those that wait.
    """

    def __init__(self, signals: Sequence[signal.Signals] = INTERRUPTS) -> None:
        self._signals = signals
        self._handlers: dict[int, Callable[[int, FrameType | None], Any] | signal.Handlers] = {}
        self._waiting: list[int] = []

    def __enter__(self) -> HeldInterrupts:
        if threading.current_thread() is threading.main_thread():
            for number in self._signals:
                handler = signal.getsignal(number)
                if callable(handler) or handler is signal.SIG_DFL:
                    self._handlers[number] = handler
                    signal.signal(number, self._hold)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        while self._waiting:
            number = self._waiting.pop(0)
            handler = self._handlers[number]
            if callable(handler) and not isinstance(handler, signal.Handlers):
                handler(number, None)
            else:
                os.kill(os.getpid(), number)

    def let_through(self) -> None:
        """Let a signal that came meanwhile happen here.

        Raises:
            Ended: it is one that ends the process.
        """
        for number in self._waiting:
            handler = self._handlers[number]
            if isinstance(handler, signal.Handlers):
                raise Ended
            self._waiting.remove(number)
            handler(number, None)
            return

    def _hold(self, number: int, frame: FrameType | None) -> None:
        self._waiting.append(number)
