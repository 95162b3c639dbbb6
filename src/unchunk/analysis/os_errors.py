"""Operating-system errors, as words of a message."""

from __future__ import annotations


def reason_of(error: OSError) -> str:
    """Return the system's reason as the end of a sentence: `no such file or directory`."""
    return (error.strerror or str(error)).lower()
