"""Ledger as JSON: an object a repository, or one of figures."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from unchunk.campaign.sources import without_secrets

if TYPE_CHECKING:
    from unchunk.campaign.report.overview import Overview, Shown


def of_repository(shown: Shown) -> dict[str, Any]:
    """Return a repository as plain data; bytes of its patch that are no UTF-8 are surrogates."""
    row, record = shown.row, shown.row.record
    return {
        "name": row.name,
        "source": without_secrets(row.source),
        "state": record.state.value,
        "error": {"kind": record.error_kind, "message": record.error} if record.error_kind else None,
        "base": record.base,
        "commit": record.commit,
        "changes": [dataclasses.asdict(change) for change in record.changes],
        "notes": list(record.notes),
        "problems": list(record.problems),
        "findings": [{key: value for key, value in each.items() if key != "frame"} for each in shown.findings],
        "timings": record.timings,
        "push": dataclasses.asdict(shown.push) if shown.push else None,
        "patch": record.patch.decode("utf-8", "surrogateescape"),
    }


def of_figures(figures: Overview) -> dict[str, Any]:
    """Return the figures as plain data."""
    return {
        "repositories": figures.repositories,
        "fixed": figures.fixed,
        "left": figures.left,
        "states": {state: count for state, _, count in figures.states},
        "rules": [dataclasses.asdict(total) for total in figures.rules],
        "clients": [dataclasses.asdict(total) for total in figures.clients],
    }
