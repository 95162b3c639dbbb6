"""zstandard: https://python-zstandard.readthedocs.io/en/latest/decompressor.html"""

from __future__ import annotations

from .dsl import CHUNK, MESSAGE, WHOLE, absent, client, constant, given
from .files import File

ZSTANDARD = client("zstandard", docs="https://python-zstandard.readthedocs.io/en/latest/decompressor.html")
Decompressor = ZSTANDARD.type("ZstdDecompressor")
Reader = ZSTANDARD.type("ZstdDecompressionReader")

ZSTANDARD.returns(File, "open")
Decompressor.returns(Reader, "stream_reader")
Decompressor.yields(CHUNK, "read_to_iter", text=False)
Decompressor.returns(WHOLE, "decompress", text=False)
Reader.returns(WHOLE, "read", text=False, only=absent("size", 0))
Reader.read(CHUNK, "read", text=False, only=constant("size", 0), exact=True)
Reader.read(MESSAGE, "read", text=False, only=given("size", 0), note="a length that was read before")
Reader.read(CHUNK, "read1", text=False)
Reader.returns(WHOLE, "readall", text=False)
