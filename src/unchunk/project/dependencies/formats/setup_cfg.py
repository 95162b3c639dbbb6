"""`setup.cfg`, of setuptools: `[options] install_requires` and `[options.extras_require]`.

See https://setuptools.pypa.io/en/latest/userguide/declarative_config.html
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator, Sequence
from functools import partial

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.formats import requirements_txt, setup_py
from unchunk.project.dependencies.formats.pep621 import is_static
from unchunk.project.dependencies.plan import CannotEdit
from unchunk.project.dependencies.requirement import Entry, Needed, entry, styled
from unchunk.project.dependencies.slots import DependencyTarget, Kind, Place, Role, role_of_group
from unchunk.project.dependencies.text import Document, Insertion, LineList

PRIORITY = 22
KIND = Kind.PACKAGE

_FILE = re.compile(r"file:\s*([^,\n]+)")
_LINE = re.compile(r"[^\n]*(?:\n|$)")


def places(folder: Folder) -> Iterator[Place]:
    """Yield the package's dependencies and its extras, unless pyproject.toml or setup.py has them."""
    document = folder.document("setup.cfg")
    if document is None or is_static(folder):
        return
    config = _parse(document)
    if not config.has_section("options"):
        return
    python = config.get("options", "python_requires", fallback=None)
    requires = config.get("options", "install_requires", fallback=None)
    if requires is not None and (match := _FILE.match(requires.strip())):
        yield requirements_txt.slot(folder, match[1].strip(), KIND, Role.RUNTIME, python)
    elif requires is not None or not setup_py.has_install_requires(folder):
        yield _slot(document, "options", "install_requires", requires or "", Role.RUNTIME, python)
    if config.has_section("options.extras_require"):
        for extra, value in config.items("options.extras_require"):
            if not _FILE.match(value.strip()):
                yield _slot(document, "options.extras_require", extra, value, role_of_group(extra))


def _parse(document: Document) -> configparser.ConfigParser:
    config = configparser.ConfigParser(interpolation=None, strict=True)
    config.optionxform = str  # type: ignore[assignment,method-assign]  # extras keep their case
    try:
        config.read_string(document.text)
    except configparser.Error as error:
        line = getattr(error, "lineno", None)
        raise CannotEdit(document.path, line, f"is not a valid configuration file ({_reason(error)})") from error
    return config


def _reason(error: configparser.Error) -> str:
    return error.message.splitlines()[0].replace("'<string>'", "the file").rstrip(".")


def _slot(
    document: Document, section: str, option: str, value: str, role: Role, python: str | None = None
) -> DependencyTarget:
    entries = tuple(entry(text, document.path, _line_of(document, section, option, text)) for text in _items(value))
    return DependencyTarget(
        document,
        KIND,
        role,
        f"[{section}] {option}",
        entries,
        partial(_add, document, section, option, entries),
        name="" if role is Role.RUNTIME else option,
        python=python,
    )


def _items(value: str) -> list[str]:
    """Return the items of a `list-semi` value: an item a line, or separated by semicolons on one."""
    parts = value.splitlines() if "\n" in value else value.split(";")
    return [item for part in parts if (item := part.strip()) and not item.startswith("#")]


def _add(
    document: Document, section: str, option: str, entries: Sequence[Entry], needed: Needed
) -> Sequence[Insertion]:
    lines = _option_lines(document, section, option)
    newline, text = document.newline, document.text
    if not lines:
        return [Insertion(_section_end(document, section), f"{newline}{option} ={newline}    {needed.requirement}")]
    requirement = styled(needed, entries)
    items = [(start, end) for start, end in lines[1:] if re.match(r"\s*[^\s#;]", text[start:end])]
    if not items:
        first = text[lines[0][0] : lines[0][1]].rstrip()
        between = "; " if ";" in first else f"{newline}    "
        return [Insertion(lines[0][0] + len(first), between + requirement)]
    starts, ends = zip(*items, strict=True)
    names = tuple(entry(text[start:end].strip(), document.path, 0).sort_key for start, end in items)
    indent = text[starts[0] : ends[0]].split(text[starts[0] : ends[0]].strip())[0]
    return [LineList(ends, names, starts, newline, indent).adding(requirement, needed.name)]


def _line_of(document: Document, section: str, option: str, item: str) -> int:
    for start, end in _option_lines(document, section, option):
        if item in document.text[start:end]:
            return document.line(start)
    return 0


def _option_lines(document: Document, section: str, option: str) -> list[tuple[int, int]]:
    """Return start and end of the lines of an option, continuation lines included, without trailing blank ones."""
    found: list[tuple[int, int]] = []
    opening = re.compile(rf"{re.escape(option)}\s*[=:]")
    for start, end in _section_lines(document, section):
        line = document.text[start:end]
        if found and (not line.strip() or line[0] in " \t#;"):
            found.append((start, end))
        elif found:
            break
        elif opening.match(line):
            found.append((start, end))
    while found and not document.text[found[-1][0] : found[-1][1]].strip():
        found.pop()
    return found


def _section_end(document: Document, section: str) -> int:
    """Return the end of the last non-empty line of a section."""
    lines = [(start, end) for start, end in _section_lines(document, section) if document.text[start:end].strip()]
    if lines:
        return lines[-1][1]
    header = re.search(rf"^\[{re.escape(section)}\][^\r\n]*", document.text, re.MULTILINE)
    return header.end() if header else len(document.text)


def _section_lines(document: Document, section: str) -> Iterator[tuple[int, int]]:
    """Yield start and end (before the line end) of each line of a section, without its header."""
    inside = False
    for match in _LINE.finditer(document.text):
        line = match[0].rstrip("\r\n")
        if line.startswith("["):
            inside = line.split("]", 1)[0] == f"[{section}"
        elif inside:
            yield match.start(), match.start() + len(line)
