"""Names that a file exports, judged by its words."""

from __future__ import annotations

import pytest

from unchunk.analysis.module_exports import hands_out, names_that_hand_out, names_that_parse


@pytest.mark.parametrize(
    "call",
    [
        b"r.iter_content(9)",
        b"r.aiter_bytes()",
        b"s.recv(9)",
        b"get(u, stream=True)",
        b"iter_any",
        b"self.data_received(x)",
    ],
)
def test_what_hands_out_pieces(call: bytes) -> None:
    source = b"def f(r):\n    return " + call
    assert hands_out(source)
    assert names_that_hand_out(source) == {b"f"}


@pytest.mark.parametrize(
    "call",
    [b"r.iter_modules()", b"r.my_iter_content()", b"r.aiter_any()", b"r.iter_bytes2()", b"x.recvd", b"r.baiter_raw()"],
)
def test_what_hands_out_none(call: bytes) -> None:
    assert not hands_out(b"iter_\n" + call)


def test_what_parses() -> None:
    source = b"class A:\n    def f(self, t):\n        return json.loads(t)\ndef g(t):\n    return downloads(t)\n"
    assert names_that_parse(source) == {b"A", b"f"}
