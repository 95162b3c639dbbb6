"""Other modules of the program: found beside a file by its imports, read and parsed only when something in them
matters.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from .flow.modules import Module
from .flow.outline import DEEPEST_CHAIN, Words, defining
from .flow.syntax import Syntax
from .offers import names_of
from .prefilter import DECODERS, FILES, PARSER_WORDS, parses, yields, yields_from
from .probes import probe, stamp_at
from .source import SourceError, parsed, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .catalog.index import Catalog
    from .flow.run import Run
    from .probes import Stamp
    from .settings import Settings

MOST_MODULES = 16
LEAST_BUDGET = 5_000
"""Statements that may be looked at on behalf of each further module."""
MOST_HOPS = 4
"""Through how many modules a name may be passed on."""
DEEPEST_NAMESPACE = 3
"""How many folders without an `__init__` file may lie inside each other in a package."""
LARGEST = 2_000_000
_FROM = re.compile(r"^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n]*)", re.MULTILINE)
_WORD = re.compile(r"\w+")
_DOTTED = re.compile(r"[\w.]+")
_INSTALLED = frozenset(("site-packages", "dist-packages"))


class File:
    """A file of the program, read and perhaps parsed."""

    def __init__(self, path: str, data: bytes, settings: Settings | None) -> None:
        self.path = path
        self.is_package = os.path.basename(path) == "__init__.py"
        self.data = data
        self._settings = settings
        self._yielding: frozenset[str] | None = None

    @cached_property
    def parses(self) -> bool:
        """Whether it calls a parser, as far as its words tell."""
        return parses(self.data, self._settings)

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
        """Its tree; None if it is no Python."""
        try:
            return None if self.text is None else Syntax(parsed(self.text, self.path), self.text, self._words)
        except SourceError:
            return None

    def names_that_yield(self, catalog: Catalog) -> frozenset[str]:
        """What it has that may hand out pieces, judged by its text."""
        if self._yielding is None:
            known = yields(self.data, self._settings) and self.text is not None
            self._yielding = names_that_yield(self._words, self.data, catalog) if known else frozenset()
        return self._yielding

    def passing_on(self, name: str, dotted: str) -> list[str]:
        """The modules that it may have a name from, its own name being `dotted`."""
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
        """The modules that are imported from, with what is imported."""
        imports = _FROM.findall(self.text or "")
        return [(owner, frozenset((*_WORD.findall(names), *("*" * ("*" in names))))) for owner, names in imports]

    @cached_property
    def names_that_parse(self) -> frozenset[str]:
        """Its functions and classes in which a parser is called; `decode` itself where it may make a decoder."""
        if not self.parses or self.text is None:
            return frozenset()
        if not any(word in self.text for word in DECODERS):
            return defined_with(self.text, (*PARSER_WORDS, *FILES))
        return defined_with(self.text, (*PARSER_WORDS, *FILES, *DECODERS, "decode")) | {"decode"}


@lru_cache(maxsize=256)
def _file_at(path: str, stamp: Stamp, settings: Settings | None) -> File | None:
    """The file, read anew only if it has changed: several files of a program import the same modules."""
    try:
        with open(path, "rb") as file:
            return File(shown(path), file.read(), settings)
    except OSError:
        return None


def syntax_of(source: str | bytes, path: str, settings: Settings | None) -> Syntax:
    """The tree of a file, also where other programs have imported it before.

    Raises:
        SourceError: it cannot be decoded or parsed.
    """
    absolute = os.path.abspath(path)
    stamp = stamp_at(absolute)
    file = None if stamp is None else _file_at(absolute, stamp, settings)
    if file is not None and file.data == source and file.syntax is not None:
        return file.syntax
    text = text_of(source, path)
    return Syntax(parsed(text, path), text)


class Files:
    """The modules around one file.

    Resolves what lies in the same package, and beside it where that is not a folder of installed packages. What the
    catalog knows is never looked up here, nor is the standard library.
    """

    def __init__(self, run: Run, path: str, settings: Settings | None) -> None:
        self._run = run
        self._settings = settings
        self._root, self.name = place_of(path)
        self._roots = dict.fromkeys((self._root, os.path.dirname(os.path.abspath(path))))
        self._top = self.name.partition(".")[0]
        self._files: dict[str, File | None] = {}
        self._modules: dict[str, Module | None] = {}

    def module(self, dotted: str, name: str, with_data: bool) -> Module | None:
        """The module of that absolute name, if it is the program's, and what it has under `name` may matter."""
        if dotted in self._modules:
            return self._modules[dotted]
        file = self._file(dotted)
        if file is None or not (with_data or self._matters(dotted, name, MOST_HOPS)):
            return None
        self._modules[dotted] = None  # modules may import each other
        self._modules[dotted] = self._parsed(file, dotted)
        return self._modules[dotted]

    def yields(self, dotted: str, name: str) -> bool:
        """Whether what a module has under a name may hand out pieces, or be another module's that does."""
        file = self._file(dotted)
        if file is None:
            return self._file(f"{dotted}.{name}") is not None
        return name in file.names_that_yield(self._run.catalog) or self._matters(dotted, name, MOST_HOPS)

    def parses(self, dotted: str, name: str, hops: int = MOST_HOPS) -> bool:
        """Whether what a module has under a name parses, there or where it comes from."""
        file = self._file(dotted) if hops else None
        if file is None:
            return False
        return name in file.names_that_parse or any(
            self.parses(owner, name, hops - 1) for owner in file.passing_on(name, dotted)
        )

    def names_that_yield(self, dotted: str) -> frozenset[str]:
        """What a module has that may hand out pieces."""
        file = self._file(dotted)
        return frozenset() if file is None else file.names_that_yield(self._run.catalog)

    def owns(self, dotted: str) -> bool:
        """Whether it is a module of the program."""
        return self._file(dotted) is not None

    def names_that_parse(self, dotted: str) -> frozenset[str]:
        """The functions and classes of a module in which a parser is called."""
        file = self._file(dotted)
        return frozenset() if file is None else file.names_that_parse

    def _matters(self, dotted: str, name: str, hops: int) -> bool:
        """Whether what a module has under a name may parse or hand out pieces, there or where it comes from."""
        file = self._file(dotted)
        if file is None or file.text is None or hops == 0:
            return False
        if name in file.names_that_parse or name in file.names_that_yield(self._run.catalog):
            return True
        owners = file.passing_on(name, dotted)
        return any(self._matters(owner, name, hops - 1) for owner in owners)

    def _file(self, dotted: str) -> File | None:
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

    def _read(self, dotted: str) -> File | None:
        for root in self._roots:
            base = os.path.join(root, *dotted.split("."))
            for path in (f"{base}.py", os.path.join(base, "__init__.py")):
                stamp = probe(path)
                if stamp is not None and stamp[-1] <= LARGEST:
                    return _file_at(path, stamp, self._settings)
        return None

    def _parsed(self, file: File, dotted: str) -> Module | None:
        run = self._run
        if file.path in run.modules or len(run.modules) > MOST_MODULES:
            return run.modules.get(file.path)
        if file.syntax is None:
            return None
        module = run.modules[file.path] = Module(run, file.syntax, file.path, dotted, file.is_package)
        run.budget += LEAST_BUDGET
        return module


def names_that_yield(said: Words, source: bytes, catalog: Catalog) -> frozenset[str]:
    """The functions, classes and globals of a text that mention what hands out pieces, or one that does."""
    words = set(catalog.words_of_anything) | _words_of_clients(said.text, source, catalog)
    for _ in range(DEEPEST_CHAIN):
        more = defining(said, words) - words
        if not more:
            break
        words |= more
    return frozenset(words)


def defined_with(text: str, words: Iterable[str]) -> frozenset[str]:
    """The functions, classes and globals of a text in which some words occur."""
    found = names_of(text.encode("utf-8", "surrogatepass"), map(str.encode, words))
    return frozenset(name.decode("utf-8", "surrogatepass") for name in found)


def _words_of_clients(text: str, source: bytes, catalog: Catalog) -> set[str]:
    words: set[str] = set()
    hands_out = cache(lambda root: catalog.knows(root) and yields_from(source, root))
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
    """The folder that a file's imports start from, and the dotted name of the file from there.

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
    """How many folders up a package begins that a folder is part of; 0 if there is none near."""
    for depth in range(1, DEEPEST_NAMESPACE + 1):
        if probe(os.path.join(folder, "__init__.py")) is not None:
            return depth
        folder, name = os.path.split(folder)
        if not name.isidentifier():
            return 0
    return 0


def shown(path: str) -> str:
    """A path as a person would name it from here."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
