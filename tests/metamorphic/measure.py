"""Every transformation on every program: where the findings stay, and where they do not."""

from __future__ import annotations

import ast
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import calls, loops, modules, names, unrelated, values
from .marks import MAIN, Found, findings, fresh, marked
from .programs import Program, programs

Change = Callable[[ast.Module], object]
MIN_SHARE = 0.97
"""Minimum share of findings that each transformation preserves."""


def transformations() -> dict[str, Change]:
    """Return all of them, by what a person calls them."""
    found: dict[str, Change] = {
        "imports under an alias": names.import_aliases,
        "names imported from modules": names.from_imports,
        "modules imported for names": names.module_imports,
        "variables, functions and parameters renamed": names.renamed,
        "methods called on their class": calls.on_their_class,
        "`getattr` with a literal": calls.by_getattr,
        "keywords as a dict": calls.keywords(before=False, later=False),
        "keywords collected in a dict": calls.keywords(before=True, later=False),
        "keywords in a dict that is filled later": calls.keywords(before=True, later=True),
        "`stream=` forwarded as `**kwargs`": calls.forwarded,
        "parse calls taken out into functions": calls.parse_taken_out,
        "sources taken out into functions": calls.source_taken_out,
        "functions put in the place of their calls": calls.inlined,
        "the parser by another name": values.parser("load_it(VALUE)", definitions="load_it = json.loads"),
        "the parser by `getattr`": values.parser("getattr(json, 'loads')(VALUE)"),
        "the parser in a `functools.partial`": values.parser("functools.partial(PARSER)(VALUE)", "import functools"),
        "the parser in a lambda": values.parser("(lambda text: PARSER(text))(VALUE)"),
        "the parser with a keyword": values.parser("PARSER(s=VALUE)"),
        "the parser with a tuple of arguments": values.parser("PARSER(*(VALUE,))"),
        "`while` and `next`": loops.while_next,
        "a walrus and `next`": loops.walrus_next,
        "comprehensions": loops.comprehended,
        "`map`": loops.mapped,
        "a walrus loop taken apart": loops.while_walrus_apart,
        "a primed loop": loops.primed,
        "`iter` with a sentinel": loops.iter_sentinel,
        "a generator around": loops.generator_around,
        "a class around": loops.class_around,
        "functions made coroutines": loops.asynchronous,
        "pieces awaited": loops.awaited,
        "in two modules: the piece handed over": modules.piece_handed_over,
        "in two modules: the piece stored by a constructor": modules.piece_stored,
        "in two modules: the source": modules.source_elsewhere,
        "in two modules: the stream handed over": modules.stream_handed_over,
        "in two modules: the stream stored by a constructor": modules.stream_stored,
        "in two modules: the client handed over": modules.client_handed_over,
        "unrelated statements added": unrelated.statements_added,
        "unrelated definitions added": unrelated.definitions_added,
        "unrelated uses of clients added": unrelated.clients_added,
        "words about streams added": unrelated.words_added,
        "docstrings removed": unrelated.docstrings_removed,
        "unused imports removed": unrelated.uncalled_removed,
        "functions in reverse order": unrelated.functions_reversed,
        "methods in reverse order": unrelated.methods_reversed,
        "every function twice": unrelated.twice,
        "assignments swapped": unrelated.assignments_swapped,
    }
    for way in values.WAYS:
        found[f"the piece through {way.name}"] = values.piece(way)
        found[f"the stream through {way.name}"] = values.stream(way)
        found[f"the client through {way.name}"] = values.client(way)
        if not way.before and way.name != "a conditional expression":
            found[f"the read through {way.name}"] = values.read(way)
    return found


@dataclass
class Share:
    """The share of findings, in a number of programs, that stayed."""

    programs: int = 0
    findings: int = 0
    stayed: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.stayed / self.findings if self.findings else 1.0


@dataclass(frozen=True)
class Difference:
    """A finding that was lost, or has come up."""

    transformation: str
    program: str
    code: str
    line: int | None
    lost: bool


def measured(chosen: Callable[[str, Program], bool] = lambda transformation, program: True) -> dict[str, Share]:
    """Go through all that is chosen."""
    shares = {name: Share() for name in transformations()}
    for program in programs():
        tree = marked(program.text)
        before: Found | None = None
        with tempfile.TemporaryDirectory() as folder:
            for name, change in transformations().items():
                if not chosen(name, program):
                    continue
                changed = fresh(tree)
                made = change(changed)
                if not made:
                    continue
                if before is None:
                    before = findings(program, fresh(tree), Path(folder), MAIN)
                beside = made if isinstance(made, dict) else None
                after = findings(program, changed, Path(folder), MAIN, beside)
                _count(shares[name], name, program, before, after)
    return shares


def _count(share: Share, name: str, program: Program, before: Found, after: Found) -> None:
    share.programs += 1
    share.findings += len(before | after)
    share.stayed += len(before & after)
    share.differences += _differences(name, program, before - after, lost=True)
    share.differences += _differences(name, program, after - before, lost=False)


def _differences(name: str, program: Program, found: Counter[object], *, lost: bool) -> Iterator[Difference]:
    for code, mark in found:  # type: ignore[misc]
        yield Difference(name, program.name, code, mark[0] if mark else None, lost)
