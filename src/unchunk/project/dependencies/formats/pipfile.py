"""`Pipfile`, of Pipenv. See https://pipenv.pypa.io/en/latest/pipfile.html"""

from __future__ import annotations

from collections.abc import Iterator

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.requirement import Entry
from unchunk.project.dependencies.slots import Kind, Place, Role
from unchunk.project.dependencies.toml_file import TomlFile

PRIORITY = 80
KIND = Kind.ENVIRONMENT


def places(folder: Folder) -> Iterator[Place]:
    """Yield the tables for the program and for development."""
    file = folder.toml("Pipfile")
    if file is None:
        return
    version = file.value("requires", "python_version")
    yield file.table_slot(
        ("packages",),
        KIND,
        Role.RUNTIME,
        python=f"~={version}.0" if isinstance(version, str) else None,
        installs_project=_installs_project(file),
    )
    if file.value("dev-packages") is not None:
        yield file.table_slot(("dev-packages",), KIND, Role.DEVELOPMENT, also=_main(file))


def _main(file: TomlFile) -> tuple[Entry, ...]:
    """Return the entries installed for development too: all that the program needs."""
    return file.constraints("packages")


def _installs_project(file: TomlFile) -> bool:
    return any(
        isinstance(value, dict) and value.get("path") in (".", "./") for value in file.table("packages").values()
    )
