"""The page on dependencies names what there is."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import pytest

from unchunk.project.dependencies import formats, locks

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "dependencies.md").read_text(encoding="utf-8")
WORDS = {
    "pep621": "[project] dependencies",
    "dependency_groups": "[dependency-groups]",
    "requirements_txt": "requirements*.txt",
}


@pytest.mark.parametrize("name", [module.name for module in pkgutil.iter_modules(formats.__path__)])
def test_every_format_is_on_the_page(name: str) -> None:
    assert WORDS.get(name, name.replace("_", ".")).lower() in PAGE.lower()


@pytest.mark.parametrize(
    ("lock", "command"), [pair for commands in locks._COMMANDS.values() for pair in commands.items()]
)
def test_every_lock_file_is_on_the_page_with_its_command(lock: str, command: str) -> None:
    assert f"`{lock}`" in PAGE
    assert f"`{command}`" in PAGE
