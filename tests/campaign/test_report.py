"""The page that people look at, in a real browser; and whatever a repository calls its files, it stays text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from unchunk.campaign.ledger import Ledger, Push, Writer
from unchunk.campaign.record import Change, Record, Settings, State, failed
from unchunk.campaign.report import diffs, markdown

jinja2 = pytest.importorskip("jinja2", reason="jinja2 is not installed")
from unchunk.campaign.report import html  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
EVIL = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>\"'\u202e&amp;"
PATCH = """\
From 0 Mon Sep 17 00:00:00 2001
From: A <a@b>
Subject: [PATCH] x

---
diff --git a/app.py b/app.py
index 1..2 100644
--- a/app.py
+++ b/app.py
@@ -1,4 +1,4 @@ def f():
 import requests
-<script>old</script>
--- old too
+new
+++ new too
+one more
 end
diff --git "a/\\303\\274\\".py" "b/\\303\\274\\".py"
new file mode 100644
index 0..1
--- /dev/null
+++ "b/\\303\\274\\".py"
@@ -0,0 +1 @@
+x
\\ No newline at end of file
"""


def finding(outcome: str, text: str = "a message") -> dict[str, Any]:
    return {
        "path": text,
        "cell": None,
        "line": 3,
        "column": 1,
        "code": "UNC101",
        "name": "chunk-parse",
        "message": text,
        "applicability": "safe",
        "outcome": outcome,
        "reason": text if outcome == "left" else None,
        "source": {"name": "requests Response.iter_content()"},
        "trace": [{"path": text, "line": 2, "text": text}],
        "frame": [[["3 | ", "bold blue"], [text, ""]]],
    }


def ledger_of(path: Path, number: int, text: str = "a message") -> Ledger:
    records = (
        Record(State.FIXED, base="b", commit="c", patch=PATCH.encode(), findings=(finding("fixed", text),)),
        Record(State.NOT_FIXED, base="b", findings=(finding("left", text), finding("left", text))),
        Record(State.CLEAN, base="b"),
        failed("timeout", text),
        Record(State.FIXED, commit="c", patch=PATCH.encode(), changes=(Change(text, "fix"),), notes=(text,)),
    )
    with Writer(str(path), Settings(message=text, date=1)) as ledger:
        ledger.add(f"/{text}{each:03}" for each in range(number))
        for row in list(ledger.rows()):
            ledger.keep(row, records[row.id % len(records)])
            ledger.keep_push(row, Push("failed", text, error=text))
    return Ledger(str(path))


class Outline(HTMLParser):
    """Return what on a page would load or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loading: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loading += [each for each in attributes if each[0] in ("src", "href", "style") or each[0].startswith("on")]


@pytest.mark.parametrize("text", ["a message", EVIL, "\x1b[31m\udcff", "{{ 7 * 7 }}{% raw %}"])
def test_a_page_holds_text_and_loads_nothing(tmp_path: Path, text: str) -> None:
    with ledger_of(tmp_path / "l", 5, text) as ledger:
        page = "".join(html.render(ledger))
        told = "".join(markdown.render(ledger))
    page.encode()
    told.encode()
    outline = Outline()
    outline.feed(page)
    assert outline.loading == []
    assert (outline.tags.count("script"), outline.tags.count("img")) == (1, 0)
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "<script" not in told.replace("\\<", "")


@pytest.mark.parametrize(("patch", "paths"), [(b"", []), (b"no patch", []), (PATCH.encode(), ["app.py", 'ü".py'])])
def test_the_files_of_a_patch(patch: bytes, paths: list[str]) -> None:
    assert [file.path for file in diffs.read(patch)] == paths


def test_the_lines_of_a_patch_side_by_side() -> None:
    file, new = diffs.read(PATCH.encode())
    assert [(line.kind, line.before_number, line.before, line.after_number, line.after) for line in file.lines] == [
        ("hunk", None, "def f():", None, ""),
        ("same", 1, "import requests", 1, "import requests"),
        ("changed", 2, "<script>old</script>", 2, "new"),
        ("changed", 3, "-- old too", 3, "++ new too"),
        ("changed", None, "", 4, "one more"),
        ("same", 4, "end", 5, "end"),
    ]
    assert (file.added, file.removed, new.added, new.removed) == (3, 2, 1, 0)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.parametrize(
    ("width", "scheme", "background"), [(1280, "light", "rgb(255, 255, 255)"), (390, "dark", "rgb(13, 17, 23)")]
)
def test_five_hundred_repositories_in_a_browser(
    tmp_path: Path, browser: Any, width: int, scheme: str, background: str
) -> None:
    from playwright.sync_api import expect

    with ledger_of(tmp_path / "l", 500, EVIL.replace("/", "")) as ledger, open(tmp_path / "page.html", "w") as file:
        file.writelines(html.render(ledger))
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url) if "page.html" not in request.url else None)
    page.goto(f"file://{tmp_path}/page.html")
    assert page.title() == "unchunk campaign: 500 repositories"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == background
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    count = page.locator("#count")
    assert count.inner_text() == "500 of 500"
    page.select_option("#state", "not-fixed")
    assert count.inner_text() == "100 of 500"
    page.fill("#search", "no such repository")
    expect(count).to_have_text("0 of 500")
    page.fill("#search", "")
    expect(count).to_have_text("100 of 500")
    page.select_option("#state", "")
    page.select_option("#sort", "left")
    first = page.locator("details.repository").first
    assert first.get_attribute("data-left") == "2"
    first.locator("summary").click()
    assert first.locator(".finding").first.is_visible()
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != background
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert told == []
    page.close()
