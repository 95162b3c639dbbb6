"""zstandard: https://python-zstandard.readthedocs.io/en/latest/decompressor.html"""

from __future__ import annotations

from .files import File
from .rows import CHUNK, MESSAGE, WHOLE, absent, client, constant, given

ZSTANDARD = client("zstandard", docs="https://python-zstandard.readthedocs.io/en/latest/decompressor.html")
Decompressor = ZSTANDARD.type("ZstdDecompressor")
Reader = ZSTANDARD.type("ZstdDecompressionReader")

ZSTANDARD.makes(File, "open")
Decompressor.makes(Reader, "stream_reader")
Decompressor.step(CHUNK, "read_to_iter", text=False)
Decompressor.makes(WHOLE, "decompress", text=False)
Reader.makes(WHOLE, "read", text=False, only=absent("size", 0))
Reader.read(CHUNK, "read", text=False, only=constant("size", 0), exact=True)
Reader.read(MESSAGE, "read", text=False, only=given("size", 0), note="a length that was read before")
Reader.read(CHUNK, "read1", text=False)
Reader.makes(WHOLE, "readall", text=False)
