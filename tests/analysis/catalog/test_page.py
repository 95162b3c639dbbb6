"""The catalog's page says what its tables say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "catalog_page.py"
if not PAGE.exists():
    pytest.skip("docs/ is not here", allow_module_level=True)


def test_the_page_is_made_from_the_rows() -> None:
    made = runpy.run_path(str(PAGE))
    assert made["PAGE"].read_text(encoding="utf-8") == made["page"](), "run `python docs/catalog_page.py`"
