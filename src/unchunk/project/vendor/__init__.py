"""A copy of the runtime helper in the project's own tree, for projects that take no dependency.

    plan = vendor("package._streams", [changed files], version)

Nothing here writes: the plan's copies go into the transaction of the fix.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unchunk.project.vendor.module import generate, is_as_copied, same_program, version_of
from unchunk.project.vendor.place import NoPlace, place

__all__ = ["Copy", "NoPlace", "VendorPlan", "copy_in", "renew", "vendor"]


@dataclass(frozen=True, slots=True)
class Copy:
    """The file of a copy, its bytes before (None: it is not there yet) and after; equal where it is up to date."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def changes(self) -> bool:
        """Decide whether there is something to write."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class VendorPlan:
    """The copies that fixed files import, and the files that have nowhere to import one from, with the reason.

    Attributes:
        notes: what a person should know; it stops nothing.
    """

    copies: tuple[Copy, ...] = ()
    refused: dict[Path, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def vendor(module: str, sources: Sequence[Path], version: str) -> VendorPlan:
    """Plan the copy that `sources` import as `module`; one in each of the projects they belong to.

    A copy that says the same as the one that would be written stays as it is, also when a formatter has been at it.
    A file that is no copy is never replaced, and neither is a copy with changes of its own.

    Args:
        module: dotted; its package has to exist.
        version: the version that the copy notes.
    """
    wanted: dict[Path, list[Path]] = defaultdict(list)
    refused: dict[Path, str] = {}
    for source in sources:
        try:
            wanted[place(module, source, sources)].append(source)
        except NoPlace as error:
            refused[source] = str(error)
    copies: list[Copy] = []
    for path, importing in wanted.items():
        try:
            copies.append(_copy(path, generate(version), version))
        except NoPlace as error:
            refused |= dict.fromkeys(importing, str(error))
    return VendorPlan(tuple(copies), refused)


def renew(module: str, root: Path, version: str) -> VendorPlan:
    """Plan the update of an existing copy that files in `root` import as `module`; refuse and create nothing."""
    source = _source_in(root)
    try:
        path = place(module, source, [source])
    except NoPlace:
        return VendorPlan()
    try:
        return VendorPlan((_copy(path, generate(version), version),) if path.exists() else ())
    except NoPlace as error:
        return VendorPlan(notes=(str(error),))


def copy_in(module: str, root: Path, version: str) -> Copy:
    """Return the copy that files in `root` import as `module`, there or not.

    Raises:
        NoPlace: it has no place, or what is there is no copy, or has been changed.
    """
    source = _source_in(root)
    return _copy(place(module, source, [source]), generate(version), version)


def _source_in(root: Path) -> Path:
    return root / "_" if root.is_dir() else root


def _copy(path: Path, fresh: str, version: str) -> Copy:
    if not path.exists():
        return Copy(path, None, fresh.encode())
    try:
        before = path.read_bytes()
        text = before.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise NoPlace(f"{path} cannot be read: {error}") from error
    copied = version_of(text)
    if copied is None:
        raise NoPlace(f"{path} is not a copy of the helper, and is not replaced: choose another module")
    if same_program(text, fresh):
        return Copy(path, before, before)
    if copied == version or not is_as_copied(text):
        raise NoPlace(f"{path} has been changed since it was copied: undo that, or delete it to get a fresh copy")
    newline = "\r\n" if "\r\n" in text else "\n"
    return Copy(path, before, fresh.replace("\n", newline).encode())
