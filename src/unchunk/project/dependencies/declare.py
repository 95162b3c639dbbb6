"""Planning of the dependency declarations that fixed files need in their projects."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from packaging.utils import canonicalize_name

from unchunk.project.dependencies import formats, inline_script, locks
from unchunk.project.dependencies.choose import Choice, choose, declared
from unchunk.project.dependencies.folder import Folder, is_read_only
from unchunk.project.dependencies.plan import CannotEdit, DependencyPlan, Edit, Note, Refusal
from unchunk.project.dependencies.requirement import Needed, constraint, declares, excludes, lowest_python
from unchunk.project.dependencies.slots import DependencyTarget, Kind, Place, Unwritable
from unchunk.project.module_names import imports
from unchunk.project.project_root import folders_of_project

_TEST_FOLDERS = frozenset({"test", "tests"})
_TEST_FILE = re.compile(r"test_.*\.py|.*_test\.py|conftest\.py")


class Format(Protocol):
    """The interface of a module in `formats`."""

    PRIORITY: int
    KIND: Kind
    places: Callable[[Folder], Iterator[Place]]


def declare(changes: Mapping[Path, bytes], needed: Needed) -> DependencyPlan:
    """Plan the changes around fixed files by which their projects declare what they import.

    Each file belongs to the nearest folder above it that declares dependencies, up to the top of the checkout. A file
    in no project gets a note. Nothing is written.

    Args:
        changes: the fixed files and their new bytes; those that do not import the needed distribution are passed over.

    Returns:
        The edits, at most one a dependency file (a script that declares its own dependencies is one); notes; and
        refusals, each with the files that must not be changed as their project cannot be made to declare the
        dependency.
    """
    work = _Work({path.absolute(): raw for path, raw in changes.items()}, needed)
    waiting: dict[tuple[Folder, bool], list[Path]] = defaultdict(list)
    folders: dict[Path, Folder] = {}
    for path, raw in work.contents.copy().items():
        if not imports(raw, needed.name) or work.declared_in_script(path):
            continue
        found = work.project_of(path, folders)
        if found is not None:
            waiting[found].append(path)
    for (folder, for_tests), sources in sorted(waiting.items(), key=lambda item: (item[0][1], item[0][0].path)):
        work.project(folder, sources, for_tests=for_tests)
    return work.plan()


@dataclass(slots=True)
class _Work:
    """The plan so far."""

    contents: dict[Path, bytes]
    needed: Needed
    edits: dict[Path, Edit] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def plan(self) -> DependencyPlan:
        notes = dict.fromkeys(self.notes)
        return DependencyPlan(tuple(self.edits.values()), tuple(notes), tuple(self.refusals))

    def declared_in_script(self, path: Path) -> bool:
        """Handle a script with a dependency block of its own; return whether the file is one."""
        try:
            slot = inline_script.slot(path, self.contents[path])
            if slot is None:
                return False
            self._check_agreement([slot])
            if not declared(slot, self.needed):
                self._edit(slot)
                self.notes += inline_script.refreshes(path)
        except CannotEdit as obstacle:
            self._refuse((path,), obstacle)
        return True

    def project_of(self, path: Path, folders: dict[Path, Folder]) -> tuple[Folder, bool] | None:
        """Return the project folder that takes the file's dependency, and whether its tests take it."""
        for at in folders_of_project(path.parent):
            folder = folders.setdefault(at, Folder(at, self.contents))
            for_tests = _is_test(path.relative_to(at))
            try:
                if _name(folder) == canonicalize_name(self.needed.name):
                    return None
                if choose(_places(folder), self.needed, for_tests=for_tests) is not None:
                    return folder, for_tests
            except CannotEdit:
                return folder, for_tests
        hint = f"install it where the program runs: `pip install '{self.needed.requirement}'`"
        self.notes.append(Note(f"no file declares its dependencies; {hint}", path))
        return None

    def project(self, folder: Folder, sources: Sequence[Path], *, for_tests: bool) -> None:
        """Plan the edits of one project, all or none of them."""
        before = dict(self.contents), dict(self.edits), list(self.notes)
        try:
            places = _places(Folder(folder.path, self.contents))
            choice = choose(places, self.needed, for_tests=for_tests) or Choice(())
            self._check_agreement(places)
            for slot in choice.slots:
                self._edit(slot)
        except CannotEdit as obstacle:
            self.contents, self.edits, self.notes = before
            self._refuse(tuple(sources), obstacle)
            return
        self.notes += choice.notes
        for slot in choice.slots:
            self.notes += locks.refreshes(slot.path, folders_of_project(slot.path.parent))

    def _check_agreement(self, places: Sequence[Place]) -> None:
        """Raise if something in the project excludes the needed version."""
        for slot in places:
            if not isinstance(slot, DependencyTarget):
                continue
            for each in (*slot.entries, *slot.limits):
                if declares((each,), self.needed.name) and excludes(each.specifier, self.needed.minimum):
                    line = each.line or (slot.line_of(each) if each.path == slot.path else 0)
                    reason = f"asks for `{each.text}`, but the fix needs `{self.needed.requirement}`"
                    raise CannotEdit(each.path, line or None, reason, "change it to `{requirement}`")

    def _edit(self, slot: DependencyTarget) -> None:
        """Plan the new bytes of the slot's file, and verify that they change nothing else."""
        path, raw = slot.path, slot.document.raw
        self._check_python(slot)
        if is_read_only(path):
            raise CannotEdit(path, None, "is read-only", "make it writable, or add `{requirement}` there yourself")
        insertions = slot.adding(self.needed)
        after = slot.document.with_insertions(insertions)
        self.contents[path] = after
        self._check_result(slot)
        ahead = "".join(each.text for each in insertions).partition(self.needed.name)[0]
        at = next(each.offset for each in insertions if self.needed.name in each.text)
        first = self.edits[path].before if path in self.edits else _on_disk(path, raw)
        line = slot.document.line(at) + ahead.count("\n")
        self.edits[path] = Edit(path, first, after, line, self.needed.requirement, slot.where)

    def _check_python(self, slot: DependencyTarget) -> None:
        """Verify that the dependency supports every Python that the project promises."""
        promised, supported = lowest_python(slot.python), lowest_python(self.needed.requires_python)
        if slot.kind is Kind.ENVIRONMENT and supported and excludes(constraint(slot.python), str(supported)):
            reason = f"is for Python {slot.python}, but {self.needed.name} needs {supported}"
            raise CannotEdit(
                slot.path, None, reason, f"move it to Python {supported} or later, then add `{{requirement}}`"
            )
        if slot.kind is Kind.ENVIRONMENT or promised is None or supported is None or promised >= supported:
            return
        reason = f"supports Python {promised}, but {self.needed.name} needs {supported}"
        if slot.python_binds:
            hint = f"raise the project's lowest Python to {supported}, then add `{{requirement}}`"
            raise CannotEdit(slot.path, None, reason, hint)
        self.notes.append(Note(f"{reason}: the fixed files do not run below that", slot.path))

    def _check_result(self, slot: DependencyTarget) -> None:
        """Read the edited file again: the new entry has to be there, next to all old ones."""
        again = self._again(slot)
        old, new = ([each.text for each in found.entries] for found in (slot, again)) if again else ([], [])
        added = {
            each for each in new if each not in old and each != "pip"
        }  # which conda is told of with its first entry
        if again is None or len(added) != 1 or not declared(again, self.needed) or [t for t in new if t in old] != old:
            raise CannotEdit(slot.path, None, f"{slot.where} is written in a way that cannot be edited safely")

    def _again(self, slot: DependencyTarget) -> DependencyTarget | None:
        if slot.where == inline_script.WHERE:
            return inline_script.slot(slot.path, self.contents[slot.path])
        folders = [each for each in folders_of_project(slot.path.parent) if slot.path.is_relative_to(each)]
        for at in folders:
            for place in _places(Folder(at, self.contents)):
                if isinstance(place, DependencyTarget) and (place.path, place.where) == (slot.path, slot.where):
                    return place
        return None

    def _refuse(self, sources: tuple[Path, ...], obstacle: CannotEdit) -> None:
        advice = (obstacle.hint or "add `{requirement}` by hand").replace("{requirement}", self.needed.requirement)
        self.refusals.append(Refusal(sources, obstacle.path, obstacle.line, obstacle.reason, advice))


def _name(folder: Folder) -> str | None:
    """Return the normalised name of the folder's own project, if pyproject.toml has it."""
    file = folder.toml("pyproject.toml")
    names = (file.value("project", "name"), file.value("tool", "poetry", "name")) if file else ()
    return next((canonicalize_name(name) for name in names if isinstance(name, str)), None)


def _places(folder: Folder) -> list[Place]:
    """Return the places that all formats find in a folder, in the order of their priority."""
    found: list[Place] = []
    for each in _formats():
        try:
            found += each.places(folder)
        except CannotEdit as obstacle:
            if all(not isinstance(place, Unwritable) or place.path != obstacle.path for place in found):
                found.append(Unwritable(obstacle, each.KIND))
    return found


@cache
def _formats() -> tuple[Format, ...]:
    names = [module.name for module in pkgutil.iter_modules(formats.__path__)]
    modules = [cast("Format", importlib.import_module(f"{formats.__name__}.{name}")) for name in names]
    return tuple(sorted(modules, key=lambda module: module.PRIORITY))


def _is_test(path: Path) -> bool:
    """Decide whether a file, by its path within the project, belongs to the tests."""
    return bool(_TEST_FOLDERS & set(path.parts[:-1])) or _TEST_FILE.fullmatch(path.name) is not None


def _on_disk(path: Path, raw: bytes) -> bytes:
    """Return the file's present bytes: a script with its own block is being changed already."""
    return path.read_bytes() if path.is_file() else raw
