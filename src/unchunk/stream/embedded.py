"""JSON in a model's text: in Markdown fences, or behind a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .documents import Documents
from .ends import DocumentEnds
from .errors import JSONStreamError
from .loading import LoadsAdapter
from .settings import Settings
from .values import BLANKS, Incomplete, Malformed, value_at

_FENCE = "```"
_JSON_LANGUAGES = ("", "json", "jsonl", "ndjson", "json5", "jsonc")
# What an object or an array begins with, and text in brackets, such as a footnote `[1]` or a link, does not.
_B = r"[ \t\r\n]{0,64}"
_NUMBER = r"-?[0-9][-+.0-9eE]{0,32}"
_BEGIN = (
    rf'\{{{_B}["}}]|\[(?:{_B}\[){{0,64}}\]'
    rf'|\[[ \t\r\n\[]{{0,64}}(?:["{{]|{_NUMBER}{_B},|(?:true|false|null){_B}[,\]])'
)
_fence_or_document = re.compile(rf"```[ \t]{{0,8}}(?P<language>[A-Za-z0-9_+-]{{0,32}})|{_BEGIN}").search
_words = "|".join(word[:size] for word in ("true", "false", "null") for size in range(1, len(word) + 1))
_begun_in_text = re.compile(
    rf"`{{1,2}}\Z|\{{{_B}\Z|\[[ \t\r\n\[]{{0,64}}(?:-?(?:[0-9][-+.0-9eE]{{0,32}}{_B})?|(?:{_words}){_B})\Z"
).search


class Prose:
    """A search for the beginning of a document in text that comes in pieces. Fences of other languages are skipped."""

    __slots__ = ("_foreign", "_in_fence")

    def __init__(self) -> None:
        self._in_fence = False
        self._foreign = False

    def find(self, text: str, start: int = 0) -> tuple[int, bool]:
        """Return the start of the next document from `start` on, and True; else the start of what has to be kept, and
        False.
        """
        while found := _fence_or_document(text, start):
            language = found["language"]
            if language is None:
                if not self._foreign:
                    return found.start(), True
            elif found.end() == len(text):
                return found.start(), False  # its language may go on
            else:
                self._in_fence = not self._in_fence
                self._foreign = self._in_fence and language.lower() not in _JSON_LANGUAGES
            start = found.end()
        begun = _begun_in_text(text, start)
        return (begun.start() if begun else len(text)), False


class EmbeddedDocuments(Documents):
    """A reader of the objects and arrays in a text. A broken one lasts until its brackets close, or to the fence's
    end.
    """

    __slots__ = ("_held", "_loads", "_prose", "_settings")

    line_parser = None

    def __init__(self, settings: Settings, loads: LoadsAdapter | None, offset: int = 0) -> None:
        super().__init__(settings, offset)
        self._settings = settings
        self._loads = loads
        self._prose = Prose()
        self._held = b""  # text that may be the beginning of a document

    @property
    def pending(self) -> int:
        return len(self.buffer) + len(self._held)

    def feed(self, data: bytes) -> Iterable[Any]:
        """Return the values that end in `data`. To be exhausted before the next call."""
        buffer = self.buffer
        if not buffer:
            return self._read(self._held + data)
        seen = max(0, len(buffer) - len(_FENCE))
        if self.ends_with(data) or buffer.find(b"\n```", seen) >= 0:
            return self._read(bytes(self.take()), is_open=True)
        return self.check_open()

    take_in = feed

    def check_open(self) -> Iterable[Any]:
        """Return the values of an open document that is too large, if it has ended after all; raise otherwise."""
        return self._read(bytes(self.take()), is_open=True) if len(self.buffer) > self.at.max_size else ()

    def close(self) -> Iterable[Any]:
        """Return nothing; raise if a document is incomplete."""
        data = bytes(self.take())
        return self._read(data, is_open=True, final=True) if data else ()

    def _read(self, data: bytes, *, is_open: bool = False, final: bool = False) -> Iterator[Any]:
        text, start = data.decode("latin-1"), 0  # one character a byte
        base = self.at.offset
        self._held = b""
        while start < len(text):
            if not is_open:
                start, is_open = self._prose.find(text, start)
            if not is_open:
                break
            is_open = False
            self.at.offset = base + start
            fence = data.find(b"\n```", start)
            limit = fence if fence >= 0 else len(data)
            end = DocumentEnds(data[:limit] if fence >= 0 else data).find(start)[0]
            if end is None and fence < 0 and not final:
                self.begin(data[start:])
                if len(self.buffer) > self.at.max_size:
                    raise self._given_up(self.take())
                return
            end = end or limit
            try:
                value = self._value(data[start:end], final=final and end == len(data))
            except JSONStreamError as error:
                self._settings.fault(error, data[start:end])
            else:
                self.at.index += 1
                self.at.offset = base + end
                yield value
            start = end
        self.at.offset = base + start
        self._held = data[start:]

    def _value(self, document: bytes, *, final: bool) -> Any:
        text = document.decode("utf-8", "replace")
        if len(document) > self.at.max_size:
            raise self.at.given_up(text)
        try:
            value = value_at(document.decode("utf-8", "surrogatepass"), 0)[0]
            return value if self._loads is None else self._loads(document)
        except Incomplete:
            if final:
                raise self.at.truncated(text) from None
            message = "The text goes on in the middle of a document"
            raise self.at.malformed(message, text, len(text.rstrip(BLANKS))) from None
        except UnicodeDecodeError as error:
            raise self.at.not_utf8(document[: error.start].decode(), 0, document[error.start :]) from None
        except RecursionError:
            raise self.at.too_deep(text, 0) from None
        except Malformed as fault:
            raise self.at.malformed(fault.message, text, fault.pos) from fault.__cause__
