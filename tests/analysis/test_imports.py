"""Import scanning: the modules of a file, and the members it uses."""

from __future__ import annotations

import pytest

from unchunk.analysis.imports import members_of, scan_imports


@pytest.mark.parametrize(
    ("source", "imports"),
    [
        (b"import a", [(b"a", None)]),
        (b"    import a.b, c  # d", [(b"a.b", None), (b"c", None)]),
        (b"from a import b", [(b"a", {b"b"})]),
        (b"from ..a import (\n    b,\n    c,\n)", [(b"..a", {b"b", b"c"})]),
        (b"from . import a as b", [(b".", {b"a", b"as", b"b"})]),
        (b"from a import *", [(b"a", {b"*"})]),
        (b"try: from a import b\nexcept ImportError: pass", [(b"a", {b"b"})]),
        (b"importlib.reload(a)\nx = 'import a'", []),
    ],
)
def test_imports(source: bytes, imports: list[object]) -> None:
    assert list(scan_imports(source)) == imports


def test_members() -> None:
    assert set(members_of(b"a.b", b"a.b.c(a.b.d) + xa.b.e + a.b")) == {b"c", b"d"}
