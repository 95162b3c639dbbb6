"""Build the site from the pages of the repository: `mkdocs build --strict`.

The README is the first page and the changelog the last, so neither is written twice; files of the repository that pages
link to (`examples/`, `LICENSE`) are copied into the site, so that no link needs the address of a repository.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, InclusionLevel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
PAGES = {"README.md": "index.md", "CHANGELOG.md": "changelog.md"}
"""Pages that stand above `docs/`, and where the site has them."""
WIDE = ("catalog.md",)
"""Pages whose tables need the room of the table of contents."""
COPIED = ("examples/ci", "examples/campaigns")
_LINK = re.compile(r"(\]\()([^)#\s:]+)((?:#[^)\s]*)?\))")
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what the site shows from outside of `docs/`."""
    for source, page in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text(encoding="utf-8")))
    for path in _copied():
        text = path.read_text(encoding="utf-8")
        files.append(File.generated(config, f"{path.relative_to(ROOT).as_posix()}.txt", content=text))
    for folder in COPIED:
        files.append(
            File.generated(config, f"{folder}/index.md", content=_listing(folder), inclusion=InclusionLevel.NOT_IN_NAV)
        )
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links lead to where the site has what they name."""
    source = page.file.src_uri
    if source in WIDE:
        page.meta["hide"] = ["toc"]
    written = next((name for name, uri in PAGES.items() if uri == source), f"docs/{source}")
    parts = _CODE.split(markdown)
    parts[::2] = [
        _LINK.sub(lambda link: f"{link[1]}{_target(link[2], written, source)}{link[3]}", text) for text in parts[::2]
    ]
    return "".join(parts)


def _target(link: str, written: str, source: str) -> str:
    """Turn a link between the repository's pages into one between the site's."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(written), link))
    if written.startswith("docs/examples/"):
        return link
    if path in PAGES:
        path = PAGES[path]
    elif path.startswith("docs/"):
        path = path.removeprefix("docs/")
        path = f"{path}/README.md" if (ROOT / "docs" / path).is_dir() else path
    elif path in COPIED:
        path = f"{path}/index.md"
    elif (ROOT / path).is_file():
        path = f"{path}.txt"
    return posixpath.relpath(path, posixpath.dirname(source) or ".")


def _copied() -> Iterator[Path]:
    for folder in COPIED:
        yield from sorted(path for path in (ROOT / folder).iterdir() if path.is_file())


def _listing(folder: str) -> str:
    names = [path.name for path in _copied() if path.parent == ROOT / folder]
    return "\n".join([f"# {folder}", "", *(f"- [{name}]({name}.txt)" for name in names), ""])
