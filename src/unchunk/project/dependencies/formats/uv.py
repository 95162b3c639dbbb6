"""`dev-dependencies` of `[tool.uv]` in pyproject.toml. uv takes the package's dependencies from `[project]`.

See https://docs.astral.sh/uv/concepts/projects/dependencies/#legacy-dev-dependencies
"""

from __future__ import annotations

from collections.abc import Iterator

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.slots import Kind, Place, Role

PRIORITY = 50
KIND = Kind.ENVIRONMENT


def places(folder: Folder) -> Iterator[Place]:
    """Yield uv's own list for development."""
    file = folder.toml("pyproject.toml")
    if file is not None and file.value("tool", "uv", "dev-dependencies") is not None:
        yield file.array_slot(("tool", "uv", "dev-dependencies"), KIND, Role.DEVELOPMENT)
