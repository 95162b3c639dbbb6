"""The server that the examples and the tests of programs are run against: `unchunk.testing.StreamServer`.

with CuttingServer(b'{"a": 1}\\n', cuts=[3]) as server:
    requests.get(server.url, stream=True)  # sees b'{"a' and b'": 1}\\n'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from unchunk.testing import StreamServer as CuttingServer
from unchunk.testing.cutting import at_offsets

__all__ = ["CuttingServer", "pieces"]


def pieces(body: bytes, cuts: Iterable[int]) -> Iterator[bytes]:
    """Cut a body at the given offsets; empty pieces are left out, since an empty HTTP chunk would end the answer."""
    return filter(None, at_offsets(body, sorted(cuts)))
