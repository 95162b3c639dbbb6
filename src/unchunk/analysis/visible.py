"""Text of others on one line of a terminal or log, with control characters made visible."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re


def visible(text: str) -> str:
    """Show control characters, line ends and changes of direction as Python would write them in a literal."""
    if text.isprintable():
        return text
    import re  # printable text, which is nearly all, costs no import

    return re.sub("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", _escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
