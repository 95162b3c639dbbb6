"""Pieces that are split into lines, the empty rest behind the last line end being parsed as well."""

from __future__ import annotations

import pytest

from .rewrites import check_noop, check_refused, check_transformed

HEAD = """
    import json
    import requests{}

    response = requests.get(url, stream=True)
    {}
"""


def program(loop: str, imports: str = "") -> str:
    return HEAD.format(imports, loop.replace("\n", "\n    "))


def test_noop() -> None:
    check_noop(
        program(
            'rest = b""\nfor chunk in response.iter_content(None):\n    *lines, rest = (rest + chunk).split(b"\\n")\n'
            "    for line in lines:\n        print(json.loads(line))"
        )
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            'for line in chunk.decode().split("\\n"):\n    data = json.loads(line)\n    print(data)',
            "for data in {}:\n    print(data)",
            id="assigned",
        ),
        pytest.param(
            'text = chunk.decode()\nlines = text.split("\\r\\n")\nfor line in lines:\n    print(json.loads(line)["k"])',
            'for data in {}:\n    print(data["k"])',
            id="inline, with names on the way",
        ),
        pytest.param(
            'for line in chunk.split(b"\\n"):\n    data = json.loads(line)\n    if data["k"]:\n        continue\n'
            "    print(data)  # kept",
            'for data in {}:\n    if data["k"]:\n        continue\n    print(data)  # kept',
            id="continue",
        ),
    ],
)
def test_two_loops_become_one(before: str, after: str) -> None:
    body = before.replace("\n", "\n    ")
    loop = f"for chunk in response.iter_content(None):\n    {body}"
    expected = program(after.format("iter_json(response.iter_content(None))"), "\n    from unchunk import iter_json")
    check_transformed(program(loop), expected.replace("import json\n    ", "", 1))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('for line in chunk.split(b"\\n"):\n    if json.loads(line)["k"]:\n        break', id="break"),
        pytest.param('print(len(chunk))\nfor line in chunk.split(b"\\n"):\n    print(json.loads(line))', id="used"),
    ],
)
def test_refused(body: str) -> None:
    indented = body.replace("\n", "\n    ")
    check_refused(program(f"for chunk in response.iter_content(None):\n    {indented}"), "empty rest")


def test_texts_that_are_split_at_their_prefix_are_no_documents() -> None:
    check_refused(
        program(
            'for chunk in response.iter_content(None):\n    for part in chunk.split(b"data: "):\n'
            "        print(json.loads(part))"
        ),
        "empty text before the first",
    )
