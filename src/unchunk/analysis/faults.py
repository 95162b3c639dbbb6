"""What is told of an error that no user is to blame for: one line, and a file with the rest."""

from __future__ import annotations

import os

LONGEST = 200
"""An error's own words may be a whole syntax tree."""

_reports: list[str] = []
"""The file of this process, once there is one: a thousand files that fail alike are worth one report."""


def told(error: BaseException) -> str:
    """The words for an error of ours, in one line: what, where, and in which file the whole of it is."""
    import traceback  # faults are rare, and every run starts

    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = [f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in place]
    words = " ".join(str(error).split())
    words = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
    what = type(error).__name__ + (f": {words}" if words else "")
    report = _report(error)
    rest = f"; more in {report}" if report else ""
    return f"internal error, please report it: {what} (at {' '.join(where) or 'no place'}{rest})"


def _report(error: BaseException) -> str | None:
    """The file that says all about the errors of this process; None where none can be written."""
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
