"""From programs to findings."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from .catalog.index import Catalog, TypeInfo, builtin_catalog
from .catalog.user import with_user_rows
from .findings import Finding
from .flow.callbacks import callback_value
from .flow.classes import find_method, lineage
from .flow.entries import body_reaches_parse, imported_names, may_yield, reaches_parse
from .flow.frames import Closure, Frame
from .flow.functions import method_value, run_function
from .flow.modules import Module
from .flow.outline import FunctionDef
from .flow.run import Run
from .flow.statements import execute
from .flow.syntax import Syntax
from .flow.values import UNKNOWN, Data, Function, Own, OwnClass, Value, alternatives
from .limits import note_limit
from .linking import Files, syntax_of
from .memory import no_collections
from .prefilter import is_usual, reach_of
from .reach import Reach
from .rules import all_rules, default_codes
from .seen import Decode, parse_in
from .settings import Settings
from .source import parsed, refuse_too_much, text_of
from .told import told_elsewhere
from .why import reasons

STATEMENTS_PER_STATEMENT = 60
"""How often, on average, a statement may be looked at before the engine lets go."""
LEAST_BUDGET = 20_000
MOST_BUDGET = 150_000
"""How many statements are looked at in the largest of files."""
LOOKS_A_STATEMENT = 8
"""How many expressions are in a statement, on average, that is looked at so often."""
MOST_LOOKS = 700_000
"""How many expressions are looked at in any file."""
_ALL = frozenset(rule.CODE for rule in all_rules())


def check_source(
    source: str | bytes, path: str = "<string>", *, settings: Settings | None = None, follow_imports: bool = False
) -> list[Finding]:
    """The findings of one program, in the order of its lines.

    Args:
        source: the program; bytes are decoded by their cookie or byte order mark.
        path: what to call it, and where its imports are looked for.
        settings: what to report and what to know; without it the rules that are on by default.
        follow_imports: look into the modules of the same program that it imports, as far as they matter. What is parsed
            in another module is reported at the call that leads there.

    Raises:
        SourceError: it cannot be decoded or parsed.
    """
    with no_collections():
        syntax = _syntax(source, path, settings, follow_imports)
        run, module = _looked_at(syntax, path, settings, follow_imports)
        return _found(run, module, settings)


def check_tree(
    tree: ast.Module,
    text: str,
    path: str = "<string>",
    *,
    settings: Settings | None = None,
    follow_imports: bool = False,
) -> list[Finding]:
    """The findings of a program that has been parsed already; `text` is what it was parsed from.

    Raises:
        SourceError: it is too much to be looked into.
    """
    refuse_too_much(text, path)
    with no_collections():
        run, module = _looked_at(Syntax(tree, text), path, settings, follow_imports)
        return _found(run, module, settings)


def explain(
    source: str | bytes, path: str, line: int, *, settings: Settings | None = None, follow_imports: bool = False
) -> list[str]:
    """Why each parse call on a line is reported or not, one sentence each.

    Raises:
        SourceError: it cannot be decoded or parsed.
    """
    syntax = _syntax(source, path, settings, follow_imports)
    run, module = _looked_at(syntax, path, settings, follow_imports, everything=True)
    codes = _codes(settings)
    silent, reported = (_findings(run, module, chosen) for chosen in (_ALL - codes, codes))
    return reasons(run, module, line, reported, silent)


def _catalog(settings: Settings | None) -> Catalog:
    catalog = builtin_catalog()
    if settings is None or not (settings.sources or settings.parsers or settings.safe):
        return catalog
    return with_user_rows(settings)


def _codes(settings: Settings | None) -> frozenset[str]:
    if settings is None:
        return default_codes()
    if settings.select is None:
        return _ALL
    return settings.select


def _syntax(source: str | bytes, path: str, settings: Settings | None, follow_imports: bool) -> Syntax:
    if follow_imports:
        return syntax_of(source, path, settings)
    text = text_of(source, path)
    return Syntax(parsed(text, path), text)


def _looked_at(
    syntax: Syntax,
    path: str,
    settings: Settings | None,
    follow_imports: bool,
    *,
    everything: bool = False,
) -> tuple[Run, Module]:
    """Run everything in a program that a parse call can be reached from."""
    codes = _codes(settings)
    decoded = any(rule.CODE in codes and rule.SUBJECT == "decode" for rule in all_rules())
    run = Run(_catalog(settings), decoded=decoded, everything=everything)
    files = Files(run, path, settings) if follow_imports else None
    module = Module(run, syntax, path, files.name if files else "", path.endswith("__init__.py"))
    run.modules[path] = module
    if files is not None:
        run.load_module = files.module
        run.names_that_parse = files.names_that_parse
        run.names_that_yield = files.names_that_yield
        run.parsing = files.parses
        run.yields = files.yields
        run.owns = files.owns
    run.budget = min(MOST_BUDGET, LEAST_BUDGET + STATEMENTS_PER_STATEMENT * len(module.outline.statements))
    run.looks = min(MOST_LOOKS, LOOKS_A_STATEMENT * run.budget)
    run.settle(_entries(module, run, None if everything or not is_usual(settings) else _reach(module, run)))
    if len(run.modules) > 1:
        run.told = told_elsewhere(run, module)
    if run.budget <= 0 or run.looks < 0:
        note_limit("too much to look into all of it: there may be more to find")
    return run, module


def _reach(module: Module, run: Run) -> Reach:
    """What leads to a parse call and to pieces, through what is imported too."""
    parsing, handing = imported_names(module)
    return reach_of(module.text.encode("utf-8", "surrogatepass"), map(str.encode, parsing), map(str.encode, handing))


def _entries(module: Module, run: Run, reach: Reach | None) -> Iterator[Callable[[], None]]:
    if body_reaches_parse(module):
        yield _body_entry(module, run)
    heirs = cache(lambda: _heirs(module))
    for node, cls in module.outline.outermost:
        if not reaches_parse(node, module):
            continue
        if cls is not None:
            yield from _template_entries(node, cls, module, run)
        if reach is not None and not reach.leads_to_both(node.lineno, node.end_lineno or node.lineno):
            continue
        if run.everything or may_yield(node, module):
            yield _function_entry(node, cls, module, run)
            if cls is not None:
                yield from _inherited_entries(node, cls, heirs().get(cls, ()), run)


def _template_entries(node: FunctionDef, cls: ast.ClassDef, module: Module, run: Run) -> Iterator[Callable[[], None]]:
    """The methods of a base in another module that call a method which this class overrides."""
    owner = OwnClass(cls, Closure(module.frame()))
    for base in lineage(owner)[1:]:
        if not isinstance(base, OwnClass) or base.closure.frame.module is module:
            continue
        home = base.closure.frame.module
        for method in home.table(base.node).methods.values():
            if method.name != node.name and home.outline.says(method, f"self.{node.name}"):
                yield _template_entry(Function(method, base.closure, Own(owner)), run)


def _heirs(module: Module) -> dict[ast.ClassDef, list[OwnClass]]:
    """The classes of a file that are derived from each class in it."""
    found: dict[ast.ClassDef, list[OwnClass]] = {}
    for node in module.outline.classes:
        if node.bases:
            owner = OwnClass(node, Closure(module.frame()))
            for base in lineage(owner)[1:]:
                if isinstance(base, OwnClass):
                    found.setdefault(base.node, []).append(owner)
    return found


def _inherited_entries(
    node: FunctionDef, cls: ast.ClassDef, heirs: Iterable[OwnClass], run: Run
) -> Iterator[Callable[[], None]]:
    """A method as classes of the same file inherit it that override something which its own class calls."""
    for owner in heirs:
        found = find_method(owner, node.name)
        if found is None or found[1] is not node:
            continue
        module = owner.closure.frame.module
        overriding = {name for one in _below(cls, owner) for name in module.table(one).methods}
        if any(module.outline.says(cls, f"self.{name}") for name in overriding):
            yield _template_entry(Function(node, found[0].closure, Own(owner)), run)


def _below(cls: ast.ClassDef, owner: OwnClass) -> Iterator[ast.ClassDef]:
    """The classes of the same file that a lineage goes through before it comes to one."""
    for current in lineage(owner):
        if not isinstance(current, OwnClass) or current.node is cls:
            return
        if current.closure.frame.module is owner.closure.frame.module:
            yield current.node


def _template_entry(function: Function, run: Run) -> Callable[[], None]:
    def enter() -> None:
        run.look_at(function)

    return enter


def _body_entry(module: Module, run: Run) -> Callable[[], None]:
    def enter() -> None:
        run.once(module, body)

    def body() -> Value:
        frame = Frame(run, module, module.tree, ())
        execute(module.tree.body, frame)
        frame.done = True
        return UNKNOWN

    return enter


def _function_entry(node: FunctionDef, cls: ast.ClassDef | None, module: Module, run: Run) -> Callable[[], None]:
    def enter() -> None:
        closure = Closure(module.frame())
        if cls is None:
            run.look_at(Function(node, closure))
            return
        owner = OwnClass(cls, closure)
        function = method_value(node, owner, Own(owner))
        assert isinstance(function, Function)
        parameters = _handed_over(function, owner, module, run)
        if parameters:
            run.once((function.node, *parameters), lambda: run_function(function, None, run, parameters))
        elif _is_called_again(function, owner):
            run.once((function.node, ast.While), lambda: run_function(function, None, run, {}, again=True))
        else:
            run.look_at(function)

    return enter


def _handed_over(function: Function, owner: OwnClass, module: Module, run: Run) -> dict[str, Value]:
    """What a library hands to a method that overrides one of its callbacks."""
    node = function.node
    if isinstance(node, ast.Lambda):
        return {}
    for base in lineage(owner):
        if isinstance(base, TypeInfo):
            for row in base.callbacks.get(node.name, ()):
                place = row.parameter if isinstance(row.parameter, int) else 0
                found = callback_value(node, place, function.bound is not None, row, base, module, run)
                if found is not None:
                    return dict([found])
    return {}


def _is_called_again(function: Function, owner: OwnClass) -> bool:
    """Whether a library calls a method whenever something can be read."""
    bases = [base for base in lineage(owner) if isinstance(base, TypeInfo)]
    name = getattr(function.node, "name", "")
    return any(row.what is None for base in bases for row in base.callbacks.get(name, ()))


def _found(run: Run, module: Module, settings: Settings | None) -> list[Finding]:
    findings = _findings(run, module, _codes(settings))
    if not findings:
        run.dissolve()
    return findings


def _findings(run: Run, module: Module, codes: frozenset[str]) -> list[Finding]:
    rules = [rule for rule in all_rules() if rule.CODE in codes]
    found: dict[object, dict[object, Finding]] = {}
    for parsed_here in run.parses.values():
        parse = parse_in(module, parsed_here, run)
        if parse is None:
            continue
        for rule in rules:
            if rule.SUBJECT == "parse":
                for finding in rule.findings(parse):
                    _keep(finding, found.setdefault(parse.node, {}))
    decoding = [rule for rule in rules if rule.SUBJECT == "decode"]
    for node, (home, value) in run.decodes.items():
        for data in alternatives(value):
            if home is module and isinstance(data, Data):
                for finding in (each for rule in decoding for each in rule.findings(Decode(node, data, home))):
                    _keep(finding, found.setdefault((node, finding.code), {}))
    return sorted(map(_together, found.values()), key=lambda finding: (finding.span, finding.code))


def _keep(finding: Finding, of_call: dict[object, Finding]) -> None:
    """Keep the strongest rule that reports a source."""
    key = (finding.source, finding.source_path)
    known = of_call.get(key)
    if known is None or finding.code < known.code:
        of_call[key] = finding


def _together(of_call: dict[object, Finding]) -> Finding:
    """One finding for one call, by the strongest rule; what else reaches that call goes with it."""
    first, *others = sorted(
        of_call.values(), key=lambda finding: (finding.code, finding.source_path or "", finding.source)
    )
    return replace(first, also=tuple(others)) if others else first
