"""Hatch's environments, in pyproject.toml or hatch.toml. Hatch takes the package's dependencies from `[project]`.

See https://hatch.pypa.io/latest/config/environment/overview/#dependencies
"""

from __future__ import annotations

from collections.abc import Iterator

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.slots import Kind, Place, Role, role_of_group

PRIORITY = 60
KIND = Kind.ENVIRONMENT

_HOMES = (("hatch.toml", ("envs",)), ("pyproject.toml", ("tool", "hatch", "envs")))
_LISTS = ("dependencies", "extra-dependencies")


def places(folder: Folder) -> Iterator[Place]:
    """Yield the lists of the environments for tests and development."""
    for name, envs in _HOMES:
        file = folder.toml(name)
        if file is None:
            continue
        for env in file.table(*envs):
            role = Role.DEVELOPMENT if env == "default" else role_of_group(env)
            key = next((key for key in _LISTS if isinstance(file.value(*envs, env, key), list)), None)
            if role is not Role.OPTIONAL and key is not None:
                yield file.array_slot((*envs, env, key), KIND, role, name=env)
