"""`[tool.poetry]` in pyproject.toml, in the style before `[project]` and beside it.

See https://python-poetry.org/docs/pyproject/ and https://python-poetry.org/docs/managing-dependencies/
"""

from __future__ import annotations

from collections.abc import Iterator

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.formats.pep621 import poetry_rules
from unchunk.project.dependencies.slots import Kind, Place, Role, role_of_group
from unchunk.project.dependencies.toml_file import TomlFile

PRIORITY = 30
KIND = Kind.PACKAGE


def places(folder: Folder) -> Iterator[Place]:
    """Yield Poetry's tables: the package's dependencies, unless `[project]` has them, and its groups."""
    file = folder.toml("pyproject.toml")
    if file is None or not file.table("tool", "poetry"):
        return
    if _holds_dependencies(file):
        python = file.value("tool", "poetry", "dependencies", "python")
        yield file.table_slot(
            ("tool", "poetry", "dependencies"), KIND, Role.RUNTIME, python=python if isinstance(python, str) else None
        )
    for group in file.table("tool", "poetry", "group"):
        keys = ("tool", "poetry", "group", group, "dependencies")
        role = role_of_group(group)
        if role is not Role.OPTIONAL and file.value(*keys) is not None:
            yield file.table_slot(keys, Kind.ENVIRONMENT, role, name=group)
    if file.value("tool", "poetry", "dev-dependencies") is not None:
        yield file.table_slot(("tool", "poetry", "dev-dependencies"), Kind.ENVIRONMENT, Role.DEVELOPMENT)


def _holds_dependencies(file: TomlFile) -> bool:
    """Decide whether `[tool.poetry.dependencies]` is the list; beside a list in `[project]` it only adds details."""
    if not file.table("project"):
        return file.value("tool", "poetry", "dependencies") is not None
    if "dependencies" in file.strings("project", "dynamic"):
        return bool(file.table("tool", "poetry", "dependencies"))
    return poetry_rules(file)
