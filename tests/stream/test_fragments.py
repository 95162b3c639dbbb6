"""`JSONFragments`: documents written fragment by fragment, interleaved."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cuts import every_cut
from unchunk import DepthError, JSONFragments, MalformedJSONError, SizeLimitError, TruncatedError

ARGUMENTS = {(0, 0): {"city": "Köln", "days": [1, 2]}, (0, 1): {"q": 'a "b" {c}'}, (1, 0): {}}


def test_interleaved_documents_are_kept_apart_at_every_cut() -> None:
    texts = {key: json.dumps(value, ensure_ascii=False) for key, value in ARGUMENTS.items()}
    cuts = {key: list(every_cut(text)) for key, text in texts.items()}
    for number in range(max(map(len, cuts.values()))):
        fragments = JSONFragments[tuple[int, int]]()
        chosen = {key: ways[number % len(ways)] for key, ways in cuts.items()}
        for step in range(max(map(len, chosen.values()))):
            for key, pieces in chosen.items():
                if step < len(pieces):
                    fragments.add(key, pieces[step])
        assert fragments.finish_all() == ARGUMENTS
        assert len(fragments) == 0


def test_a_document_is_finished_alone() -> None:
    fragments = JSONFragments[str]()
    fragments.add("a", "[1")
    fragments.add("b", "[2]")
    fragments.add("a", "]")
    assert fragments.finish("a") == [1]
    assert "a" not in fragments
    assert "b" in fragments
    assert fragments.finish_all() == {"b": [2]}


@pytest.mark.parametrize("pieces", [[], [None], [""], [None, "", " \n"]])
def test_no_arguments_are_an_empty_object(pieces: list[str | None]) -> None:
    fragments = JSONFragments[int]()
    for piece in pieces:
        fragments.add(0, piece)
    assert fragments.finish(0) == {}
    fragments.add(0, None)
    assert fragments.finish(0, empty=None) is None
    fragments.add(1, "")
    fragments.add(2, "[]")
    assert fragments.finish_all(empty="none") == {1: "none", 2: []}


def test_each_empty_object_is_a_new_one() -> None:
    fragments = JSONFragments[int]()
    assert fragments.finish(0) is not fragments.finish(1)


def test_documents_come_in_the_order_of_their_first_fragments() -> None:
    fragments = JSONFragments[int]()
    for key in (3, 1, 2, 1):
        fragments.add(key, "[" if key == 1 and 1 not in fragments else "]" if key == 1 else "[]")
    assert list(fragments.finish_all()) == [3, 1, 2]


def test_scalars_are_documents() -> None:
    fragments = JSONFragments[int]()
    for key, piece in enumerate(["12", "tr", '"x']):
        fragments.add(key, piece)
    for key, piece in enumerate(["", "ue", '"']):
        fragments.add(key, piece)
    assert fragments.finish_all() == {0: 12, 1: True, 2: "x"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"a": "b', TruncatedError),
        ('{"a":', TruncatedError),
        ('{"a": tru', TruncatedError),
        ('{"a" 1}', MalformedJSONError),
        ("{}{}", MalformedJSONError),
        ("{} x", MalformedJSONError),
        ("01", MalformedJSONError),
        ("[" * 100_000, DepthError),
    ],
)
@pytest.mark.parametrize("all_at_once", [False, True])
def test_what_cannot_be_parsed_is_on_the_error(text: str, kind: type[Exception], all_at_once: bool) -> None:
    fragments = JSONFragments[str]()
    fragments.add("good", "[1]")
    fragments.add("bad", text)
    with pytest.raises(kind) as caught:
        fragments.finish_all() if all_at_once else fragments.finish("bad")
    if kind is not DepthError:
        assert caught.value.partial_text == text  # type: ignore[attr-defined]
    assert fragments.finish_all() == {"good": [1]}


def test_the_text_so_far_can_be_seen() -> None:
    fragments = JSONFragments[int]()
    fragments.add(0, '{"a')
    fragments.add(0, '": 1')
    assert fragments.text(0) == '{"a": 1'
    assert fragments.text(1) == ""


def test_a_parser_of_the_caller_is_used_once_for_each_document() -> None:
    seen: list[str] = []

    def loads(text: str) -> Any:
        seen.append(text)
        return json.loads(text)

    fragments = JSONFragments[int](loads=loads)
    for piece in ("[", "1", "]"):
        fragments.add(0, piece)
    assert fragments.finish(0) == [1]
    assert seen == ["[1]"]
    fragments.add(0, "[")
    with pytest.raises(MalformedJSONError):
        fragments.finish(0)


def test_more_than_the_limit_is_refused() -> None:
    fragments = JSONFragments[int](max_size=10)
    fragments.add(0, "[1, 2, 3")
    fragments.add(1, "[1, 2, 3")
    with pytest.raises(SizeLimitError):
        fragments.add(0, ", 4]")


@pytest.mark.parametrize("fragment", [{"a": 1}, b"[1]", 1])
def test_what_is_no_text_is_refused(fragment: Any) -> None:
    with pytest.raises(TypeError, match=type(fragment).__name__):
        JSONFragments[int]().add(0, fragment)
