"""Well-known buffers that take a stream cut anywhere and return whole documents, or the pieces of one."""

from __future__ import annotations

from .dsl import client

IJSON = client("ijson", docs="https://github.com/ICRAR/ijson#usage")
IJSON.sanitizes("items", "kvitems", "parse", "basic_parse", "items_async", "kvitems_async", "parse_async")

JSONLINES = client("jsonlines", docs="https://jsonlines.readthedocs.io/en/latest/#api")
JSONLINES.sanitizes("open", "Reader")

JSON_STREAM = client("json_stream", distribution="json-stream", docs="https://github.com/daggaz/json-stream#usage")
JSON_STREAM.sanitizes("load", "visit")
