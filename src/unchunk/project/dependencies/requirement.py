"""Requirements: the fix's, the project's, and whether the two agree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

_ALWAYS_LATER = Version("99999")
_CARET_OR_TILDE = re.compile(r"^([\^~])\s*([0-9][\w.]*)$")


@dataclass(frozen=True, slots=True)
class Needed:
    """The distribution that fixed files import, and the version that provides what they use."""

    name: str
    minimum: str
    requires_python: str | None = None

    @property
    def requirement(self) -> str:
        """Return the requirement (PEP 508), such as `unchunk>=0.1.0`."""
        return f"{self.name}>={self.minimum}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared dependency.

    Attributes:
        name: the normalised name; None where the entry has none (a path, a URL without a name).
        specifier: the versions it allows; None where they are not given as versions (a URL, a git repository).
        extras: the extras it asks for.
        marker: the environment it is for, as text; empty where it is for all.
        line: the line of the file it stands on, from 1.
    """

    text: str
    path: Path
    line: int
    name: str | None
    specifier: SpecifierSet | None = None
    extras: frozenset[str] = frozenset()
    marker: str = ""

    @property
    def sort_key(self) -> str:
        """Return the key that lists are sorted by."""
        return self.name or self.text.lower()


def entry(text: str, path: Path, line: int) -> Entry:
    """Parse a PEP 508 requirement; anything else becomes an entry without a name."""
    try:
        read = Requirement(text)
    except InvalidRequirement:
        return Entry(text, path, line, None)
    return Entry(
        text,
        path,
        line,
        canonicalize_name(read.name),
        None if read.url else read.specifier,
        frozenset(canonicalize_name(extra) for extra in read.extras),
        str(read.marker or ""),
    )


def table_entry(name: str, versions: str | None, path: Path, line: int) -> Entry:
    """Parse a `name = "constraint"` of Poetry, PDM or Pipenv; `versions` is None where it names none."""
    text = f'{name} = "{versions}"' if versions is not None else name
    return Entry(text, path, line, canonicalize_name(name), constraint(versions))


def constraint(text: str | None) -> SpecifierSet | None:
    """Return the versions of a constraint; None where they are unknown (alternatives with `||`)."""
    if text is None or text.strip() in {"", "*"}:
        return None if text is None else SpecifierSet()
    try:
        return SpecifierSet(",".join(_clause(each.strip()) for each in text.strip("() ").split(",")))
    except (InvalidSpecifier, InvalidVersion):
        return None


def _clause(text: str) -> str:
    if match := _CARET_OR_TILDE.match(text):
        return f">={match[2]},<{_upper(match[1], Version(match[2]))}"
    return f"=={text}" if text[:1].isdigit() else text


def _upper(operator: str, low: Version) -> str:
    """Return the first version that `^low` or `~low` excludes, by Poetry's documentation of constraints."""
    release = [*low.release, 0, 0][: max(3, len(low.release))]
    first_nonzero = next((at for at, part in enumerate(low.release) if part), len(low.release) - 1)
    keep = first_nonzero if operator == "^" else min(1, len(low.release) - 1)
    return ".".join(str(part) for part in [*release[:keep], release[keep] + 1])


def declares(entries: Iterable[Entry], name: str) -> Entry | None:
    """Return the first entry for the distribution `name`, in any spelling and with any extras."""
    wanted = canonicalize_name(name)
    return next((each for each in entries if each.name == wanted), None)


def excludes(specifier: SpecifierSet | None, minimum: str) -> bool:
    """Decide whether no version from `minimum` on is allowed: the two cannot be installed together."""
    if specifier is None:
        return False
    low = Version(minimum)
    named = [version for clause in specifier if (version := _version(clause.version)) is not None]
    tried = [low, _ALWAYS_LATER, *named, *(_next(version) for version in named)]
    return not any(version >= low and specifier.contains(version, prereleases=True) for version in tried)


def _version(text: str) -> Version | None:
    try:
        return Version(text.removesuffix(".*"))
    except InvalidVersion:
        return None


def _next(version: Version) -> Version:
    """Return a version a little later, for clauses such as `>1.0` and `!=1.0`."""
    *front, last = version.release
    return Version(".".join(str(part) for part in [*front, last, 1]))


def lowest_python(requires_python: str | None) -> Version | None:
    """Return the lowest `X.Y` that a `requires-python` allows; None where it has no known lower bound."""
    specifier = constraint(requires_python)
    if specifier is None:
        return None
    for text in ("2.7", *(f"3.{minor}" for minor in range(60))):
        if specifier.contains(text) or specifier.contains(f"{text}.9999"):
            return Version(text)
    return None


def styled(needed: Needed, others: Iterable[Entry]) -> str:
    """Return the requirement, spaced like the entries around it: `a>=1`, `a >= 1`, or Poetry's `a (>=1)`."""
    specified = [each.text.partition(";")[0] for each in others if each.specifier]
    if specified and all(re.search(r"\s\(", text) for text in specified):
        return f"{needed.name} (>={needed.minimum})"
    if specified and all(re.search(r"[\w\]] [<>=!~]", text) for text in specified):
        spaced = all(re.search(r"[<>=!~] \w", text) for text in specified)
        return f"{needed.name} >={' ' if spaced else ''}{needed.minimum}"
    return needed.requirement
