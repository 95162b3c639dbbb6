"""Things that take a stream that is cut anywhere and hand out whole documents."""

from __future__ import annotations

import io
import json

import pytest

from unchunk.analysis.catalog.dsl import Use

from .facts import BODY, LINES, row

DOCUMENTS = [json.loads(line) for line in LINES]


def test_ijson_reads_documents_out_of_a_stream() -> None:
    ijson = pytest.importorskip("ijson")
    assert row("ijson", "items").use is Use.SAFE
    assert list(ijson.items(io.BytesIO(BODY), "", multiple_values=True, buf_size=3)) == DOCUMENTS


def test_jsonlines_reads_documents_out_of_lines() -> None:
    jsonlines = pytest.importorskip("jsonlines")
    assert row("jsonlines", "Reader").use is Use.SAFE
    with jsonlines.Reader(io.BytesIO(BODY)) as reader:
        assert list(reader) == DOCUMENTS


def test_json_stream_reads_a_document_out_of_a_stream() -> None:
    json_stream = pytest.importorskip("json_stream")
    assert row("json_stream", "load").use is Use.SAFE
    assert json_stream.load(io.BytesIO(LINES[0].encode()))["city"] == DOCUMENTS[0]["city"]
