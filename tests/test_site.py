"""The documentation as a site: built without a warning, no broken link, nothing from outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

pytest.importorskip("material", reason="mkdocs-material is not installed")
pytest.importorskip("mkdocstrings", reason="mkdocstrings is not installed")

ROOT = Path(__file__).parent.parent


class Page(HTMLParser):
    """The names on a page, and what it fetches and links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: set[str] = set()
        self.fetched: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.names |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.add(given["href"])
        elif (
            tag in ("script", "img", "link", "iframe") and (address := given.get("src", given.get("href"))) is not None
        ):
            self.fetched.add(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_every_link_leads_to_a_page_and_a_heading_of_it(pages: dict[Path, Page]) -> None:
    broken = [
        f"{path.name}: {link}"
        for path, page in pages.items()
        if path.name != "404.html"
        for link in page.links | page.fetched
        if not (parts := urlsplit(link)).scheme and not leads(pages, path, unquote(parts.path), unquote(parts.fragment))
    ]
    assert broken == []


def leads(pages: dict[Path, Page], path: Path, target: str, fragment: str) -> bool:
    there = (path.parent / target).resolve() if target else path
    if there.is_dir():
        there /= "index.html"
    return there.exists() and (not fragment or there not in pages or fragment in pages[there].names)


def test_nothing_is_fetched_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    assert {
        address for page in pages.values() for address in page.fetched if urlsplit(address).scheme == "https"
    } == set()
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"url\([\"']?https?:", styles) == []


def test_search_finds_rules_recipes_and_functions(site: Path) -> None:
    index = (site / "search" / "search_index.js").read_text(encoding="utf-8")
    for page in ("rules/UNC101.html", "recipes/openai.html", "api.html#unchunk.iter_json", "changelog.html"):
        assert f'"location":"{page}"' in index, page


def test_every_rule_and_every_page_is_there(pages: dict[Path, Page], site: Path) -> None:
    built = {path.relative_to(site).with_suffix("").as_posix() for path in pages}
    wanted = {path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert {name.replace("README", "index") for name in wanted} <= built


def test_catalog_can_be_filtered(site: Path) -> None:
    page = (site / "catalog.html").read_text(encoding="utf-8")
    assert 'class="filter"' in page
    assert "assets/filter.js" in page
