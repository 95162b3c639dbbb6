"""`[tool.pdm.dev-dependencies]` in pyproject.toml. PDM takes the package's dependencies from `[project]`.

See https://pdm-project.org/latest/usage/dependency/#add-development-only-dependencies
"""

from __future__ import annotations

from collections.abc import Iterator

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.slots import Kind, Place, Role, role_of_group

PRIORITY = 40
KIND = Kind.ENVIRONMENT


def places(folder: Folder) -> Iterator[Place]:
    """Yield PDM's own groups for development."""
    file = folder.toml("pyproject.toml")
    if file is None:
        return
    for group in file.table("tool", "pdm", "dev-dependencies"):
        role = role_of_group(group)
        if role is not Role.OPTIONAL:
            yield file.array_slot(("tool", "pdm", "dev-dependencies", group), KIND, role, name=group)
