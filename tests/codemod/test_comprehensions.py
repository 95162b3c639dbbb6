"""Comprehensions, generator expressions and `map`."""

from __future__ import annotations

import pytest

from .rewrites import check_transformed

EXPRESSIONS = {
    "[json.loads(c) for c in r.iter_content(None)]": "list(iter_json(r.iter_content(None)))",
    "[json.loads(c) for c in r.iter_content(None) if c]": "list(iter_json(r.iter_content(None)))",
    "{json.loads(c) for c in r.iter_content(None)}": "set(iter_json(r.iter_content(None)))",
    "tuple(json.loads(c) for c in r.iter_content(None))": "tuple(iter_json(r.iter_content(None)))",
    "sum(json.loads(c)['n'] for c in r.iter_content(None))": (
        "sum(data['n'] for data in iter_json(r.iter_content(None)))"
    ),
    "max((json.loads(c)['n'] for c in r.iter_content(None)), default=0)": (
        "max((data['n'] for data in iter_json(r.iter_content(None))), default=0)"
    ),
    "[json.loads(c)['n'] for c in r.iter_content(None) if c.strip()]": (
        "[data['n'] for data in iter_json(r.iter_content(None))]"
    ),
    "{json.loads(c)['n'] for c in r.iter_content(None) if c}": (
        "{data['n'] for data in iter_json(r.iter_content(None))}"
    ),
    "(json.loads(c)['n'] for c in r.iter_content(None) if c)": (
        "(data['n'] for data in iter_json(r.iter_content(None)))"
    ),
    "any(json.loads(c) for c in r.iter_content(None) if c)": "any(iter_json(r.iter_content(None)))",
    "[json.loads(line) for c in r.iter_content(None) for line in c.splitlines()]": (
        "[json.loads(line) for c in rechunk(r.iter_content(None), at='line') for line in c.splitlines()]"
    ),
    "[(json.loads(c), bool(c)) for c in r.iter_content(None)]": (
        "[(json.loads(c), bool(c)) for c in rechunk(r.iter_content(None), at='document', skip_blank=True)]"
    ),
    "{json.loads(c)['k']: 1 for c in r.iter_content(None)}": (
        "{json.loads(c)['k']: 1 for c in rechunk(r.iter_content(None), at='document', skip_blank=True)}"
    ),
    "list(map(json.loads, r.iter_content(None)))": "list(iter_json(r.iter_content(None)))",
    "list(map(lambda c: json.loads(c)['n'], r.iter_content(None)))": (
        "list(map(lambda c: json.loads(c)['n'], rechunk(r.iter_content(None), at='document', skip_blank=True)))"
    ),
    "pool.map(json.loads, r.iter_content(None))": (
        "pool.map(json.loads, rechunk(r.iter_content(None), at='document', skip_blank=True))"
    ),
}


@pytest.mark.parametrize(("before", "after"), EXPRESSIONS.items())
def test_expression(before: str, after: str) -> None:
    # A long line elsewhere lets the new ones be long, too, and its quotes make the single ones the module's own.
    filler = f"# {'x' * 117}\n'', '', ''\n"
    after_imports = (
        "from unchunk import iter_json" if "json.loads" not in after else "import json\n\nfrom unchunk import rechunk"
    )
    check_transformed(
        f"import json\n{filler}\ndef f(r, pool):\n    return {before}\n",
        f"{after_imports}\n{filler}\ndef f(r, pool):\n    return {after}\n",
    )


def test_async_comprehension_stays_one() -> None:
    check_transformed(
        """
        import json

        async def f(r):
            return [json.loads(c) async for c in r.aiter_bytes() if c]
        """,
        """
        from unchunk import aiter_json

        async def f(r):
            return [data async for data in aiter_json(r.aiter_bytes())]
        """,
    )
