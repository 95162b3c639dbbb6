"""Project edits around fixed files: the dependency on unchunk that they now have, or the copy of the helper."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unchunk import __version__
from unchunk.cli.copies import copy_for, roots_with_copies
from unchunk.cli.extras import has
from unchunk.codemod.atomic_write import Change
from unchunk.project.module_names import imports
from unchunk.project.reading import read_regular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from unchunk.cli.fix_file import FixedFile
    from unchunk.cli.session import Session
    from unchunk.project.dependencies import Note


@dataclass(frozen=True, slots=True)
class ProjectEdits:
    """The changes in the same transaction as the fixed files.

    Attributes:
        changes: further files and their new bytes; a repaired file among them gets these bytes instead.
        told: what is done there, for people: path and words.
        data: the same for programs.
        notes: what a person should know or do.
        refused: files that must stay as they are, with the reason.
    """

    changes: tuple[Change, ...] = ()
    told: tuple[tuple[Path, str], ...] = ()
    data: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    refused: dict[Path, str] = field(default_factory=dict)

    def __add__(self, other: ProjectEdits) -> ProjectEdits:
        return ProjectEdits(
            self.changes + other.changes,
            self.told + other.told,
            self.data + other.data,
            self.notes + other.notes,
            self.refused | other.refused,
        )


def project_edits(changed: Sequence[FixedFile], users: Sequence[str], root: str, session: Session) -> ProjectEdits:
    """Return the project edits for the fixed files of one root.

    Files whose configuration, or the command line, does not want a dependency declared go without. A copy of the
    helper that is out of date is renewed even if no file changes, and what files import already is declared if that
    is missing.

    Args:
        users: files that mention unchunk.
    """
    declared = {Path(file.path): file.after for file in changed if _wants_dependency(file.path, session)}
    before = _importing([path for path in users if Path(path) not in declared], session)
    copied: dict[str, dict[Path, bytes]] = defaultdict(dict)
    for file in changed:
        if module := copy_for(file.path, session):
            copied[module][Path(file.path)] = file.after
    if not changed and root in roots_with_copies(session) and (module := copy_for(os.path.join(root, ""), session)):
        copied[module] = {}
    around = _declared(declared, before)
    for module, files in copied.items():
        around += _copied(module, files, root)
    return around


def tell_undeclared(session: Session, users: Sequence[str]) -> None:
    """Report the dependency that `fix` would declare for files that import it already: an earlier run may have been
    lost half way.
    """
    around = _declared({}, _importing(users, session))
    for path, words in around.told:
        session.note(f"{path}: unchunk is imported, but not declared; `unchunk fix` does that: {words}")
    for note in around.notes:
        session.note(note)


def _importing(users: Sequence[str], session: Session) -> dict[Path, bytes]:
    """Return the files that import the helper and want that declared, with their bytes."""
    found: dict[Path, bytes] = {}
    if not all(map(has, ("packaging", "tomlkit", "yaml"))):
        return found
    for path in users:
        try:
            read = read_regular(path) if _wants_dependency(path, session) else None
        except OSError:
            continue
        if read is not None and imports(read[0], "unchunk"):
            found[Path(path)] = read[0]
    return found


def _wants_dependency(path: str, session: Session) -> bool:
    if getattr(session.options, "no_dependency", False) or copy_for(path, session):
        return False
    config = session.config_for(path)
    return config is None or config.dependency


def _declared(files: Mapping[Path, bytes], before: Mapping[Path, bytes]) -> ProjectEdits:
    """Return the edits that declare the dependency of changed files, and of those that had it before."""
    if not files and not before:
        return ProjectEdits()
    from unchunk.project.dependencies import Needed, declare

    plan = declare({**files, **before}, Needed("unchunk", __version__, _requires_python()))
    names = {path.absolute(): path for path in (*files, *before)}
    known = {path.absolute() for path in before}
    shown = {edit.path: names.get(edit.path) or _shown(edit.path) for edit in plan.edits}
    return ProjectEdits(
        changes=tuple(Change(shown[edit.path], edit.before, edit.after) for edit in plan.edits),
        told=tuple((shown[edit.path], f"{edit.entry} added to {edit.where}") for edit in plan.edits),
        data=tuple(
            {"path": str(shown[edit.path]), "line": edit.line, "entry": edit.entry, "where": edit.where}
            for edit in plan.edits
        ),
        notes=(
            *_noted(note for note in plan.notes if note.path not in known and (files or plan.edits)),
            *(refusal.at(_shown(refusal.path)) for refusal in plan.refusals if known.issuperset(refusal.sources)),
        ),
        refused={
            names[source]: f"{refusal.at(_shown(refusal.path))} (--no-dependency repairs the file alone)"
            for refusal in plan.refusals
            for source in refusal.sources
        },
    )


def _copied(module: str, files: Mapping[Path, bytes], root: str) -> ProjectEdits:
    from unchunk.project.vendor import renew, vendor

    importing = [path for path, after in files.items() if imports(after, module)]
    plan = vendor(module, importing, __version__) if importing else renew(module, Path(root), __version__)
    copies = [(_shown(copy.path), copy) for copy in plan.copies if copy.changes]
    return ProjectEdits(
        changes=tuple(Change(path, copy.before, copy.after) for path, copy in copies),
        told=tuple((path, f"copy of the helper {_done(copy.before)}") for path, copy in copies),
        data=tuple({"path": str(path), "module": module, "version": __version__} for path, _ in copies),
        notes=tuple(map(_from_here, plan.notes)),
        refused={path: _from_here(reason) for path, reason in plan.refused.items()},
    )


def _done(before: bytes | None) -> str:
    return "written" if before is None else "renewed"


def _requires_python() -> str | None:
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        return metadata("unchunk")["Requires-Python"]
    except PackageNotFoundError:
        return None


def _shown(path: Path) -> Path:
    """Return a path as the user would name it: relative to where they are, unless it is elsewhere."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _from_here(text: str) -> str:
    """Return a text with its paths as the user would name them."""
    return text.replace(f"{Path.cwd()}{os.sep}", "")


def _noted(notes: Iterable[Note]) -> Iterator[str]:
    """Yield each remark once, however many files it applies to."""
    paths: dict[Note, list[Path]] = defaultdict(list)
    for note in notes:
        paths[replace(note, path=None)] += [note.path] if note.path else []
    for note, named in paths.items():
        yield _words(note, named)


def _words(note: Note, paths: Sequence[Path]) -> str:
    others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    words = f"{_shown(paths[0])}{others}: {note.text}" if paths else note.text
    elsewhere = note.command and note.folder and note.folder != Path.cwd()
    return f"{words} in {_shown(note.folder)}" if elsewhere and note.folder else words
