"""Report of a campaign as one page of HTML that needs nothing else: no style, script or picture from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from unchunk.analysis.visible import visible
from unchunk.campaign.report import diffs
from unchunk.campaign.report.overview import overview, reasons, shown
from unchunk.campaign.sources import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.campaign.ledger import Ledger


def render(ledger: Ledger) -> Iterator[str]:
    """Write the page piece by piece: it may be longer than what fits into memory."""
    loader = PackageLoader("unchunk.campaign.report", "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["visible"] = _visible
    style, script = (_source(environment, name) for name in ("page.css", "page.js"))
    yield from environment.get_template("page.html").generate(
        figures=overview(ledger),
        reasons=reasons(ledger),
        repositories=shown(ledger),
        diffs=diffs.read,
        settings=ledger.settings,
        version=ledger.value("version"),
        begun=time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(float(ledger.value("created") or 0))),
        without_secrets=without_secrets,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _hash(text: str) -> str:
    """Return a hash by which the page's policy allows this text and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _visible(text: str) -> str:
    """Show what would change how other text is read, or cannot be written at all."""
    return visible(text).encode("utf-8", "backslashreplace").decode()
