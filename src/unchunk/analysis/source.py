"""Decoding and parsing of a file, with one clear sentence for each failure."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from itertools import islice

from .literals import fields_of, strip_comments_and_strings

MAX_WORDS_PER_LETTER = 0.32
"""Names, numbers and signs of the code, for each letter of the file: those that people write have a fifth."""
MIN_LETTERS = 1_000_000
"""Below this a file may be denser: it is the count for a file of this size that is too much."""
MAX_FIELDS = 2_000_000_000
"""Maximum of an f-string's fields times its letters, summed up: some of Python's parsers take that long."""
MAX_OF_DOTTED_NAMES = 200_000_000
"""Maximum of dots times letters, summed up over the names of imported modules: parsers keep all beginnings of one."""
SHORT_NAME = 50
"""Lines with no more dots than that are not looked through for such names."""
_DOTTED_NAME = re.compile(r"\b\w+(?:\s*\.\s*\w+)+")
_WORD = re.compile(rb"[\w\x80-\xff]+|[^\w\s]")


class SourceError(ValueError):
    """A file that cannot be read as Python.

    Attributes:
        path: the file as the caller named it.
        line: where, from 1; None where it is the whole file.
        message: why, in one sentence.
    """

    def __init__(self, path: str, line: int | None, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}" if line is not None else f"{path}: {message}")
        self.path = path
        self.line = line
        self.message = message


def text_of(source: str | bytes, path: str) -> str:
    """Decode a file by its cookie or byte order mark.

    Raises:
        SourceError: it cannot be decoded, or holds NUL bytes.
    """
    if isinstance(source, bytes):
        source = _decoded(source, path)
    at = source.find("\0")
    if at >= 0:
        raise SourceError(path, source.count("\n", 0, at) + 1, "holds NUL bytes, which Python source cannot")
    return source.removeprefix("\ufeff")


def _decoded(source: bytes, path: str) -> str:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(path, 1, "is not UTF-8: it begins with the byte order mark of UTF-16")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise SourceError(path, 1, f"cannot be decoded: {_reason(error)}") from error
    try:
        text = source.decode(encoding)
        if encoding not in ("utf-8", "utf-8-sig"):
            text.encode(encoding)
        return text
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise SourceError(path, line, f"is not {encoding}: byte {source[error.start]:#04x}") from error
    except (UnicodeError, LookupError) as error:  # not every codec is one of texts: rot13, idna
        raise SourceError(path, 1, f"cannot be decoded as {encoding}") from error


def _reason(error: SyntaxError | UnicodeDecodeError) -> str:
    return error.msg if isinstance(error, SyntaxError) else error.reason


def refuse_too_much(text: str, path: str) -> None:
    """Raise SourceError for a program whose tree would take more memory and time than any file may.

    Raises:
        SourceError: it holds more code than that.
    """
    if _of_dotted_names(text) > MAX_OF_DOTTED_NAMES:
        raise SourceError(path, None, "holds too long a dotted name to be looked into")
    most = int(MAX_WORDS_PER_LETTER * max(len(text), MIN_LETTERS))
    if len(text) <= most:
        return
    source = text.encode("utf-8", "surrogatepass")
    if source.count(b"{") > MAX_FIELDS // len(source) and fields_of(source) > MAX_FIELDS:
        raise SourceError(path, None, "holds too long a text with too many fields to be looked into")
    if _words(source, most) > most and _words(strip_comments_and_strings(source), most) > most:
        raise SourceError(path, None, "holds too much code to be looked into")


def _of_dotted_names(text: str) -> int:
    """Give an upper bound for what the names of imported modules take, zero where it is surely small."""
    if text.count(".") * len(text) <= MAX_OF_DOTTED_NAMES:
        return 0
    lines = text.replace("\\\r\n", "").replace("\\\n", "").splitlines()
    long = (line for line in lines if "import" in line and line.count(".") > SHORT_NAME)
    return sum(name.count(".") * len(name) for line in long for name in _DOTTED_NAME.findall(line))


def _words(source: bytes, enough: int) -> int:
    return sum(1 for _ in islice(_WORD.finditer(source), enough + 1))


def parsed(text: str, path: str) -> ast.Module:
    """Parse a program.

    Raises:
        SourceError: it is no Python, nests too deep for Python's parser, or is too much of it.
    """
    refuse_too_much(text, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise SourceError(path, error.lineno, f"is not Python: {error.msg}") from error
    except (RecursionError, MemoryError) as error:
        raise SourceError(path, None, "nests too deep to be parsed") from error
    except ValueError as error:
        raise SourceError(path, None, f"is not Python: {error}") from error
