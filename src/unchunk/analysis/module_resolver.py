"""Resolution of a file's imports to program modules, which are read and parsed only when something in them matters."""

from __future__ import annotations

import os
import re
import sys
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from .file_dependencies import recorded_stat, stat_at
from .flow.modules import Module
from .flow.outline import MAX_CHAIN, Words, defining
from .flow.syntax import Syntax
from .module_exports import names_of
from .prefilter import DECODERS, FILES, PARSER_WORDS, has_sink, has_source, has_source_from
from .source import SourceError, parsed, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .catalog.index import Catalog
    from .file_dependencies import FileStat
    from .flow.context import AnalysisContext
    from .settings import Settings

MAX_MODULES = 16
MIN_BUDGET = 5_000
"""Statements that may be looked at on behalf of each further module."""
MAX_HOPS = 4
"""Through how many modules a name may be passed on."""
MAX_NAMESPACE = 3
"""Maximum number of nested folders without an `__init__` file in a package."""
MAX_SIZE = 2_000_000
_FROM = re.compile(r"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n]*)", re.MULTILINE)
_WORD = re.compile(r"\w+")
_DOTTED = re.compile(r"[\w.]+")
_INSTALLED = frozenset(("site-packages", "dist-packages"))


class ProgramFile:
    """A file of the program, read and perhaps parsed."""

    def __init__(self, path: str, data: bytes, settings: Settings | None) -> None:
        self.path = path
        self.is_package = os.path.basename(path) == "__init__.py"
        self.data = data
        self._settings = settings
        self._yielding: frozenset[str] | None = None

    @cached_property
    def parses(self) -> bool:
        """Decide by its words whether the file calls a parser."""
        return has_sink(self.data, self._settings)

    @cached_property
    def text(self) -> str | None:
        try:
            return text_of(self.data, self.path)
        except SourceError:
            return None

    @cached_property
    def _words(self) -> Words:
        return Words(self.text or "")

    @cached_property
    def syntax(self) -> Syntax | None:
        """Return the file's syntax; None if it is not Python."""
        try:
            return None if self.text is None else Syntax(parsed(self.text, self.path), self.text, self._words)
        except SourceError:
            return None

    def names_that_yield(self, catalog: Catalog) -> frozenset[str]:
        """Return the names in the file that may return pieces, judged by its text."""
        if self._yielding is None:
            known = has_source(self.data, self._settings) and self.text is not None
            self._yielding = names_that_yield(self._words, self.data, catalog) if known else frozenset()
        return self._yielding

    def passing_on(self, name: str, dotted: str) -> list[str]:
        """Return the modules that the file, named `dotted`, may import a name from."""
        parts = dotted.split(".")
        found = []
        for owner, names in self._from_imports:
            if name not in names and "*" not in names:
                continue
            level = len(owner) - len(owner.lstrip("."))
            base = parts[: len(parts) - level + (1 if self.is_package else 0)] if level else []
            found.append(".".join([*base, owner.lstrip(".")]).strip("."))
        return found

    @cached_property
    def _from_imports(self) -> list[tuple[str, frozenset[str]]]:
        """Return the modules imported from, with the imported names."""
        imports = _FROM.findall(self.text or "")
        return [(owner, frozenset((*_WORD.findall(names), *("*" * ("*" in names))))) for owner, names in imports]

    @cached_property
    def names_that_parse(self) -> frozenset[str]:
        """Return the functions and classes that call a parser; `decode` itself where the file may make a decoder."""
        if not self.parses or self.text is None:
            return frozenset()
        if not any(word in self.text for word in DECODERS):
            return defined_with(self.text, (*PARSER_WORDS, *FILES))
        return defined_with(self.text, (*PARSER_WORDS, *FILES, *DECODERS, "decode")) | {"decode"}


@lru_cache(maxsize=256)
def _file_at(path: str, stamp: FileStat, settings: Settings | None) -> ProgramFile | None:
    """Return the file, read again only if it has changed: several files of a program import the same modules."""
    try:
        with open(path, "rb") as file:
            return ProgramFile(shown(path), file.read(), settings)
    except OSError:
        return None


def syntax_of(source: str | bytes, path: str, settings: Settings | None) -> Syntax:
    """Return the syntax of a file, shared with other programs that have imported it.

    Raises:
        SourceError: it cannot be decoded or parsed.
    """
    absolute = os.path.abspath(path)
    stamp = stat_at(absolute)
    file = None if stamp is None else _file_at(absolute, stamp, settings)
    if file is not None and file.data == source and file.syntax is not None:
        return file.syntax
    text = text_of(source, path)
    return Syntax(parsed(text, path), text)


class ModuleResolver:
    """The modules around one file.

    Resolves what lies in the same package, and beside it where that is not a folder of installed packages. What the
    catalog knows is never looked up here, nor is the standard library.
    """

    def __init__(self, run: AnalysisContext, path: str, settings: Settings | None) -> None:
        self._run = run
        self._settings = settings
        self._root, self.name = place_of(path)
        self._roots = dict.fromkeys((self._root, os.path.dirname(os.path.abspath(path))))
        self._top = self.name.partition(".")[0]
        self._files: dict[str, ProgramFile | None] = {}
        self._modules: dict[str, Module | None] = {}

    def module(self, dotted: str, name: str, with_data: bool) -> Module | None:
        """Return the program module of that absolute name, if what it has under `name` may matter."""
        if dotted in self._modules:
            return self._modules[dotted]
        file = self._file(dotted)
        if file is None or not (with_data or self._matters(dotted, name, MAX_HOPS)):
            return None
        self._modules[dotted] = None  # modules may import each other
        self._modules[dotted] = self._parsed(file, dotted)
        return self._modules[dotted]

    def yields(self, dotted: str, name: str) -> bool:
        """Decide whether a module's name may return pieces, re-exports included."""
        file = self._file(dotted)
        if file is None:
            return self._file(f"{dotted}.{name}") is not None
        return name in file.names_that_yield(self._run.catalog) or self._matters(dotted, name, MAX_HOPS)

    def parses(self, dotted: str, name: str, hops: int = MAX_HOPS) -> bool:
        """Decide whether a module's name parses, re-exports included."""
        file = self._file(dotted) if hops else None
        if file is None:
            return False
        return name in file.names_that_parse or any(
            self.parses(owner, name, hops - 1) for owner in file.passing_on(name, dotted)
        )

    def names_that_yield(self, dotted: str) -> frozenset[str]:
        """Return the names in a module that may return pieces."""
        file = self._file(dotted)
        return frozenset() if file is None else file.names_that_yield(self._run.catalog)

    def owns(self, dotted: str) -> bool:
        """Decide whether a dotted name is a program module."""
        return self._file(dotted) is not None

    def names_that_parse(self, dotted: str) -> frozenset[str]:
        """Return the functions and classes of a module that call a parser."""
        file = self._file(dotted)
        return frozenset() if file is None else file.names_that_parse

    def _matters(self, dotted: str, name: str, hops: int) -> bool:
        """Decide whether a module's name may parse or return pieces, re-exports included."""
        file = self._file(dotted)
        if file is None or file.text is None or hops == 0:
            return False
        if name in file.names_that_parse or name in file.names_that_yield(self._run.catalog):
            return True
        owners = file.passing_on(name, dotted)
        return any(self._matters(owner, name, hops - 1) for owner in owners)

    def _file(self, dotted: str) -> ProgramFile | None:
        if dotted not in self._files:
            self._files[dotted] = self._read(dotted) if self._ours(dotted) else None
        return self._files[dotted]

    def _ours(self, dotted: str) -> bool:
        top = dotted.partition(".")[0]
        if not top:
            return False
        if top == self._top and "." in self.name:
            return True
        installed = os.path.basename(self._root) in _INSTALLED
        return not installed and top not in sys.stdlib_module_names and not self._run.catalog.knows(top)

    def _read(self, dotted: str) -> ProgramFile | None:
        for root in self._roots:
            base = os.path.join(root, *dotted.split("."))
            for path in (f"{base}.py", os.path.join(base, "__init__.py")):
                stamp = recorded_stat(path)
                if stamp is not None and stamp[-1] <= MAX_SIZE:
                    return _file_at(path, stamp, self._settings)
        return None

    def _parsed(self, file: ProgramFile, dotted: str) -> Module | None:
        run = self._run
        if file.path in run.modules or len(run.modules) > MAX_MODULES:
            return run.modules.get(file.path)
        if file.syntax is None:
            return None
        module = run.modules[file.path] = Module(run, file.syntax, file.path, dotted, file.is_package)
        run.budget += MIN_BUDGET
        return module


def names_that_yield(tokens: Words, source: bytes, catalog: Catalog) -> frozenset[str]:
    """Return the functions, classes and globals of a text that mention what returns pieces, directly or through
    others.
    """
    words = set(catalog.words_of_anything) | _words_of_clients(tokens.text, source, catalog)
    for _ in range(MAX_CHAIN):
        more = defining(tokens, words) - words
        if not more:
            break
        words |= more
    return frozenset(words)


def defined_with(text: str, words: Iterable[str]) -> frozenset[str]:
    """Return the functions, classes and globals of a text in which some words occur."""
    found = names_of(text.encode("utf-8", "surrogatepass"), map(str.encode, words))
    return frozenset(name.decode("utf-8", "surrogatepass") for name in found)


def _words_of_clients(text: str, source: bytes, catalog: Catalog) -> set[str]:
    words: set[str] = set()
    hands_out = cache(lambda root: catalog.knows(root) and has_source_from(source, root))
    for owner, names in _FROM.findall(text):
        if not hands_out(owner.partition(".")[0]):
            continue
        members = catalog.members_of(owner)
        words.update(name for name in _WORD.findall(names) if name in members or catalog.members_of(f"{owner}.{name}"))
    for names in _IMPORT.findall(text):
        for name in _DOTTED.findall(names):
            if catalog.members_of(name) and hands_out(name.partition(".")[0]):
                words.update(f"{name}.{member}" for member in catalog.members_of(name))
    return words


def place_of(path: str) -> tuple[str, str]:
    """Return a file's import root, and the file's dotted name from there.

    A folder without an `__init__` file is part of the package around it, if there is one.
    """
    folder, file = os.path.split(os.path.abspath(path))
    parts = [] if file == "__init__.py" else [os.path.splitext(file)[0]]
    while depth := _depth_in_package(folder):
        for _ in range(depth):
            folder, name = os.path.split(folder)
            parts.insert(0, name)
    return folder, ".".join(parts)


def _depth_in_package(folder: str) -> int:
    """Return how many folders up the package around a folder begins; 0 if there is none near."""
    for depth in range(1, MAX_NAMESPACE + 1):
        if recorded_stat(os.path.join(folder, "__init__.py")) is not None:
            return depth
        folder, name = os.path.split(folder)
        if not name.isidentifier():
            return 0
    return 0


def shown(path: str) -> str:
    """Return a path as a person would name it from here."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
