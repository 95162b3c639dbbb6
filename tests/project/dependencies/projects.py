"""Small projects to add a dependency to, and what was added."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from unchunk.project.dependencies import DependencyPlan, Needed, declare
from unchunk.project.dependencies.text import decode

NEEDED = Needed("unchunk", "0.1.0", ">=3.10")
FIXED = b"from unchunk import iter_json\n"
"""A fixed source, as far as dependencies are concerned."""


def make(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Return a checkout with these files."""
    (root / ".git").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def planned(root: Path, *sources: str, needed: Needed = NEEDED) -> DependencyPlan:
    """Return the plan for fixed files, checked for what holds for every plan: nothing is lost."""
    plan = declare({root / source: FIXED for source in sources or ("app.py",)}, needed)
    for edit in plan.edits:
        assert only_grew(edit.before, edit.after), f"{edit.path} lost something"
        assert edit.after.endswith(b"\n") == (edit.before.endswith(b"\n") or not edit.before), f"the end of {edit.path}"
        line = decode(edit.path, edit.after).text.splitlines()[edit.line - 1]
        assert "unchunk" in line, f"line {edit.line} of {edit.path} is {line!r}"
    return plan


def apply(plan: DependencyPlan) -> None:
    """Write the plan's edits."""
    for edit in plan.edits:
        edit.path.write_bytes(edit.after)


def only_grew(before: bytes, after: bytes) -> bool:
    """Decide whether `after` is `before` with bytes put in and none taken out."""
    rest = iter(after)
    return all(byte in rest for byte in before)


def difference(root: Path, plan: DependencyPlan) -> dict[str, list[str]]:
    """Return the changed lines of each edited file, with `+` and `-` in front."""
    return {
        edit.path.relative_to(root).as_posix(): [
            line[0] + line[2:]
            for line in difflib.ndiff(_lines(edit.path, edit.before), _lines(edit.path, edit.after))
            if line[0] in "+-"
        ]
        for edit in plan.edits
    }


def notes(root: Path, plan: DependencyPlan) -> list[str]:
    """Return the plan's notes, with paths from the project's folder."""
    return [f"{note.path.relative_to(root).as_posix()}: {note.text}" if note.path else note.text for note in plan.notes]


def refusals(root: Path, plan: DependencyPlan) -> list[str]:
    """Return the plan's refusals, with paths from the project's folder."""
    return [str(refusal).replace(f"{root.as_posix()}/", "") for refusal in plan.refusals]


def _lines(path: Path, raw: bytes) -> list[str]:
    return decode(path, raw).text.splitlines()
