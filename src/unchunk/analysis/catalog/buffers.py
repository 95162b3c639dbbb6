"""Well known things that take a stream that is cut anywhere and hand out whole documents, or the pieces of one."""

from __future__ import annotations

from .rows import client

IJSON = client("ijson", docs="https://github.com/ICRAR/ijson#usage")
IJSON.safe("items", "kvitems", "parse", "basic_parse", "items_async", "kvitems_async", "parse_async")

JSONLINES = client("jsonlines", docs="https://jsonlines.readthedocs.io/en/latest/#api")
JSONLINES.safe("open", "Reader")

JSON_STREAM = client("json_stream", distribution="json-stream", docs="https://github.com/daggaz/json-stream#usage")
JSON_STREAM.safe("load", "visit")
