"""What the operating system says of a file, in the words of a message."""

from __future__ import annotations


def reason_of(error: OSError) -> str:
    """Why the system refused, as the end of a sentence: `no such file or directory`."""
    return (error.strerror or str(error)).lower()
