"""Checks again whenever a file changes: `unchunk check --watch`."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from unchunk.cli.arguments import STDIN
from unchunk.project.discovery import JUNK_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from unchunk.cli.session import Session

_SUFFIXES = (".py", ".pyi", ".pyw", ".ipynb", ".toml", ".json", ".gitignore")
"""Files that can change the findings: programs, configurations, baselines."""
_CLEAR = "\x1b[2J\x1b[H"
_PAUSE = 200
"""Milliseconds without a change before the first check; the watch is on by then, so that no change is missed."""


def watch(session: Session, check: Callable[[], int]) -> int:
    """Check, and again after each change; give the status of the last check once Ctrl-C ends it."""
    paths = session.options.paths or [os.curdir]
    missing = next((path for path in paths if not os.path.exists(path)), None)
    if STDIN in paths or missing is not None:
        return session.refuse("--watch wants files and folders" + (f"; there is no {missing}" if missing else ""))
    try:
        import watchfiles
    except ModuleNotFoundError:
        return session.refuse("--watch needs the package watchfiles: pip install 'unchunk[watch]'")

    class Filter(watchfiles.DefaultFilter):
        ignore_dirs = (*watchfiles.DefaultFilter.ignore_dirs, *JUNK_FOLDERS)

        def __call__(self, change: watchfiles.Change, path: str) -> bool:
            return path.endswith(_SUFFIXES) and super().__call__(change, path)

    status: int | None = None
    with contextlib.suppress(KeyboardInterrupt):
        for changed in watchfiles.watch(*paths, watch_filter=Filter(), yield_on_timeout=True, rust_timeout=_PAUSE):
            if not changed and status is not None:
                continue
            if status is not None and sys.stdout.isatty():
                sys.stdout.write(_CLEAR)
            status = check()
            session.note(f"checked {', '.join(paths)}; waiting for changes (Ctrl-C ends)")
            sys.stdout.flush()
    return status or 0
