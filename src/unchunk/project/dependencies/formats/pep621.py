"""`[project]` in pyproject.toml: `dependencies` and `optional-dependencies`.

See https://packaging.python.org/en/latest/specifications/pyproject-toml/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from packaging.utils import canonicalize_name

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.formats import requirements_txt
from unchunk.project.dependencies.plan import CannotEdit
from unchunk.project.dependencies.requirement import Entry
from unchunk.project.dependencies.slots import Kind, Place, Role, Unwritable, role_of_group
from unchunk.project.dependencies.toml_file import TomlFile
from unchunk.project.project_root import folders_of_project

PRIORITY = 20
KIND = Kind.PACKAGE

_LOCKING_TOOLS = ("uv", "poetry", "pdm")
_FILES_OF = (
    ("tool", "setuptools", "dynamic", "dependencies", "file"),
    ("tool", "hatch", "metadata", "hooks", "requirements_txt", "files"),
)


def places(folder: Folder) -> Iterator[Place]:
    """Yield the package's dependencies, wherever the build backend reads them, and its extras."""
    file = folder.toml("pyproject.toml")
    if file is None or not file.table("project"):
        return
    dynamic = file.strings("project", "dynamic")
    if "dependencies" in dynamic:
        yield from _dynamic(folder, file)
    elif not poetry_rules(file):
        yield file.array_slot(
            ("project", "dependencies"),
            KIND,
            Role.RUNTIME,
            python=_python(file),
            python_binds=_locked_for_all_pythons(folder, file),
            limits=_limits(file),
        )
    for extra in file.table("project", "optional-dependencies"):
        keys = ("project", "optional-dependencies", extra)
        yield file.array_slot(keys, KIND, role_of_group(extra), name=extra, also=tuple(_through(file, extra)))


def is_static(folder: Folder) -> bool:
    """Decide whether `[project]` itself lists the dependencies, so that setup.cfg and setup.py do not count."""
    file = folder.toml("pyproject.toml")
    return file is not None and bool(file.table("project")) and "dependencies" not in file.strings("project", "dynamic")


def poetry_rules(file: TomlFile) -> bool:
    """Decide whether Poetry takes the dependencies from its own table: `[project]` names none and is not meant to."""
    named = file.value("project", "dependencies") is not None
    return not named and bool(file.constraints("tool", "poetry", "dependencies"))


def _python(file: TomlFile) -> str | None:
    value = file.value("project", "requires-python")
    return str(value) if isinstance(value, str) else None


def _locked_for_all_pythons(folder: Folder, file: TomlFile) -> bool:
    """Decide whether a tool here resolves versions for every Python that the project supports."""
    backend = str(file.value("build-system", "build-backend") or "")
    if backend.startswith(("poetry", "pdm", "uv_build")) or any(file.table("tool", tool) for tool in _LOCKING_TOOLS):
        return True
    workspace = any((above / "uv.lock").is_file() for above in folders_of_project(folder.path))
    return workspace or folder.has("poetry.lock") or folder.has("pdm.lock")


def _limits(file: TomlFile) -> tuple[Entry, ...]:
    """Return uv's own constraints. See https://docs.astral.sh/uv/reference/settings/#constraint-dependencies"""
    return tuple(
        each
        for name in ("constraint-dependencies", "override-dependencies")
        for each in file.requirements("tool", "uv", name)
    )


def _through(file: TomlFile, extra: str, seen: frozenset[str] = frozenset()) -> Iterator[Entry]:
    """Yield the entries that an extra takes from others: `all = ["this-project[stream]"]`."""
    own = canonicalize_name(str(file.value("project", "name") or ""))
    extras = {canonicalize_name(name): name for name in file.table("project", "optional-dependencies")}
    for each in file.requirements("project", "optional-dependencies", extra):
        if each.name != own:
            continue
        for name in each.extras - seen:
            if name in extras:
                yield from file.requirements("project", "optional-dependencies", extras[canonicalize_name(name)])
                yield from _through(file, extras[canonicalize_name(name)], seen | each.extras)


def _dynamic(folder: Folder, file: TomlFile) -> Iterator[Place]:
    """Yield the places of dynamic dependencies: followed where they are read from a file."""
    if names := [name for keys in _FILES_OF for name in _names(file, keys)]:
        for name in names[:1]:
            yield requirements_txt.slot(folder, name, KIND, Role.RUNTIME, python=_python(file))
        return
    backend = str(file.value("build-system", "build-backend") or "setuptools")
    if backend.startswith("poetry") and file.table("tool", "poetry", "dependencies"):
        return
    if backend.startswith("setuptools") and (folder.has("setup.py") or folder.has("setup.cfg")):
        return
    line = file.document.line(max(file.document.text.find("dynamic"), 0))
    reason = f"the dependencies are dynamic: {backend} works them out"
    yield Unwritable(CannotEdit(file.path, line, reason), KIND)


def _names(file: TomlFile, keys: Iterable[str]) -> tuple[str, ...]:
    value = file.value(*keys)
    return (str(value),) if isinstance(value, str) else file.strings(*keys)
