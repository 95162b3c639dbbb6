"""Reports of internal errors: one line for the user, and a file with the traceback."""

from __future__ import annotations

import os

MAX_LENGTH = 200
"""An error's own words may be a whole syntax tree."""

_reports: list[str] = []
"""The file of this process, once there is one: a thousand files that fail alike are worth one report."""


def describe_fault(error: BaseException) -> str:
    """Describe an internal error in one line: what, where, and which file has the traceback."""
    import traceback  # faults are rare, and every run starts

    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = [f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in place]
    words = " ".join(str(error).split())
    words = words if len(words) <= MAX_LENGTH else f"{words[:MAX_LENGTH]}…"
    what = type(error).__name__ + (f": {words}" if words else "")
    report = _report(error)
    rest = f"; more in {report}" if report else ""
    return f"internal error, please report it: {what} (at {' '.join(where) or 'no place'}{rest})"


def _report(error: BaseException) -> str | None:
    """Write the traceback to this process's report file; None where none can be written."""
    import tempfile
    import traceback

    lines = "".join(traceback.format_exception(type(error), error, error.__traceback__, limit=-50))
    try:
        if not _reports or not os.path.exists(_reports[0]):
            handle, path = tempfile.mkstemp(".txt", "unchunk-fault-")
            os.close(handle)
            _reports[:] = [path]
        with open(_reports[0], "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{lines}\n")
    except OSError:
        return None
    return _reports[0]
