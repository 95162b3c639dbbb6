"""Parsers: each takes one whole document, and raises a ValueError (or a kin of it) for a piece of one."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from unchunk.analysis.catalog.dsl import Row, Use

from . import facts, packages
from .facts import BODY, DOCUMENT, LINES

SKIPPED_OWNERS = ("pydantic.BaseModel", "pydantic.TypeAdapter", "pydantic")
PARSERS = [
    row
    for client in facts.clients()
    for row in client.all_rows()
    if row.use is Use.PARSE and row.owner not in SKIPPED_OWNERS
]
DUMPERS = [row for client in facts.clients() for row in client.rows if row.member in ("dumps", "encode", "json.encode")]


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.owner}.{row.member}") for row in PARSERS])
def test_a_parser_takes_a_whole_document_and_nothing_else(row: Row) -> None:
    parse = _member(row)
    takes_bytes = not row.owner.endswith((".JSONDecoder", "cjson"))
    takes_text = row.owner != "jiter"
    if row.member == "load":
        load, parse = parse, lambda given: load(io.StringIO(given) if isinstance(given, str) else io.BytesIO(given))
    for given in (DOCUMENT,) * takes_text + (DOCUMENT.encode(),) * takes_bytes:
        assert parse(given) == json.loads(DOCUMENT)
        for piece in (given[:0], given[:9], given[9:], given + given):
            with pytest.raises((ValueError, _error_of(row.client))):
                parse(piece)


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.owner}.{row.member}") for row in DUMPERS])
def test_what_writes_json_gives_a_whole_document(row: Row) -> None:
    whole = _member(row)(json.loads(DOCUMENT))
    assert json.loads(whole) == json.loads(DOCUMENT)
    assert isinstance(whole, str) is row.text


def _member(row: Row) -> Callable[[Any], Any]:
    client = next(client for client in facts.clients() if client.dotted == row.client)
    root = packages.roots(client)[0]
    owner = packages.find(root, row.owner[len(client.dotted) :].lstrip("."))
    found: Callable[[Any], Any] = packages.get(owner() if isinstance(owner, type) else owner, row.member)
    return found


def _error_of(client: str) -> type[Exception]:
    """msgspec's errors and cjson's are no ValueErrors."""
    module = importlib.import_module(client)
    found: type[Exception] = getattr(module, "DecodeError", ValueError)
    return found


@pytest.mark.parametrize("parse", ["model_validate_json", "parse_raw"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_model_takes_a_whole_document_and_nothing_else(parse: str) -> None:
    pydantic = pytest.importorskip("pydantic")

    class City(pydantic.BaseModel):  # type: ignore[misc, name-defined]
        city: str

    facts.row("pydantic.BaseModel", parse)
    city = getattr(City, parse)(DOCUMENT)
    assert city.city == json.loads(DOCUMENT)["city"]
    for piece in ("", DOCUMENT[:9], DOCUMENT[9:], DOCUMENT + DOCUMENT):
        with pytest.raises(ValueError, match=r"(?i)json|expecting|extra data"):
            getattr(City, parse)(piece)
    for dump in ("model_dump_json", "json"):
        whole = getattr(city, dump)()
        assert facts.row("pydantic.BaseModel", dump).text is isinstance(whole, str)
        assert getattr(City, parse)(whole) == city


def test_a_type_adapter_takes_a_whole_document_and_nothing_else() -> None:
    pydantic = pytest.importorskip("pydantic", minversion="2")
    adapter = pydantic.TypeAdapter(dict[str, str])
    facts.row("pydantic.TypeAdapter", "validate_json")
    assert adapter.validate_json(DOCUMENT) == json.loads(DOCUMENT)
    for piece in ("", DOCUMENT[:9], DOCUMENT[9:], DOCUMENT + DOCUMENT):
        with pytest.raises(ValueError, match="JSON"):
            adapter.validate_json(piece)
    assert json.loads(adapter.dump_json({"a": "b"})) == {"a": "b"}


def test_parse_raw_as_of_pydantic_1_takes_the_document_second() -> None:
    pydantic = pytest.importorskip("pydantic.v1")
    row = facts.row("pydantic", "parse_raw_as")
    assert row.parameter == 1
    assert pydantic.parse_raw_as(dict[str, str], DOCUMENT) == json.loads(DOCUMENT)
    with pytest.raises(ValueError, match="Expecting"):
        pydantic.parse_raw_as(dict[str, str], DOCUMENT[:9])


@pytest.mark.parametrize(
    ("module", "option"), [("pydantic_core", {"allow_partial": True}), ("jiter", {"partial_mode": True})]
)
def test_a_parser_that_is_told_so_takes_a_document_that_is_cut_short(module: str, option: dict[str, bool]) -> None:
    parser = pytest.importorskip(module)
    with pytest.raises(LookupError):
        facts.row(module, "from_json", **option)
    assert parser.from_json(b'{"a": [1, 2', **option)["a"][0] == 1


def test_raw_decode_tells_where_a_document_ends() -> None:
    assert facts.row("json.JSONDecoder", "raw_decode").use is Use.SAFE
    text, found = BODY.decode(), []
    while text:
        value, end = json.JSONDecoder().raw_decode(text)
        found.append(value)
        text = text[end:].lstrip()
    assert found == [json.loads(line) for line in LINES]
