"""Selection of `pytest -m core`: a part of every room that says within minutes whether a change is right."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
CORE = (
    "analysis/test_detect_cases.py",
    "analysis/test_rules.py",
    "analysis/test_settings.py",
    "analysis/test_event_lines.py",
    "cli/test_check.py",
    "cli/test_fix.py",
    "cli/test_parsing.py",
    "codemod/test_constants.py",
    "codemod/test_imports.py",
    "codemod/test_plan.py",
    "codemod/test_recut.py",
    "codemod/test_values.py",
    "codemod/test_atomic_write.py",
    "notebook/test_cells.py",
    "project/test_configuration.py",
    "project/test_selection.py",
    "project/test_suppression.py",
    "report",
    "stream/test_docs.py",
    "stream/test_events.py",
    "stream/test_fragments.py",
    "stream/test_limits.py",
    "stream/test_partial.py",
    "stream/test_recut.py",
    "stream/test_responses.py",
    "test_flake8_plugin.py",
    "test_import_laws.py",
    "test_recipes.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    core = tuple(HERE / name for name in CORE)
    for item in items:
        if any(item.path.is_relative_to(part) for part in core):
            item.add_marker(pytest.mark.core)
