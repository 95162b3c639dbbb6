"""Parsers of the standard library and their kin: https://docs.python.org/3/library/json.html"""

from __future__ import annotations

from .dsl import WHOLE, client, in_memory

JSON = client("json", distribution="", docs="https://docs.python.org/3/library/json.html")
Decoder = JSON.type("JSONDecoder")
JSON.parses_json("loads", argument="s")
JSON.returns(WHOLE, "dumps", text=True)
Decoder.parses_json("decode", argument="s")
JSON.parses_json("load", argument="fp", only=in_memory("fp", 0))
JSON.sanitizes("load", note="reads its file to the end")
Decoder.sanitizes("raw_decode", note="gives the place where the document ends")

SIMPLEJSON = client("simplejson", docs="https://simplejson.readthedocs.io/en/latest/#simplejson.loads")
SimpleDecoder = SIMPLEJSON.type("JSONDecoder")
SIMPLEJSON.parses_json("loads", argument="s")
SIMPLEJSON.returns(WHOLE, "dumps", text=True)
SimpleDecoder.parses_json("decode", argument="s")
SIMPLEJSON.parses_json("load", argument="fp", only=in_memory("fp", 0))
SIMPLEJSON.sanitizes("load")
SimpleDecoder.sanitizes("raw_decode")

UJSON = client("ujson", docs="https://github.com/ultrajson/ultrajson#usage")
UJSON.parses_json("loads", "decode", argument=0)
UJSON.returns(WHOLE, "dumps", "encode", text=True)
UJSON.sanitizes("load")

RAPIDJSON = client(
    "rapidjson", distribution="python-rapidjson", docs="https://python-rapidjson.readthedocs.io/en/latest/loads.html"
)
RapidDecoder = RAPIDJSON.type("Decoder")
RAPIDJSON.parses_json("loads", argument="string")
RAPIDJSON.returns(WHOLE, "dumps", text=True)
RAPIDJSON.sanitizes("load")

ORJSON = client("orjson", docs="https://github.com/ijl/orjson#deserialize")
ORJSON.parses_json("loads", argument=0)
ORJSON.returns(WHOLE, "dumps", text=False)

CJSON = client("cjson", distribution="python-cjson", docs="https://github.com/AGProjects/python-cjson")
CJSON.parses_json("decode", argument=0, note="the sources of python-cjson 1.2.2")
CJSON.returns(WHOLE, "encode", text=True)

MSGSPEC = client("msgspec", docs="https://jcristharif.com/msgspec/api.html#msgspec.json.decode")
MsgspecDecoder = MSGSPEC.type("json.Decoder")
MSGSPEC.parses_json("json.decode", argument="buf")
MsgspecDecoder.parses_json("decode", argument=0)
MSGSPEC.returns(WHOLE, "json.encode", text=False)
