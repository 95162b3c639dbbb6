"""Generated pages, which are what is committed, and keep their promises."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from unchunk.analysis.rules import all_rules

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def script(name: str) -> ModuleType:
    """Return a script of the documentation as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_rule_pages_are_what_the_rules_say() -> None:
    pages = script("rule_pages").pages()
    assert set(pages) == set((DOCS / "rules").glob("*.md"))
    for path, text in pages.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} has drifted: run python docs/rule_pages.py"


def test_the_configuration_page_and_the_schema_are_what_the_code_checks() -> None:
    generator = script("configuration_page")
    message = "has drifted: run python docs/configuration_page.py"
    assert (DOCS / "configuration.md").read_text(encoding="utf-8") == generator.page(), message
    assert (DOCS / "unchunk.schema.json").read_text(encoding="utf-8") == generator.schema(), message


def test_the_development_page_shows_the_code_and_the_imports_as_they_are() -> None:
    generator = script("development_page")
    message = "has drifted: run python docs/development_page.py"
    page = (DOCS / "development.md").read_text(encoding="utf-8")
    assert page == generator.page(page), message
    assert (DOCS / "import_map.svg").read_text(encoding="utf-8") == generator.picture(), message


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.CODE)
def test_a_rule_page_tells_what_why_and_when_not_with_programs_that_are_python(rule: ModuleType) -> None:
    page = (DOCS / "rules" / f"{rule.CODE}.md").read_text(encoding="utf-8")
    for part in (rule.NAME, "When to ignore it", "## Reported", "## Not reported", f"# noqa: {rule.CODE}"):
        assert part in page
    programs = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(programs) >= len(rule.VALID) + len(rule.INVALID) >= 2
    for program in programs:
        ast.parse(program)


def test_rule_command_and_page_say_the_same() -> None:
    for code in ("UNC101", "UNC201"):
        done = subprocess.run(
            [sys.executable, "-m", "unchunk", "rule", code],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stdout == (DOCS / "rules" / f"{code}.md").read_text(encoding="utf-8")


def test_the_list_of_rules_and_its_json_name_every_rule() -> None:
    command = [sys.executable, "-m", "unchunk", "rule"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert [line.split()[0] for line in listed.splitlines()] == [rule.CODE for rule in all_rules()]
    data = json.loads(
        subprocess.run([*command, "--output-format=json"], capture_output=True, text=True, check=True).stdout
    )
    assert [(page["code"], page["default"]) for page in data] == [(rule.CODE, rule.DEFAULT) for rule in all_rules()]
    by_name = subprocess.run(
        [*command, "chunk-parse", "--output-format=json"], capture_output=True, text=True, check=True
    )
    assert [page["code"] for page in json.loads(by_name.stdout)] == ["UNC101"]
    for code in ("UNC000", "UNC001", "unused-ignore"):
        assert subprocess.run([*command, code], capture_output=True, text=True, check=True).stdout.startswith("# UNC00")
    typo = subprocess.run([*command, "chunk-prase"], capture_output=True, text=True, check=False)
    assert "did you mean chunk-parse?" in typo.stderr
    unknown = subprocess.run([*command, "UNC777"], capture_output=True, text=True, check=False)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "there is no rule 'UNC777'" in unknown.stderr


@pytest.mark.parametrize(
    "page",
    [
        *sorted((DOCS / "rules").glob("*.md")),
        *(DOCS / f"{name}.md" for name in ("configuration", "development", "workflows")),
    ],
    ids=lambda page: page.name,
)
def test_links_in_the_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists() or target.startswith("https://"), target
