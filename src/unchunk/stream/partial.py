"""`iter_partial` and `aiter_partial`: a JSON value while it is still being written, without parsing anything twice."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
from enum import Enum
from json import loads
from sys import getrecursionlimit
from typing import Any

from .embedded import Prose
from .errors import MalformedJSONError
from .iterate import ClosingAsync, Forwarding, close_async, iterator_of
from .settings import DEFAULT_MAX_SIZE, ErrorContext, size_limit
from .values import BLANKS, Incomplete, Malformed, skip_blanks, value_at

_string_run = re.compile(r'(?:[^"\\\x00-\x1f]+|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*').match
_escape_begun = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?").fullmatch
_scalar_run = re.compile(r"[-+.0-9A-Za-z]*").match
_UNICODE_ESCAPE = len("\\uXXXX")
_MANY_DIGITS = 1000


class Next(Enum):
    """The tokens that may come next, in the words of the error if they do not."""

    VALUE = "Expecting value"
    VALUE_OR_END = "Expecting value or ']'"
    KEY = "Expecting property name enclosed in double quotes"
    KEY_OR_END = "Expecting property name enclosed in double quotes or '}'"
    COLON = "Expecting ':' delimiter"
    SEPARATOR = "Expecting ',' delimiter"
    NOTHING = "Extra data"


# Asking the class each time would take longer than what is done with the answer.
_VALUE_NEXT, _ELEMENT_NEXT, _KEY_NEXT, _FIRST_KEY_NEXT, _COLON_NEXT, _SEPARATOR_NEXT, _NOTHING_NEXT = Next
_KEYS_NEXT = (_KEY_NEXT, _FIRST_KEY_NEXT)


class PartialDocument:
    """One document as far as it has come. Each character is read once."""

    __slots__ = (
        "_alone",
        "_at",
        "_carry",
        "_containers",
        "_growing",
        "_holder",
        "_in_string",
        "_key",
        "_limit",
        "_max_depth",
        "_next",
        "_scalar",
        "_scalar_offset",
        "_slot",
        "_slots",
        "_top",
    )

    def __init__(self, max_size: int, *, alone: bool = True) -> None:
        self._at = ErrorContext(max_size, 0)
        self._limit = max_size  # for the offset of its end
        self._alone = alone  # nothing but blanks may follow the document
        self._max_depth = getrecursionlimit()
        self._top: list[Any] = []  # holds the value
        self._containers: list[Any] = [self._top]  # those that are open, the outermost first
        self._slots: list[Any] = [0]  # for each: the key, or index, of what is being written in it
        self._holder: Any = self._top  # the innermost of them and its slot
        self._slot: Any = 0
        self._next = _VALUE_NEXT
        self._in_string = False
        self._growing = False  # in a string that is shown, and not in the middle of an escape
        self._carry = ""  # an escape that is not complete yet
        self._key = ""  # the key that is being written
        self._scalar = ""
        self._scalar_offset = 0

    def feed(self, text: str) -> bool:
        """Take the next fragment; return True once there is a value to show.

        Raises:
            MalformedJSONError, SizeLimitError, DepthError.
        """
        at = self._at
        if self._next is _NOTHING_NEXT and not self._alone:
            return False
        if self._growing and text.isprintable() and '"' not in text and "\\" not in text:
            # With no other reference to it a string is lengthened in place: a live one is not copied each time.
            holder, slot = self._holder, self._slot
            string = holder[slot]
            holder[slot] = None
            string += text
            holder[slot] = string
        elif self._growing and '"' not in text:
            self._string_part(text, 0)
        else:
            self._read(text)
        at.offset += len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
        if at.offset > self._limit:
            raise at.too_large("")
        return bool(self._top)

    def close(self) -> None:
        """End the document.

        Raises:
            TruncatedError: the document has not.
        """
        if self._scalar:
            try:
                self._end_scalar(self._scalar_value())
            except Incomplete:
                raise self._at.truncated("") from None
        if self._in_string or len(self._containers) > 1:
            raise self._at.truncated("")

    @property
    def path(self) -> tuple[str | int, ...] | None:
        """Return the path at which the document is being written; None once it is complete."""
        depth = len(self._containers)
        in_leaf = bool(self._scalar) or (self._in_string and self._next not in _KEYS_NEXT)
        if depth == 1:
            return () if in_leaf or not self._top else None
        return (*self._slots[1 : depth - 1], *((self._slot,) if in_leaf else ()))

    def pass_over(self, size: int) -> None:
        """Count bytes before the document."""
        self._at.offset += size
        self._limit += size

    def live(self) -> Any:
        """Return the value itself, which goes on growing."""
        return self._top[0]

    def snapshot(self) -> Any:
        """Return the present value. Its complete parts are shared with other snapshots, its open ones copied."""
        containers = self._containers
        if len(containers) == 1:
            return self._top[0]
        root = copy = containers[1].copy()
        for level in range(2, len(containers)):
            slot, inner = self._slots[level - 1], containers[level].copy()
            copy[slot] = inner
            copy = inner
        return root

    def _read(self, text: str) -> None:
        # An escape that is not complete is read again with what completes it.
        carried = len(self._carry)
        if carried:
            text, self._carry = self._carry + text, ""
            self._at.offset -= carried
        index, length = 0, len(text)
        while index < length:
            if self._in_string:
                index = self._string_part(text, index)
            elif self._scalar:
                index = self._scalar_part(text, index)
            elif text[index] == " ":
                index += 1
            elif text[index] in BLANKS:
                index = skip_blanks(text, index).end()  # type: ignore[union-attr]
            else:
                index = self._structure(text, index)
        if self._scalar:
            self._show_scalar()
        if carried:
            self._at.offset += carried

    def _structure(self, text: str, index: int) -> int:
        """Take one character outside of strings and scalars."""
        char, expected = text[index], self._next
        if char == '"':
            if expected is _KEY_NEXT or expected is _FIRST_KEY_NEXT:
                self._key = ""
                self._in_string = True
                return index + 1
            if expected is _VALUE_NEXT or expected is _ELEMENT_NEXT:
                self._begin_value()
                self._put("")
                self._in_string = self._growing = True
                return index + 1
        elif char == ":":
            if expected is _COLON_NEXT:
                self._next = _VALUE_NEXT
                return index + 1
        elif char == ",":
            if expected is _SEPARATOR_NEXT:
                self._next = _KEY_NEXT if type(self._holder) is dict else _VALUE_NEXT
                return index + 1
        elif char == "}" or char == "]":
            first = _FIRST_KEY_NEXT if char == "}" else _ELEMENT_NEXT
            kind = dict if char == "}" else list
            if (expected is _SEPARATOR_NEXT or expected is first) and type(self._holder) is kind:
                self._close()
                return index + 1
        if expected is _NOTHING_NEXT and not self._alone:
            return len(text)
        if expected is not _VALUE_NEXT and expected is not _ELEMENT_NEXT:
            raise self._at.malformed(expected.value, text, index)
        if char == "{" or char == "[":
            self._open({} if char == "{" else [])
            return index + 1
        return self._scalar_part(text, index)

    def not_utf8(self, bad: bytes) -> MalformedJSONError:
        """Return the error for bytes that are not UTF-8 behind what was fed."""
        return self._at.not_utf8("", 0, bad)

    def _open(self, container: Any) -> None:
        if len(self._containers) > self._max_depth:
            raise self._at.too_deep("", 0)
        self._begin_value()
        self._put(container)
        self._containers.append(container)
        self._slots[-1] = self._slot
        self._slots.append(None)
        self._holder = container
        self._next = _FIRST_KEY_NEXT if isinstance(container, dict) else _ELEMENT_NEXT

    def _close(self) -> None:
        self._containers.pop()
        self._slots.pop()
        self._holder = self._containers[-1]
        self._end_value()

    def _begin_value(self) -> None:
        """Find the value's place: behind an array's elements, or at the key that was read."""
        self._slot = len(self._holder) if type(self._holder) is list else self._key

    def _end_value(self) -> None:
        self._next = _SEPARATOR_NEXT if len(self._containers) > 1 else _NOTHING_NEXT

    def _put(self, value: Any) -> None:
        """Show `value` at the place of the value that is being written."""
        holder, slot = self._holder, self._slot
        if type(holder) is list and slot == len(holder):
            holder.append(value)
        else:
            holder[slot] = value

    def _withdraw(self) -> None:
        """Show nothing there: `1.` is no number though `1` was."""
        if isinstance(self._holder, list):
            del self._holder[self._slot :]
        else:
            self._holder.pop(self._slot, None)

    def _string_part(self, text: str, index: int) -> int:
        """Take a string as far as it goes in `text`."""
        end = _string_run(text, index).end()  # type: ignore[union-attr]
        piece = text[index:end]
        if "\\" in piece:
            piece = loads(f'"{piece}"')
        if text[end : end + 1] == '"':
            self._lengthen(piece)
            self._end_string()
            return end + 1
        rest = text[end:]
        if rest and not _escape_begun(rest):
            message = "Invalid \\escape" if rest[0] == "\\" else "Invalid control character at"
            raise self._at.malformed(message, text, end)
        if "\ud800" <= piece[-1:] < "\udc00" and text[end - 1] != piece[-1]:
            # The first half of a pair of escapes waits for the second.
            piece, rest = piece[:-1], text[end - _UNICODE_ESCAPE :]
        self._lengthen(piece)
        self._carry = rest
        self._growing = not rest and self._next not in _KEYS_NEXT
        return len(text)

    def _lengthen(self, piece: str) -> None:
        if self._next in _KEYS_NEXT:
            self._key += piece
            return
        holder, slot = self._holder, self._slot
        string = holder[slot]
        holder[slot] = None
        string += piece
        holder[slot] = string

    def _end_string(self) -> None:
        self._in_string = self._growing = False
        if self._next in _KEYS_NEXT:
            self._next = _COLON_NEXT
        else:
            self._end_value()

    def _scalar_part(self, text: str, index: int) -> int:
        """Take a number or a literal as far as it goes in `text`."""
        if not self._scalar:
            self._begin_value()
            self._scalar_offset = self._at.offset + len(text[:index].encode("utf-8", "surrogatepass"))
        end = _scalar_run(text, index).end()  # type: ignore[union-attr]
        self._scalar += text[index:end]
        if not self._scalar:
            raise self._at.malformed(self._next.value, text, index)
        if end < len(text):
            try:
                self._end_scalar(self._scalar_value())
            except Incomplete:
                raise self._bad_scalar("Expecting value") from None
        return end

    def _show_scalar(self) -> None:
        """Show a number as far as it is one, and a literal once it is complete."""
        if len(self._scalar) > _MANY_DIGITS:
            return  # to read it again for each fragment would cost its square
        try:
            self._put(self._scalar_value())
        except Incomplete:
            self._withdraw()

    def _end_scalar(self, value: Any) -> None:
        self._scalar = ""
        self._put(value)
        self._end_value()

    def _scalar_value(self) -> Any:
        """Return the value; raises CutShort if it is none yet, MalformedJSONError if it never will be."""
        try:
            value, end = value_at(self._scalar, 0, final=True)
        except Malformed as fault:
            raise self._bad_scalar(fault.message) from None
        if end < len(self._scalar):
            raise self._bad_scalar("Extra data")
        return value

    def _bad_scalar(self, message: str) -> MalformedJSONError:
        self._at.offset = self._scalar_offset
        return self._at.malformed(message, self._scalar, 0)


class _Progress:
    """Parts of the document that are complete."""

    __slots__ = ()

    _document: PartialDocument

    @property
    def path(self) -> tuple[str | int, ...] | None:
        return self._document.path

    def is_complete(self, *path: str | int) -> bool:
        """Decide whether nothing more comes for the part at these keys and indices; it has to be there."""
        growing = self._document.path
        return growing is None or growing[: len(path)] != path


class PartialValues(_Progress, Forwarding[Any]):
    """The snapshots of `iter_partial`, and how far the last of them is complete.

    Attributes:
        path: keys and indices that lead to what is being written, `()` for the document itself. What is not on this way
            is complete. None once the document is.
    """

    __slots__ = ("_document",)

    def __init__(self, values: Generator[Any, None, None], document: PartialDocument) -> None:
        super().__init__(values)
        self._document = document


class AsyncPartialValues(_Progress, ClosingAsync[Any]):
    """`PartialValues` for `aiter_partial`."""

    __slots__ = ("_document",)

    def __init__(
        self, values: AsyncGenerator[Any, None], fragments: AsyncIterable[Any], document: PartialDocument
    ) -> None:
        super().__init__(values, fragments)
        self._document = document


def iter_partial(
    fragments: Iterable[Any], *, live: bool = False, embedded: bool = False, max_size: int | None = DEFAULT_MAX_SIZE
) -> PartialValues:
    """Yield the value of one document while it is being written: after each fragment, what there is of it.

    Each snapshot is what a tolerant parser gives for the fragments so far: open arrays, objects and strings are
    closed where they stand, a key without a value is left out, a number is shown while it is one, a literal once it
    is complete. Nothing is parsed twice, so the work grows with the text and not with its square.

    Args:
        fragments: pieces of str or of UTF-8 bytes, cut anywhere; `None` and empty ones are nothing and give no
            snapshot.
        live: give the growing value itself each time. Otherwise it is a copy of the arrays and objects that are open,
            shallow as they may be: what each has so far is copied, a pointer an item, and a string that grows is a
            new one each time. Live, a long array or string costs no more than a short one, but what you keep goes on
            changing.
        embedded: the document, an object or an array, stands in text: in a fence, or behind a sentence. The text around
            it is passed over.
        max_size: the most bytes the document may have; `None` for no limit.

    Returns:
        The snapshots; while they are read, `path` tells where the document is being written, and `is_complete("rows",
        0)` whether a part of it is complete.

    Raises:
        MalformedJSONError: the fragments are no JSON.
        TruncatedError: they have ended before the document; the last snapshot was given before.
        SizeLimitError: there are more than `max_size`.
        DepthError: the document is nested deeper than Python's recursion limit.

    See RFC 8259 for the grammar.
    """
    stream = _PartialStream(live, size_limit(max_size), embedded)
    return PartialValues(_snapshots(fragments, stream), stream.document)


class _PartialStream:
    """Fragments as text, into one document."""

    __slots__ = ("_begun", "_decoder", "_held", "_prose", "document", "show")

    def __init__(self, live: bool, max_size: int, embedded: bool = False) -> None:
        self.document = PartialDocument(max_size, alone=not embedded)
        self._prose = Prose() if embedded else None  # until the document begins
        self._held = ""
        self.show = self.document.live if live else self.document.snapshot
        self._decoder = getincrementaldecoder("utf-8")("surrogatepass")
        self._begun = False

    def text(self, fragment: Any) -> str:
        """Return a fragment as text, without a byte order mark.

        Raises:
            MalformedJSONError: bytes that are no UTF-8; what stands before them is read.
        """
        if fragment is None:
            return ""
        if not isinstance(fragment, (str, bytes, bytearray, memoryview)):
            raise TypeError(f"a fragment must be str, bytes or None, not {type(fragment).__name__}")
        text = str(fragment) if isinstance(fragment, str) else self._decoded(bytes(fragment))
        if text and not self._begun:
            self._begun = True
            text = text.removeprefix("\ufeff")
        return text if self._prose is None else self._without_prose(self._prose, text)

    def _without_prose(self, prose: Prose, text: str) -> str:
        text = self._held + text
        start, is_begun = prose.find(text)
        self.document.pass_over(len(text[:start].encode("utf-8", "surrogatepass")))
        if not is_begun:
            self._held = text[start:]
            return ""
        self._prose = None
        return text[start:]

    def _decoded(self, data: bytes, final: bool = False) -> str:
        try:
            return self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            self.document.feed(error.object[: error.start].decode("utf-8", "surrogatepass"))
            raise self.document.not_utf8(error.object[error.start :]) from None

    def close(self) -> None:
        self._decoded(b"", final=True)
        self.document.close()


def _snapshots(fragments: Iterable[Any], stream: _PartialStream) -> Generator[Any, None, None]:
    source = iterator_of(fragments)
    feed, show, begun = stream.document.feed, stream.show, False
    try:
        for fragment in source:
            text = fragment if type(fragment) is str and begun else stream.text(fragment)
            if text and feed(text):
                begun = True
                yield show()
        stream.close()
    finally:
        if source is not fragments and (close := getattr(source, "close", None)):
            close()


def aiter_partial(
    fragments: AsyncIterable[Any],
    *,
    live: bool = False,
    embedded: bool = False,
    max_size: int | None = DEFAULT_MAX_SIZE,
) -> AsyncPartialValues:
    """Yield the snapshots as `iter_partial` does, of an async iterable of fragments."""
    stream = _PartialStream(live, size_limit(max_size), embedded)
    return AsyncPartialValues(_snapshots_async(fragments, stream), fragments, stream.document)


async def _snapshots_async(fragments: AsyncIterable[Any], stream: _PartialStream) -> AsyncGenerator[Any, None]:
    source = aiter(fragments)
    feed, show, begun = stream.document.feed, stream.show, False
    try:
        async for fragment in source:
            text = fragment if type(fragment) is str and begun else stream.text(fragment)
            if text and feed(text):
                begun = True
                yield show()
        stream.close()
    finally:
        await close_async(source, fragments)
