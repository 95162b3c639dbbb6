"""Models and adapters that parse: known by their class, by a name that is pydantic's alone, or by the module they come
from.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from unchunk.analysis import check_source
from unchunk.analysis.prefilter import may_contain_alone

HEAD = """\
import requests
from models import Event, adapter
from . import schemas

def program(url):
"""
LOOP = """\
    for chunk in requests.get(url, stream=True).iter_content(None):
        {0}
"""
MODELS = """\
from pydantic import BaseModel, TypeAdapter

class Base(BaseModel):
    pass

class Event(Base):
    number: int

class Packet:
    @classmethod
    def parse_raw(cls, data):
        return data[:4]

    def model_validate_json(self, data):
        return data[:4]

adapter = TypeAdapter(list[int])
"""


def codes(program: str) -> list[str]:
    found = [finding.code for finding in check_source(program.encode(), "program.py")]
    assert not found or may_contain_alone(program.encode())
    return found


@pytest.mark.parametrize(
    "statement",
    [
        # As long as nothing tells what these are, their methods may be anybody's.
        "print(Event.parse_raw(chunk))",
        "print(adapter.validate_json(chunk))",
        "print(adapter.decode(chunk))",
        "print(Event.model_validate(chunk))",
        "print(Event.model_validate_json('{}'))",
        "print(Event.model_validate_json(b'[' + rest + chunk))",
        "print(model_validate_json(chunk))",
    ],
)
def test_other_calls_are_left_alone(statement: str) -> None:
    assert codes(HEAD + LOOP.format(statement)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "print(Event.model_validate_json(chunk))",
        "print(schemas.Event.model_validate_json(chunk, strict=True))",
        "print(schemas.Event.model_validate_json(json_data=chunk))",
    ],
)
def test_a_method_that_only_models_have_parses(statement: str) -> None:
    assert codes(HEAD + LOOP.format(statement)) == ["UNC101"]


@pytest.mark.parametrize(
    "expression",
    [
        "Event.model_validate_json",
        "schemas.Event.model_validate_json",
        "url.model.model_validate_json",
    ],
)
def test_it_does_so_where_it_is_handed_on(expression: str) -> None:
    mapped = f"    yield from map({expression}, requests.get(url, stream=True).iter_content(None))\n"
    assert codes(HEAD + mapped) == ["UNC101"]


def test_a_parser_that_is_made_in_place_may_be_handed_on() -> None:
    program = """
        import json, requests
        from pydantic import BaseModel, TypeAdapter

        class Event(BaseModel):
            number: int

        def program(url):
            chunks = requests.get(url, stream=True).iter_content(None)
            yield from map({}, chunks)
    """
    for parser in ("Event.model_validate_json", "TypeAdapter(Event).validate_json", "json.JSONDecoder().decode"):
        assert codes(textwrap.dedent(program).format(parser)) == ["UNC101"], parser
    for other in ("Event.model_validate", "TypeAdapter(Event).dump_json", "json.JSONDecoder().raw_decode"):
        assert codes(textwrap.dedent(program).format(other)) == [], other


@pytest.mark.parametrize(
    ("names", "call", "found"),
    [
        ("Packet", "Packet.parse_raw(chunk)", []),
        ("Packet", "Packet().model_validate_json(chunk)", []),
        ("Event", "Event.parse_obj(chunk)", []),
        ("Event", "Event.parse_raw(chunk)", ["UNC101"]),
        ("Event", "Event.model_validate_json(chunk)", ["UNC101"]),
        ("adapter", "adapter.validate_json(chunk)", ["UNC101"]),
    ],
)
@pytest.mark.parametrize("models", [MODELS, MODELS.replace("parse_raw", "unpack").replace("validate_json", "unpack")])
def test_a_class_of_another_module_is_what_stands_there(
    tmp_path: Path, models: str, names: str, call: str, found: list[str]
) -> None:
    if models != MODELS and names == "Packet":
        pytest.skip("has no such method")
    (tmp_path / "models.py").write_text(models)
    program = f"import requests\nfrom models import {names}\ndef program(url):\n" + LOOP.format(f"print({call})")
    path = tmp_path / "main.py"
    path.write_text(program)
    assert [each.code for each in check_source(path.read_bytes(), str(path), follow_imports=True)] == found
