"""Choice of the place in a project that takes the dependency. Where the project leaves it open, nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from unchunk.project.dependencies.plan import CannotEdit, Note
from unchunk.project.dependencies.requirement import Entry, Needed, declares
from unchunk.project.dependencies.slots import (
    DependencyTarget,
    Kind,
    Place,
    Role,
    Unwritable,
    fit_for_tests,
    is_tooling,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The target of the requirement; no slots where it is declared already."""

    slots: tuple[DependencyTarget, ...]
    notes: tuple[Note, ...] = ()


def choose(places: Sequence[Place], needed: Needed, *, for_tests: bool) -> Choice | None:
    """Return the slots for the program, or for its tests; None where the places take none.

    The package's own list comes first, as an installation has to bring the dependency along. A requirements file, a
    Pipfile or an environment beside it gets the entry too if it repeats that list.
    Tests take the project's test group or file, else the one for development, else what the program takes.

    Raises:
        Obstacle: several places are as good as each other, or the place cannot be edited.
    """
    if not for_tests:
        return _for_program(places, needed)
    tests = sorted((place for place in _slots(places) if place.role <= Role.DEVELOPMENT), key=fit_for_tests)
    if not tests:
        return _for_program(places, needed)
    runtime = [place for place in _slots(places) if place.role is Role.RUNTIME]
    if any(declared(slot, needed) for slot in (*runtime, tests[0])):
        return Choice((), tuple(note for slot in (*runtime, tests[0]) for note in _about(slot, needed)))
    return Choice((tests[0],))


def declared(slot: DependencyTarget, needed: Needed) -> Entry | None:
    """Return the slot's entry for the needed distribution."""
    return declares(slot.entries, needed.name)


def _for_program(places: Sequence[Place], needed: Needed) -> Choice | None:
    runtime = [place for place in places if place.role is Role.RUNTIME]
    package = [place for place in runtime if place.kind is Kind.PACKAGE]
    environments = _outermost([place for place in runtime if place.kind is Kind.ENVIRONMENT])
    if not package and not environments:
        return None
    main = _the_one(package or environments)
    if extra := _extra(places, needed):
        return Choice((), (_through(extra),))
    beside = [place for place in environments if package and isinstance(place, DependencyTarget)]
    mirrors = [slot for slot in beside if _repeats(slot, main)]
    notes = [_left_alone(slot, needed) for slot in beside if not _covers(slot, main, needed) and slot not in mirrors]
    wanted = [slot for slot in (main, *mirrors) if not declared(slot, needed)]
    about = [note for slot in (main, *mirrors) for note in _about(slot, needed)]
    return Choice(tuple(wanted), (*notes, *about) if wanted else tuple(about))


def _slots(places: Sequence[Place]) -> list[DependencyTarget]:
    return [place for place in places if isinstance(place, DependencyTarget)]


def _the_one(places: Sequence[Place]) -> DependencyTarget:
    blocked = [place for place in places if isinstance(place, Unwritable)]
    if blocked:
        raise blocked[0].obstacle
    slots = _slots(places)
    if len(slots) > 1:
        same = len({slot.path for slot in slots}) < len(slots)
        names = ", ".join(f"{slot.path.name} {slot.where}" if same else slot.path.name for slot in slots)
        raise CannotEdit(slots[0].path, None, f"several places could declare the dependency: {names}")
    return slots[0]


def _outermost(places: Sequence[Place]) -> list[Place]:
    """Return the places without those that include another of them: the included one serves both."""
    paths = {place.path for place in places}
    return [
        place
        for place in places
        if not (isinstance(place, DependencyTarget) and place.included & (paths - {place.path}))
    ]


def _extra(places: Sequence[Place], needed: Needed) -> DependencyTarget | None:
    """Return a user-facing extra that declares it already; those for work on the project do not count."""
    for slot in _slots(places):
        if slot.role is Role.OPTIONAL and not is_tooling(slot.name) and declared(slot, needed):
            return slot
    return None


def _through(slot: DependencyTarget) -> Note:
    return Note(f"declared already, in {slot.where}: an installation without that extra lacks it", slot.path)


def _repeats(slot: DependencyTarget, main: DependencyTarget) -> bool:
    """Decide whether a list names all that the package's list names: a copy kept by hand."""
    names = {each.name for each in main.entries if each.name}
    return bool(names) and names <= {each.name for each in slot.entries} and not slot.installs_project


def _covers(slot: DependencyTarget, main: DependencyTarget, needed: Needed) -> bool:
    return slot.installs_project or main.path == slot.path or declared(slot, needed) is not None


def _left_alone(slot: DependencyTarget, needed: Needed) -> Note:
    text = f"left as it is: add `{needed.requirement}` if the program is installed from it"
    return Note(text, slot.path)


def _about(slot: DependencyTarget, needed: Needed) -> list[Note]:
    """Return notes on surprises in an existing entry."""
    entry = declared(slot, needed)
    if entry is None or not entry.marker:
        return []
    return [Note(f"declares {needed.name} only where {entry.marker}", entry.path)]
