"""pydantic, 1 and 2, and the parsers under it: https://docs.pydantic.dev/latest/concepts/json/"""

from __future__ import annotations

from .dsl import WHOLE, client, unless

PYDANTIC = client("pydantic", "pydantic.v1", docs="https://docs.pydantic.dev/latest/concepts/json/#json-parsing")
BaseModel = PYDANTIC.type("BaseModel")
TypeAdapter = PYDANTIC.type("TypeAdapter")

BaseModel.parses_json("model_validate_json", argument="json_data", untyped=True)
BaseModel.parses_json("parse_raw", argument="b", note="1, and deprecated in 2")
BaseModel.returns(WHOLE, "model_dump_json", text=True)
BaseModel.returns(WHOLE, "json", text=True, note="1, and deprecated in 2")
TypeAdapter.parses_json("validate_json", argument=0)
TypeAdapter.returns(WHOLE, "dump_json", text=False)
PYDANTIC.parses_json("parse_raw_as", argument=1, note="1, and deprecated in 2")

CORE = client("pydantic_core", docs="https://docs.pydantic.dev/latest/api/pydantic_core/#pydantic_core.from_json")
CORE.parses_json("from_json", argument="data", only=unless("allow_partial"))
CORE.returns(WHOLE, "to_json", text=False)

JITER = client("jiter", docs="https://github.com/pydantic/jiter/tree/main/crates/jiter-python#api")
JITER.parses_json("from_json", argument="json_data", only=unless("partial_mode"))
