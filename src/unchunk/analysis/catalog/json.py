"""Parsers of the standard library and their kin: https://docs.python.org/3/library/json.html"""

from __future__ import annotations

from .rows import WHOLE, client, in_memory

JSON = client("json", distribution="", docs="https://docs.python.org/3/library/json.html")
Decoder = JSON.type("JSONDecoder")
JSON.parses("loads", argument="s")
JSON.makes(WHOLE, "dumps", text=True)
Decoder.parses("decode", argument="s")
JSON.parses("load", argument="fp", only=in_memory("fp", 0))
JSON.safe("load", note="reads its file to the end")
Decoder.safe("raw_decode", note="gives the place where the document ends")

SIMPLEJSON = client("simplejson", docs="https://simplejson.readthedocs.io/en/latest/#simplejson.loads")
SimpleDecoder = SIMPLEJSON.type("JSONDecoder")
SIMPLEJSON.parses("loads", argument="s")
SIMPLEJSON.makes(WHOLE, "dumps", text=True)
SimpleDecoder.parses("decode", argument="s")
SIMPLEJSON.parses("load", argument="fp", only=in_memory("fp", 0))
SIMPLEJSON.safe("load")
SimpleDecoder.safe("raw_decode")

UJSON = client("ujson", docs="https://github.com/ultrajson/ultrajson#usage")
UJSON.parses("loads", "decode", argument=0)
UJSON.makes(WHOLE, "dumps", "encode", text=True)
UJSON.safe("load")

RAPIDJSON = client(
    "rapidjson", distribution="python-rapidjson", docs="https://python-rapidjson.readthedocs.io/en/latest/loads.html"
)
RapidDecoder = RAPIDJSON.type("Decoder")
RAPIDJSON.parses("loads", argument="string")
RAPIDJSON.makes(WHOLE, "dumps", text=True)
RAPIDJSON.safe("load")

ORJSON = client("orjson", docs="https://github.com/ijl/orjson#deserialize")
ORJSON.parses("loads", argument=0)
ORJSON.makes(WHOLE, "dumps", text=False)

CJSON = client("cjson", distribution="python-cjson", docs="https://github.com/AGProjects/python-cjson")
CJSON.parses("decode", argument=0, note="the sources of python-cjson 1.2.2")
CJSON.makes(WHOLE, "encode", text=True)

MSGSPEC = client("msgspec", docs="https://jcristharif.com/msgspec/api.html#msgspec.json.decode")
MsgspecDecoder = MSGSPEC.type("json.Decoder")
MSGSPEC.parses("json.decode", argument="buf")
MsgspecDecoder.parses("decode", argument=0)
MSGSPEC.makes(WHOLE, "json.encode", text=False)
