"""Lists in brackets, as people write them: the new item is typed the way its neighbours are."""

from __future__ import annotations

from pathlib import Path

import pytest

from .projects import apply, make, planned

ITEM = '"unchunk>=0.1.0"'

ARRAYS = {
    "empty": ("[]", f"[{ITEM}]"),
    "empty on two lines": ("[\n]", f"[\n    {ITEM},\n]"),
    "nothing but a comment": ("[\n  # none yet\n]", f"[\n  # none yet\n  {ITEM},\n]"),
    "one line": ('["idna"]', f'["idna", {ITEM}]'),
    "one line with blanks": ('[ "idna", "certifi" ]', f'[ "idna", "certifi", {ITEM} ]'),
    "one line with comma at the end": ('["idna", "certifi",]', f'["idna", "certifi", {ITEM},]'),
    "an item a line": ('[\n  "idna",\n]', f'[\n  "idna",\n  {ITEM},\n]'),
    "tabs": ('[\n\t"idna",\n\t"certifi",\n]', f'[\n\t"idna",\n\t"certifi",\n\t{ITEM},\n]'),
    "no comma at the end": ('[\n  "idna",\n  "certifi"\n]', f'[\n  "idna",\n  "certifi",\n  {ITEM}\n]'),
    "comment behind the last": ('[\n  "idna",  # why\n]', f'[\n  "idna",  # why\n  {ITEM},\n]'),
    "comment behind the last without comma": ('[\n  "idna"  # why, oh\n]', f'[\n  "idna",  # why, oh\n  {ITEM}\n]'),
    "comment at the end": ('[\n  "idna",\n  # "old",\n]', f'[\n  "idna",\n  {ITEM},\n  # "old",\n]'),
    "brackets on the items' lines": ('["idna",\n "certifi"]', f'["idna",\n "certifi",\n {ITEM}]'),
    "closing bracket on the last line": ('[\n  "idna",\n  "certifi", ]', f'[\n  "idna",\n  "certifi",\n  {ITEM}, ]'),
    "several a line": ('[\n  "b", "a",\n  "d", "c",\n]', f'[\n  "b", "a",\n  "d", "c", {ITEM},\n]'),
    "in alphabetical order": ('["idna", "zipp"]', f'["idna", {ITEM}, "zipp"]'),
    "in alphabetical order, an item a line": (
        '[\n  "idna", # web\n  "zipp", # zip\n]',
        f'[\n  "idna", # web\n  {ITEM},\n  "zipp", # zip\n]',
    ),
    "comment above the next in order": (
        '[\n  "idna",\n  # about zipp\n  "zipp",\n]',
        f'[\n  "idna",\n  {ITEM},\n  # about zipp\n  "zipp",\n]',
    ),
    "all later in the alphabet": ('["wheel", "zipp"]', f'[{ITEM}, "wheel", "zipp"]'),
    "all later, an item a line": ('[\n  "wheel",\n  "zipp",\n]', f'[\n  {ITEM},\n  "wheel",\n  "zipp",\n]'),
    "all later, a comment above the first": (
        '[\n  # build\n  "wheel",\n  "zipp",\n]',
        f'[\n  # build\n  "wheel",\n  "zipp",\n  {ITEM},\n]',
    ),
    "no order": ('[\n  "zipp",\n  "idna",\n]', f'[\n  "zipp",\n  "idna",\n  {ITEM},\n]'),
    "order without regard to case": ('["Idna", "zipp"]', f'["Idna", {ITEM}, "zipp"]'),
    "single quotes": ("['idna', 'certifi']", "['idna', 'certifi', 'unchunk>=0.1.0']"),
    "both kinds of quotes": ("""["idna", 'certifi']""", f"""["idna", 'certifi', {ITEM}]"""),
    "blanks in versions": ('["idna >= 3", "certifi"]', '["idna >= 3", "certifi", "unchunk >= 0.1.0"]'),
    "blanks before versions": ('["idna >=3"]', '["idna >=3", "unchunk >=0.1.0"]'),
    "versions in parentheses": ('["idna (>=3,<4)"]', '["idna (>=3,<4)", "unchunk (>=0.1.0)"]'),
    "brackets and hash signs in items": (
        '["idna[a,b]>=3; python_version < \'3.12\'",  # ]\n "x @ https://h.example/#e"]',
        '["idna[a,b]>=3; python_version < \'3.12\'",  # ]\n "unchunk>=0.1.0",\n "x @ https://h.example/#e"]',
    ),
    "text in several lines": ('["""idna""", "certifi"]', f'["""idna""", "certifi", {ITEM}]'),
}


@pytest.mark.parametrize(("before", "after"), ARRAYS.values(), ids=ARRAYS.keys())
def test_item_is_added_as_a_person_would(before: str, after: str, tmp_path: Path) -> None:
    text = '# top\n[project]\nname = "demo"\ndependencies = {} # behind\nversion = "1"\n\n[tool.x]\ny = [1]\n'
    root = make(tmp_path, {"pyproject.toml": text.replace("{}", before)})
    plan = planned(root)
    assert [edit.after.decode() for edit in plan.edits] == [text.replace("{}", after)]
    apply(plan)
    assert planned(root).edits == ()


WITHOUT_A_LIST = {
    "in the middle": (
        '[project]\nname = "demo"\n\n[tool.x]\ny = 1\n',
        '[project]\nname = "demo"\ndependencies = [\n    "unchunk>=0.1.0",\n]\n\n[tool.x]\ny = 1\n',
    ),
    "comment behind the last value": (
        '[project]\nname = "demo"\nversion = "1"  # API\n# the end\n',
        '[project]\nname = "demo"\nversion = "1"  # API\ndependencies = [\n    "unchunk>=0.1.0",\n]\n# the end\n',
    ),
    "tables below": (
        '[project]\nname = "demo"\n[project.urls]\nhome = "x"\n',
        '[project]\nname = "demo"\ndependencies = [\n    "unchunk>=0.1.0",\n]\n[project.urls]\nhome = "x"\n',
    ),
    "no line end at the end": (
        '[project]\nname = "demo"',
        '[project]\nname = "demo"\ndependencies = [\n    "unchunk>=0.1.0",\n]',
    ),
    "last value of several lines": (
        '[project]\nname = "demo"\nkeywords = [\n  "a",\n]\n',
        '[project]\nname = "demo"\nkeywords = [\n  "a",\n]\ndependencies = [\n    "unchunk>=0.1.0",\n]\n',
    ),
}


@pytest.mark.parametrize(("before", "after"), WITHOUT_A_LIST.values(), ids=WITHOUT_A_LIST.keys())
def test_missing_list_is_made_behind_the_tables_last_value(before: str, after: str, tmp_path: Path) -> None:
    root = make(tmp_path, {"pyproject.toml": before})
    assert [edit.after.decode() for edit in planned(root).edits] == [after]


TABLES = {
    "values": ('[packages]\nidna = "*"\n', '[packages]\nidna = "*"\nunchunk = ">=0.1.0"\n'),
    "comment behind the last": (
        '[packages]\nidna = "*" # x\n# end\n',
        '[packages]\nidna = "*" # x\nunchunk = ">=0.1.0"\n# end\n',
    ),
    "the next table's comment": (
        '[packages]\nidna = "*"\n\n# for us\n[dev-packages]\n',
        '[packages]\nidna = "*"\nunchunk = ">=0.1.0"\n\n# for us\n[dev-packages]\n',
    ),
    "empty": ("[packages]\n\n[dev-packages]\n", '[packages]\nunchunk = ">=0.1.0"\n\n[dev-packages]\n'),
    "empty at the end": ("[dev-packages]\n[ packages ] # x", '[dev-packages]\n[ packages ] # x\nunchunk = ">=0.1.0"'),
    "in alphabetical order": (
        '[packages]\nidna = "*"\nzipp = {version = "*", extras = ["a"]}\n',
        '[packages]\nidna = "*"\nunchunk = ">=0.1.0"\nzipp = {version = "*", extras = ["a"]}\n',
    ),
    "all later in the alphabet": (
        '[packages]\nwheel = "*"\nzipp = "*"\n',
        '[packages]\nunchunk = ">=0.1.0"\nwheel = "*"\nzipp = "*"\n',
    ),
    "tables of their own below": (
        '[packages]\nidna = "*"\n\n[packages.wheel]\nversion = "*"\n',
        '[packages]\nidna = "*"\nunchunk = ">=0.1.0"\n\n[packages.wheel]\nversion = "*"\n',
    ),
    "inline": ('packages = {idna = "*"}\n', 'packages = {idna = "*", unchunk = ">=0.1.0"}\n'),
    "header inside a text": (
        'note = """\n[packages]\n"""\n[packages]\n[dev-packages]\n',
        None,
    ),
}


@pytest.mark.parametrize(("before", "after"), TABLES.values(), ids=TABLES.keys())
def test_line_is_added_behind_the_tables_values(before: str, after: str | None, tmp_path: Path) -> None:
    root = make(tmp_path, {"Pipfile": before})
    plan = planned(root)
    if after is None:
        assert not plan.edits
        assert "cannot be edited safely" in plan.refusals[0].reason
    else:
        assert [edit.after.decode() for edit in plan.edits] == [after]
