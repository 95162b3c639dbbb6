"""httpx2, which has httpx's responses."""

from __future__ import annotations

from unchunk.testing.clients.httpx import patches as patches

MODULE = "httpx2"
