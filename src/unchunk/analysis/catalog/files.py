"""Files and file-like objects of the standard library: https://docs.python.org/3/library/io.html

`read(n)` of these gives n bytes unless the file ends, so that `read(length)` is a whole message where the length came
before it (as in the Language Server Protocol); only a fixed size cuts anywhere.
"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, Type, absent, client, constant, given

IO = client("io", distribution="", docs="https://docs.python.org/3/library/io.html#io.IOBase")
File = IO.type("file object")
TextFile = IO.type("TextIOWrapper", "TextIOBase", "StringIO")
ByteFile = IO.type("BufferedIOBase", "BufferedReader", "BufferedRandom", "RawIOBase", "FileIO", "BytesIO")


def reads_like_a_file(kind: Type, text: bool | None) -> None:
    """Declare that a type yields lines when iterated over, and the whole when read without a size."""
    kind.iterates(LINE, text=text)
    kind.yields(LINE, "readlines", text=text)
    kind.read(LINE, "readline", text=text)
    kind.returns(WHOLE, "read", text=text, only=absent("size", 0))
    kind.read(CHUNK, "read", text=text, only=constant("size", 0), exact=True)
    kind.read(MESSAGE, "read", text=text, only=given("size", 0), note="a length that was read before")


reads_like_a_file(File, None)
reads_like_a_file(TextFile, True)
reads_like_a_file(ByteFile, False)
File.read(CHUNK, "read1", text=False)
ByteFile.read(CHUNK, "read1", text=False)
TextFile.attribute(ByteFile, "buffer")
TextFile.returns(WHOLE, "getvalue", note="of a StringIO")
ByteFile.returns(WHOLE, "getvalue", note="of a BytesIO")
IO.returns(File, "open")

TYPING = client("typing", distribution="", docs="https://docs.python.org/3/library/typing.html#typing.IO")
TYPING.type("IO", bases=(File,))
TYPING.type("TextIO", bases=(TextFile,))
TYPING.type("BinaryIO", bases=(ByteFile,))

BUILTINS = client("builtins", distribution="", docs="https://docs.python.org/3/library/functions.html#open")
BUILTINS.returns(File, "open")

SYS = client("sys", distribution="", docs="https://docs.python.org/3/library/sys.html#sys.stdin")
SYS.attribute(TextFile, "stdin")

OS = client("os", distribution="", docs="https://docs.python.org/3/library/os.html#os.read")
OS.returns(File, "fdopen", "popen")
Descriptor = OS.type("descriptor of a path")
OS.returns(Descriptor, "open")
OS.read(CHUNK, "read", text=False, only=given("length", 1), of=0)
Descriptor.read(CHUNK, "read", text=False, only=constant("length", 1), exact=True)
Descriptor.read(MESSAGE, "read", text=False, only=given("length", 1), note="a length that was read before")

CODECS = client("codecs", distribution="", docs="https://docs.python.org/3/library/codecs.html#codecs.open")
CODECS.returns(File, "open")

PATHLIB = client("pathlib", distribution="", docs="https://docs.python.org/3/library/pathlib.html#pathlib.Path.open")
Path = PATHLIB.type("Path")
Path.returns(File, "open")
Path.returns(WHOLE, "read_text", text=True)
Path.returns(WHOLE, "read_bytes", text=False)

GZIP = client("gzip", distribution="", docs="https://docs.python.org/3/library/gzip.html#gzip.open")
BZ2 = client("bz2", distribution="", docs="https://docs.python.org/3/library/bz2.html#bz2.open")
LZMA = client("lzma", distribution="", docs="https://docs.python.org/3/library/lzma.html#lzma.open")
GZIP.returns(File, "open")
BZ2.returns(File, "open")
LZMA.returns(File, "open")
GzipFile = GZIP.type("GzipFile", bases=(ByteFile,))
