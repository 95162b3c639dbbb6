"""The path of a project's module: `package.module` below an import root."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from unchunk.project.module_names import is_module_name
from unchunk.project.project_root import folders_of_project

_SOURCE_FOLDERS = ("src", "lib", "python")


class NoPlace(Exception):
    """The module has no place, or several. The text says why and what to do."""


def place(module: str, source: Path, sources: Sequence[Path]) -> Path:
    """Return the file that `source` imports as `module`; it need not exist yet.

    A module without a package stands beside the files that import it. A package is looked for where imports of the
    source's own package start from, then in the folders above and their `src`, up to the top of the checkout. It has
    to be there already: what is imported has to be installed with the project as well.

    Args:
        sources: all files that are going to import it.

    Raises:
        NoPlace: `module` is no dotted name, or its package is not found, or nothing says which of several it is.
    """
    *packages, name = module.split(".")
    if not is_module_name(module):
        raise NoPlace(f"{module!r} is not the name of a module: write it as package.module")
    if not packages:
        if len({import_root(each) for each in sources}) > 1:
            raise NoPlace(f"{module} would have to be in several folders: name a package, as in package.{module}")
        return import_root(source) / f"{name}.py"
    folder = _root(packages[0], source).joinpath(*packages)
    if not folder.is_dir():
        raise NoPlace(f"there is no package {'.'.join(packages)}: {folder} is missing")
    return folder / f"{name}.py"


def import_root(source: Path) -> Path:
    """Return the import root of the source's own package: the first folder up that is no package."""
    folder = source.absolute().parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _root(package: str, source: Path) -> Path:
    """Return the folder with the package, the nearest to `source`."""
    looked = list(dict.fromkeys([import_root(source), *_above(source)]))
    for folder in looked:
        if (folder / package).is_dir():
            return folder
    raise NoPlace(f"there is no package {package} in {', '.join(map(str, looked))}")


def _above(source: Path) -> Iterator[Path]:
    for folder in folders_of_project(source.absolute().parent):
        yield from (folder / name for name in _SOURCE_FOLDERS if (folder / name).is_dir())
        yield folder
