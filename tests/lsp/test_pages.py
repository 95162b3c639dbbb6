"""The set-up pages: their blocks are well-formed, and the command they name is there."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from unchunk.cli.main import commands

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PAGES = sorted((Path(__file__).resolve().parents[2] / "docs" / "editors").glob("*.md"))


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_wants_pasted_is_well_formed(page: Path) -> None:
    for block in blocks(page, "json"):
        json.loads(block)
    for block in blocks(page, "toml"):
        tomllib.loads(block)
    for block in [*blocks(page, "elisp"), *blocks(page, "lua")]:
        assert all(block.count(opening) == block.count(closing) for opening, closing in ("()", "{}"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_starts_the_server_and_is_listed(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "lsp" in commands()
    assert re.search(r'unchunk lsp|"unchunk",? "lsp"|args = \["lsp"\]|\["lsp"\]', text)
    assert page.stem == "README" or f"({page.name})" in (page.parent / "README.md").read_text(encoding="utf-8")


def test_jupyter_takes_the_configuration_of_its_page() -> None:
    jupyter_lsp = pytest.importorskip("jupyter_lsp", reason="jupyter-lsp is not installed")
    page = next(page for page in PAGES if page.stem == "jupyterlab")
    configuration = json.loads(blocks(page, "json")[1])["LanguageServerManager"]
    manager = jupyter_lsp.LanguageServerManager(autodetect=False, **configuration)
    manager.init_language_servers()
    assert manager.language_servers["unchunk"]["argv"] == ["unchunk", "lsp"]
