"""Entry points of the engine: from a program to its findings."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from .catalog.index import Catalog, TypeInfo, builtin_catalog
from .catalog.user import with_user_rows
from .explanations import explain_line
from .findings import Finding
from .flow.callbacks import callback_value
from .flow.classes import find_method, lineage
from .flow.context import AnalysisContext
from .flow.frames import Closure, Frame
from .flow.functions import method_value, run_function
from .flow.modules import Module
from .flow.outline import FunctionDef
from .flow.reachability import body_reaches_sink, imported_names, reaches_sink, reaches_source
from .flow.statements import execute
from .flow.syntax import Syntax
from .flow.values import UNKNOWN, Function, StreamData, UserClass, UserInstance, Value, union_members
from .limits import note_limit
from .memory import paused_gc
from .module_resolver import ModuleResolver, syntax_of
from .prefilter import reach_of, uses_default_rules
from .reach import Reach
from .reported_elsewhere import reported_elsewhere
from .rules import all_rules, default_codes
from .settings import Settings
from .sinks import DecodeSite, parse_in
from .source import parsed, refuse_too_much, text_of

STATEMENTS_PER_STATEMENT = 60
"""Budget: average visits per statement before the analysis stops."""
MIN_BUDGET = 20_000
MAX_BUDGET = 150_000
"""Budget of statement visits in the largest of files."""
LOOKS_A_STATEMENT = 8
"""Average number of expressions in a statement that is visited so often."""
MAX_LOOKS = 700_000
"""Budget: expressions visited in any file."""
_ALL = frozenset(rule.CODE for rule in all_rules())


def check_source(
    source: str | bytes, path: str = "<string>", *, settings: Settings | None = None, follow_imports: bool = False
) -> list[Finding]:
    """Return the findings of one program, ordered by line.

    Args:
        source: the program; bytes are decoded by their cookie or byte order mark.
        path: what to call it, and where its imports are looked for.
        settings: what to report and what to know; without it the rules that are on by default.
        follow_imports: look into the modules of the same program that it imports, as far as they matter. What is parsed
            in another module is reported at the call that leads there.

    Raises:
        SourceError: it cannot be decoded or parsed.
    """
    with paused_gc():
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
    """Return the findings of a program that has been parsed already; `text` is its source.

    Raises:
        SourceError: it is too much to be looked into.
    """
    refuse_too_much(text, path)
    with paused_gc():
        run, module = _looked_at(Syntax(tree, text), path, settings, follow_imports)
        return _found(run, module, settings)


def explain(
    source: str | bytes, path: str, line: int, *, settings: Settings | None = None, follow_imports: bool = False
) -> list[str]:
    """Explain for each parse call on a line why it is reported or not, one sentence each.

    Raises:
        SourceError: it cannot be decoded or parsed.
    """
    syntax = _syntax(source, path, settings, follow_imports)
    run, module = _looked_at(syntax, path, settings, follow_imports, everything=True)
    codes = _codes(settings)
    silent, reported = (_findings(run, module, chosen) for chosen in (_ALL - codes, codes))
    return explain_line(run, module, line, reported, silent)


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
) -> tuple[AnalysisContext, Module]:
    """Analyze everything in a program that can reach a parse call."""
    codes = _codes(settings)
    decoded = any(rule.CODE in codes and rule.SUBJECT == "decode" for rule in all_rules())
    run = AnalysisContext(_catalog(settings), decoded=decoded, everything=everything)
    files = ModuleResolver(run, path, settings) if follow_imports else None
    module = Module(run, syntax, path, files.name if files else "", path.endswith("__init__.py"))
    run.modules[path] = module
    if files is not None:
        run.load_module = files.module
        run.names_that_parse = files.names_that_parse
        run.names_that_yield = files.names_that_yield
        run.parsing = files.parses
        run.yields = files.yields
        run.owns = files.owns
    run.budget = min(MAX_BUDGET, MIN_BUDGET + STATEMENTS_PER_STATEMENT * len(module.outline.statements))
    run.visits_left = min(MAX_LOOKS, LOOKS_A_STATEMENT * run.budget)
    run.run_to_fixpoint(
        _entries(module, run, None if everything or not uses_default_rules(settings) else _reach(module, run))
    )
    if len(run.modules) > 1:
        run.told = reported_elsewhere(run, module)
    if run.budget <= 0 or run.visits_left < 0:
        note_limit("too much to look into all of it: there may be more to find")
    return run, module


def _reach(module: Module, run: AnalysisContext) -> Reach:
    """Return the lines that lead to parse calls and to pieces, imports included."""
    parsing, handing = imported_names(module)
    return reach_of(module.text.encode("utf-8", "surrogatepass"), map(str.encode, parsing), map(str.encode, handing))


def _entries(module: Module, run: AnalysisContext, reach: Reach | None) -> Iterator[Callable[[], None]]:
    if body_reaches_sink(module):
        yield _body_entry(module, run)
    subclasses = cache(lambda: _heirs(module))
    for node, cls in module.outline.outermost:
        if not reaches_sink(node, module):
            continue
        if cls is not None:
            yield from _template_entries(node, cls, module, run)
        if reach is not None and not reach.leads_to_both(node.lineno, node.end_lineno or node.lineno):
            continue
        if run.everything or reaches_source(node, module):
            yield _function_entry(node, cls, module, run)
            if cls is not None:
                yield from _inherited_entries(node, cls, subclasses().get(cls, ()), run)


def _template_entries(
    node: FunctionDef, cls: ast.ClassDef, module: Module, run: AnalysisContext
) -> Iterator[Callable[[], None]]:
    """Yield the base-class methods in other modules that call a method which this class overrides."""
    owner = UserClass(cls, Closure(module.frame()))
    for base in lineage(owner)[1:]:
        if not isinstance(base, UserClass) or base.closure.frame.module is module:
            continue
        home = base.closure.frame.module
        for method in home.table(base.node).methods.values():
            if method.name != node.name and home.outline.says(method, f"self.{node.name}"):
                yield _template_entry(Function(method, base.closure, UserInstance(owner)), run)


def _heirs(module: Module) -> dict[ast.ClassDef, list[UserClass]]:
    """Map each class of a file to the classes derived from it in that file."""
    found: dict[ast.ClassDef, list[UserClass]] = {}
    for node in module.outline.classes:
        if node.bases:
            owner = UserClass(node, Closure(module.frame()))
            for base in lineage(owner)[1:]:
                if isinstance(base, UserClass):
                    found.setdefault(base.node, []).append(owner)
    return found


def _inherited_entries(
    node: FunctionDef, cls: ast.ClassDef, subclasses: Iterable[UserClass], run: AnalysisContext
) -> Iterator[Callable[[], None]]:
    """Yield a method once for each subclass in the file that overrides something its class calls."""
    for owner in subclasses:
        found = find_method(owner, node.name)
        if found is None or found[1] is not node:
            continue
        module = owner.closure.frame.module
        overriding = {name for one in _below(cls, owner) for name in module.table(one).methods}
        if any(module.outline.says(cls, f"self.{name}") for name in overriding):
            yield _template_entry(Function(node, found[0].closure, UserInstance(owner)), run)


def _below(cls: ast.ClassDef, owner: UserClass) -> Iterator[ast.ClassDef]:
    """Yield the classes of the same file that precede a class in a lineage."""
    for current in lineage(owner):
        if not isinstance(current, UserClass) or current.node is cls:
            return
        if current.closure.frame.module is owner.closure.frame.module:
            yield current.node


def _template_entry(function: Function, run: AnalysisContext) -> Callable[[], None]:
    def enter() -> None:
        run.analyze_function(function)

    return enter


def _body_entry(module: Module, run: AnalysisContext) -> Callable[[], None]:
    def enter() -> None:
        run.memoize(module, body)

    def body() -> Value:
        frame = Frame(run, module, module.tree, ())
        execute(module.tree.body, frame)
        frame.done = True
        return UNKNOWN

    return enter


def _function_entry(
    node: FunctionDef, cls: ast.ClassDef | None, module: Module, run: AnalysisContext
) -> Callable[[], None]:
    def enter() -> None:
        closure = Closure(module.frame())
        if cls is None:
            run.analyze_function(Function(node, closure))
            return
        owner = UserClass(cls, closure)
        function = method_value(node, owner, UserInstance(owner))
        assert isinstance(function, Function)
        parameters = _handed_over(function, owner, module, run)
        if parameters:
            run.memoize((function.node, *parameters), lambda: run_function(function, None, run, parameters))
        elif _is_called_again(function, owner):
            run.memoize((function.node, ast.While), lambda: run_function(function, None, run, {}, again=True))
        else:
            run.analyze_function(function)

    return enter


def _handed_over(function: Function, owner: UserClass, module: Module, run: AnalysisContext) -> dict[str, Value]:
    """Return the parameters that a library passes to a method overriding one of its callbacks."""
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


def _is_called_again(function: Function, owner: UserClass) -> bool:
    """Decide whether a library calls a method whenever something can be read."""
    bases = [base for base in lineage(owner) if isinstance(base, TypeInfo)]
    name = getattr(function.node, "name", "")
    return any(row.what is None for base in bases for row in base.callbacks.get(name, ()))


def _found(run: AnalysisContext, module: Module, settings: Settings | None) -> list[Finding]:
    findings = _findings(run, module, _codes(settings))
    if not findings:
        run.release()
    return findings


def _findings(run: AnalysisContext, module: Module, codes: frozenset[str]) -> list[Finding]:
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
        for data in union_members(value):
            if home is module and isinstance(data, StreamData):
                for finding in (each for rule in decoding for each in rule.findings(DecodeSite(node, data, home))):
                    _keep(finding, found.setdefault((node, finding.code), {}))
    return sorted(map(_together, found.values()), key=lambda finding: (finding.span, finding.code))


def _keep(finding: Finding, of_call: dict[object, Finding]) -> None:
    """Keep the strongest rule that reports a source."""
    key = (finding.source, finding.source_path)
    known = of_call.get(key)
    if known is None or finding.code < known.code:
        of_call[key] = finding


def _together(of_call: dict[object, Finding]) -> Finding:
    """Merge the findings of one call into one, by the strongest rule; the others become alternatives."""
    first, *others = sorted(
        of_call.values(), key=lambda finding: (finding.code, finding.source_path or "", finding.source)
    )
    return replace(first, alternatives=tuple(others)) if others else first
