"""Deferral of Ctrl-C and termination signals while files are written, until a point where nothing is half done."""

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
"""Signals that interrupt or end a process, and leave it the time to roll back."""


class Terminated(BaseException):
    """The process was asked to end; it does so when the context is left, after rolling back."""


class _Noted:
    """The record that Ctrl-C has been pressed."""

    interrupted = False


@contextlib.contextmanager
def noted_interrupts() -> Iterator[None]:
    """Remember Ctrl-C: as an exception, any library on the way may swallow it."""
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
    """A context in which interrupting signals wait for `let_through()`, or for its end.

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
        """Deliver the signals that came meanwhile.

        Raises:
            Ended: it is one that ends the process.
        """
        for number in self._waiting:
            handler = self._handlers[number]
            if isinstance(handler, signal.Handlers):
                raise Terminated
            self._waiting.remove(number)
            handler(number, None)
            return

    def _hold(self, number: int, frame: FrameType | None) -> None:
        self._waiting.append(number)
