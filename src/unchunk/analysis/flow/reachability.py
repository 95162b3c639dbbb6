"""Reachability of parse calls and of pieces: which functions are worth analyzing."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from unchunk.analysis.prefilter import DECODERS, FILES, has_source_from

from .outline import MAX_CHAIN, covering, is_covered, stands_in
from .parse_calls import WRAPPERS

if TYPE_CHECKING:
    from .modules import Module
    from .outline import Outline


def reaches_sink(node: ast.AST, module: Module) -> bool:
    """Decide whether the function contains a parse call, or mentions a function that does."""
    return stands_in(module.parsing_lines, node)


def reaches_source(node: ast.AST, module: Module) -> bool:
    """Decide whether the function mentions something that returns pieces, or can reach it."""
    return stands_in(module.yielding_lines, node)


def body_reaches_sink(module: Module) -> bool:
    """Decide whether the module's own statements can reach a parse call."""
    outermost = sorted((node.lineno, node.end_lineno or node.lineno) for node, _ in module.outline.outermost)
    at = 0
    for line in module.parsing_lines:
        while at < len(outermost) and outermost[at][1] < line:
            at += 1
        if at == len(outermost) or line < outermost[at][0]:
            return True
    return False


def sink_lines(module: Module) -> list[int]:
    """Return the lines mentioning a parser, a function that leads to one, or a class with such a method: whoever makes
    an instance may pass it what the method parses.
    """
    names = _parser_names(module) | module.imported_parsers
    outline = module.outline
    names = outline.callers(names)
    lines = outline.words.lines_of_any(names)
    classes = {node.name for node in outline.classes if stands_in(lines, node)} - names
    return sorted({*lines, *outline.words.lines_of_any(classes)}) if classes else lines


def source_lines(module: Module) -> list[int]:
    """Return the lines mentioning something that may return pieces, or a function or attribute leading there."""
    words = set(module.run.catalog.words_of_anything) | _imported_words(module)
    outline = module.outline
    for _ in range(MAX_CHAIN):
        lines = outline.words.lines_of_any(words)
        more = {name for name in outline.callers_of(lines) if name not in words}
        more |= {name for name in _assigned_at(lines, module) if name not in words}
        if not more:
            break
        words |= more
    lines = outline.words.lines_of_any(words)
    shared = {*lines, *_sharing(lines, module), *_in_globals(lines, module)}
    return sorted({*shared, *_methods_under(lines, module), *_methods_handed(lines, module)})


def _in_globals(lines: list[int], module: Module) -> list[int]:
    """Return the lines mentioning globals that functions containing some lines change."""
    changing = module.syntax.changing.items()
    names = [name for name, functions in changing if any(stands_in(lines, node) for node, _ in functions)]
    return module.outline.words.lines_of_any(names)


def _sharing(lines: list[int], module: Module) -> Iterator[int]:
    """Yield the methods of the classes containing some lines, and of their subclasses: they share `self`."""
    holding = {node.name for node in module.outline.classes if stands_in(lines, node)}
    if not holding:
        return
    own = {node.name: node for node in module.outline.classes}
    subclasses: dict[str, list[ast.ClassDef]] = {}
    for node in module.outline.classes:
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in own:
                subclasses.setdefault(base.id, []).append(node)
    holders = [node for node in module.outline.classes if node.name in holding]
    sharing = set(_reached(holders, lambda node: subclasses.get(node.name, []) if own[node.name] is node else []))
    yield from (node.lineno for node, cls in module.outline.functions if cls in sharing)


def _methods_under(lines: list[int], module: Module) -> Iterator[int]:
    """Yield the methods of classes whose bases are mentioned on some lines: what they inherit may return pieces."""
    derived = {node for node in module.outline.classes if any(stands_in(lines, base) for base in node.bases)}
    return (node.lineno for node, cls in module.outline.functions if cls in derived)


def _methods_handed(lines: list[int], module: Module) -> Iterator[int]:
    """Yield the methods of classes named in functions containing some lines: those functions may pass data to them."""
    outline = module.outline
    if not outline.classes:
        return
    users = covering(node for node, _ in outline.functions if stands_in(lines, node))
    named = {node.name for node in outline.classes if _is_named(node, users, outline)}
    own = {node.name: node for node in outline.classes}
    for cls in _with_bases([own[name] for name in named], own):
        yield from (item.lineno for item in cls.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef))


def _is_named(node: ast.ClassDef, users: list[tuple[int, int]], outline: Outline) -> bool:
    """Decide whether a class is named within some line ranges; its own lines share `self` anyway."""
    last = node.end_lineno or node.lineno
    for line in outline.words.lines_of(node.name):
        outside = line if not node.lineno <= line <= last else node.lineno
        if is_covered(outside, users):
            return True
    return False


def _with_bases(classes: Iterable[ast.ClassDef], own: dict[str, ast.ClassDef]) -> list[ast.ClassDef]:
    def bases(cls: ast.ClassDef) -> list[ast.ClassDef]:
        return [own[base.id] for base in cls.bases if isinstance(base, ast.Name) and base.id in own]

    return _reached(classes, bases)


def _reached(
    classes: Iterable[ast.ClassDef], ways: Callable[[ast.ClassDef], Iterable[ast.ClassDef]]
) -> list[ast.ClassDef]:
    """Return the classes reachable through `ways`, each once."""
    found = dict.fromkeys(classes)
    pending = list(found)
    while pending:
        for cls in ways(pending.pop()):
            if cls not in found:
                found[cls] = None
                pending.append(cls)
    return list(found)


def _imported_words(module: Module) -> set[str]:
    """Return the names by which a file uses the clients and program modules that it imports."""
    catalog, run = module.run.catalog, module.run
    source = module.text.encode("utf-8", "surrogatepass")
    handed_on = any(run.has_module(dotted) for dotted in _imports(module))
    hands_out = cache(lambda root: handed_on or has_source_from(source, root))
    words = set(catalog.members_of("builtins")) if has_source_from(source, "builtins") else set()
    for node in module.outline.imports:
        match node:
            case ast.Import(names=aliases):
                for alias in aliases:
                    members = catalog.members_of(alias.name)
                    if members and (_is_added(alias.name, module) or hands_out(_root(alias.name))):
                        words.update(_of(alias.asname or alias.name, members, module))
            case ast.ImportFrom(names=aliases):
                owner = module.absolute(node)
                known = catalog.knows(_root(owner))
                if known and not _is_added(owner, module) and not hands_out(_root(owner)):
                    continue
                for alias in aliases:
                    if alias.name == "*":
                        words.update(catalog.members_of(owner), run.yielding_names(owner))
                        continue
                    name = alias.asname or alias.name
                    inner = f"{owner}.{alias.name}"
                    if _is_of_use(inner, module) if known else run.may_yield(owner, alias.name):
                        words.add(name)
                    words.update(_of(name, catalog.members_of(inner), module))
    words.update(f"{here}.{member}" for dotted, here, member in module.members_used if run.may_yield(dotted, member))
    return words


def _of(name: str, members: Iterable[str], module: Module) -> Iterator[str]:
    """Yield the spellings of a member access: `requests.get`, or by `getattr`."""
    yield from (f"{name}.{member}" for member in members)
    if "getattr" in module.text:
        yield from (member for member in members if member.isidentifier())


def _is_of_use(dotted: str, module: Module) -> bool:
    """Decide whether the catalog has rows for a client's member, or for something inside it."""
    catalog = module.run.catalog
    return catalog.find(dotted) is not None or bool(catalog.members_of(dotted))


def _is_added(dotted: str, module: Module) -> bool:
    return _root(dotted) in module.run.catalog.added


def _root(dotted: str) -> str:
    return dotted.partition(".")[0]


def _assigned_at(lines: list[int], module: Module) -> Iterator[str]:
    """Yield the attributes and global names assigned on some lines."""
    for node in module.outline.assignments:
        match node:
            case ast.Assign(targets=targets) if stands_in(lines, node):
                for target in targets:
                    yield from _lasting_names(target, module)
            case ast.AnnAssign(target=target) if stands_in(lines, node):
                yield from _lasting_names(target, module)


def _lasting_names(target: ast.expr, module: Module) -> Iterator[str]:
    match target:
        case ast.Attribute(attr=name):
            yield name
        case ast.Name(id=name) if name in module.bindings:
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _lasting_names(part, module)


def _imports(module: Module) -> Iterator[str]:
    """Yield the dotted names that a file imports from, and imported names that may be modules."""
    for node in module.outline.imports:
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases)
            case ast.ImportFrom(names=aliases):
                owner = module.absolute(node)
                yield owner
                yield from (f"{owner}.{alias.name}" for alias in aliases)


def imported_names(module: Module) -> tuple[set[str], set[str]]:
    """Return the names from other program modules that lead to a parse call, and those that may return pieces."""
    run = module.run
    clients = any(run.catalog.members_of(dotted) for dotted in _imports(module))
    handing = {member for dotted, _, member in module.members_used if run.may_yield(dotted, member)}
    for node in module.outline.imports:
        if isinstance(node, ast.ImportFrom):
            owner = module.absolute(node)
            if run.catalog.knows(_root(owner)):
                continue
            handed_on = clients and run.has_module(owner)  # a client may be handed to what uses it
            names = (alias for alias in node.names if handed_on or run.may_yield(owner, alias.name))
            handing.update(alias.asname or alias.name for alias in names if alias.name != "*")
            if any(alias.name == "*" for alias in node.names):
                handing |= run.yielding_names(owner)
    return module.imported_parsers, handing


def imported_sinks(module: Module) -> set[str]:
    """Return the local names of what leads to a parse call in other program modules."""
    run = module.run
    names = {name for dotted in _imports(module) for name in run.parsing_names(dotted)}
    names.update(member for dotted, _, member in module.members_used if run.may_parse(dotted, member))
    for node in module.outline.imports:
        if isinstance(node, ast.ImportFrom):
            owner = module.absolute(node)
            names.update(alias.asname or alias.name for alias in node.names if run.may_parse(owner, alias.name))
    return names


def members_used(module: Module) -> Iterator[tuple[str, str, str]]:
    """Yield the members used of program modules: the module, its local name, and the member."""
    for node in module.outline.imports:
        for alias in node.names:
            dotted = alias.name if isinstance(node, ast.Import) else f"{module.absolute(node)}.{alias.name}"
            if module.run.has_module(dotted):
                here = alias.asname or alias.name
                for member in sorted(set(re.findall(rf"\b{re.escape(here)}\.(\w+)", module.text))):
                    yield dotted, here, member


def _parser_names(module: Module) -> set[str]:
    """Return the local names of parsers, renamed imports and plain aliases (`loads = orjson.loads`) included."""
    roots = frozenset(map(_root, _imports(module)))
    names = module.run.catalog.parser_names(roots) | WRAPPERS
    if module.run.decoded:
        names.add("decode")
    elif not module.run.catalog.added and not any(word in module.text for word in DECODERS):
        names.discard("decode")  # the one of bytes, unless another module of the program makes a decoder
    if not any(word in module.text for word in FILES):
        names.discard("load")
    for imported in module.outline.imports:
        names.update(alias.asname for alias in imported.names if alias.asname and alias.name in names)
    for node in module.outline.assignments:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute(attr=known)) if known in names:
                names.add(name)
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Attribute(attr=known)) if known in names:
                names.add(name)
    return names
