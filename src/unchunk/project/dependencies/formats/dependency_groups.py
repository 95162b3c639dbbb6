"""`[dependency-groups]` in pyproject.toml, for work on the project.

See https://packaging.python.org/en/latest/specifications/dependency-groups/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.requirement import Entry
from unchunk.project.dependencies.slots import Kind, Place, Role, role_of_group
from unchunk.project.dependencies.toml_file import TomlFile

PRIORITY = 10
KIND = Kind.ENVIRONMENT


def places(folder: Folder) -> Iterator[Place]:
    """Yield the groups for tests and for development."""
    file = folder.toml("pyproject.toml")
    if file is None:
        return
    for group in file.table("dependency-groups"):
        role = role_of_group(group)
        if role is not Role.OPTIONAL:
            yield file.array_slot(
                ("dependency-groups", group), KIND, role, name=group, also=tuple(_included(file, group))
            )


def _included(file: TomlFile, group: str, seen: frozenset[str] = frozenset()) -> Iterator[Entry]:
    """Yield the entries that a group includes from other groups."""
    groups = {canonicalize_name(name): name for name in file.table("dependency-groups")}
    for item in file.value("dependency-groups", group) or ():
        if not isinstance(item, Mapping):
            continue
        name = canonicalize_name(str(item.get("include-group", "")))
        if name in groups and name not in seen:
            yield from file.requirements("dependency-groups", groups[name])
            yield from _included(file, groups[name], seen | {name})
