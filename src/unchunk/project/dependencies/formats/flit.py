"""`[tool.flit.metadata]` in pyproject.toml, Flit's style before `[project]`.

See https://flit.pypa.io/en/stable/pyproject_toml.html#old-style-metadata
"""

from __future__ import annotations

from collections.abc import Iterator

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.slots import Kind, Place, Role, role_of_group

PRIORITY = 70
KIND = Kind.PACKAGE


def places(folder: Folder) -> Iterator[Place]:
    """Yield Flit's requirements and extras."""
    file = folder.toml("pyproject.toml")
    if file is None or not file.table("tool", "flit", "metadata"):
        return
    python = file.value("tool", "flit", "metadata", "requires-python")
    yield file.array_slot(
        ("tool", "flit", "metadata", "requires"), KIND, Role.RUNTIME, python=str(python) if python else None
    )
    for extra in file.table("tool", "flit", "metadata", "requires-extra"):
        keys = ("tool", "flit", "metadata", "requires-extra", extra)
        yield file.array_slot(keys, KIND, role_of_group(extra), name=extra)
