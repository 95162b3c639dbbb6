"""Imports of the runtime helper, added where isort and Ruff would put them and a person would look for them."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypeAlias

import libcst as cst

from unchunk.codemod.notebook_cells import cell_ranges
from unchunk.codemod.syntax import bound, walk

Statement: TypeAlias = cst.SimpleStatementLine | cst.BaseCompoundStatement
_FUTURE, _STDLIB, _THIRD_PARTY, _FIRST_PARTY, _LOCAL = range(5)


def spelling(tree: ast.Module, names: Iterable[str], source: str) -> dict[str, str]:
    """Return the local name of each helper name in a module: as already imported, or else a free name."""
    imports = [
        node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == source and not node.level
    ]
    others = [node for node in tree.body if node not in imports]
    rebound = bound(others)
    known = {alias.name: alias.asname or alias.name for node in imports for alias in node.names}
    known = {name: spelt for name, spelt in known.items() if spelt not in rebound}
    read = {node.id for node in walk(others) if isinstance(node, ast.Name)}
    taken = rebound | read | bound(imports)
    return {name: known.get(name) or _free(name, taken) for name in names}


def _free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    renamed = f"unchunk_{name}" if name[0].islower() else f"Unchunk{name}"
    while renamed in taken:
        renamed += "_"
    return renamed


def first_party(path: str) -> frozenset[str]:
    """Return the top-level names of a file's project, as far as its folder shows them."""
    file = Path(path)
    if path.startswith("<") or not file.is_file():
        return frozenset()
    folder = file.resolve().parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    entries = folder.iterdir()
    return frozenset(entry.stem for entry in entries if entry.suffix == ".py" or (entry / "__init__.py").is_file())


def add(module: cst.Module, names: dict[str, str], source: str, own: frozenset[str], first: int = 0) -> cst.Module:
    """Import each name (spelt as the dict says) from `source`, unless that is done already.

    Args:
        first: in a module of parts (see `cell_ranges`) the number of the first one that uses the names.
    """
    home = _home(module.body, cell_ranges(module.body)[: first + 1], source)
    before, after = module.body[: home.start], module.body[home.stop :]
    inside = module.with_changes(body=module.body[home.start : home.stop], header=() if before else module.header)
    changed = _add(inside, names, source, own)
    return changed.with_changes(
        body=[*before, *changed.body, *after], header=module.header if before else changed.header
    )


def _home(body: Sequence[cst.CSTNode], candidates: Sequence[range], source: str) -> range:
    """Return the part where an import belongs: that of the same module's import, of `json`'s, of any, or else the
    last.
    """

    def imports_the_same(part: range) -> bool:
        return any(_import_from(body[index], source) is not None for index in part)

    def imports_json(part: range) -> bool:
        return any(_imports_module(body[index], "json") for index in part)

    def imports_something(part: range) -> bool:
        return any(_is_import(body[index]) for index in part)

    for fits in (imports_the_same, imports_json, imports_something):
        for part in reversed(candidates):
            if fits(part):
                return part
    return candidates[-1]


def _imports_module(line: cst.CSTNode, name: str) -> bool:
    match line:
        case cst.SimpleStatementLine(body=[cst.Import(names=aliases)]):
            return any(dotted(alias.name) == name for alias in aliases)
        case cst.SimpleStatementLine(body=[cst.ImportFrom(module=cst.Name(value=module), relative=[])]):
            return module == name
    return False


def _add(module: cst.Module, names: dict[str, str], source: str, own: frozenset[str]) -> cst.Module:
    body = list(module.body)
    for index, line in enumerate(body):
        if (node := _import_from(line, source)) is not None:
            missing = {name: spelt for name, spelt in names.items() if (name, spelt) not in _pairs(node)}
            body[index] = _merged(line, node, missing) if missing else line
            return module.with_changes(body=body)
    changed = _with_new_line(module, _new_import(names, source), _Key.of(source, True, own), own)
    return changed.with_changes(body=_silenced(changed.body, module.body))


def _silenced(body: Sequence[Statement], before: Sequence[Statement]) -> list[Statement]:
    """Return the statements with `noqa: E402` on the new import if its neighbours have it."""
    known = {id(line.body[0]) for line in before if isinstance(line, cst.SimpleStatementLine) and line.body}
    found = list(body)
    for index, line in enumerate(body):
        if isinstance(line, cst.SimpleStatementLine) and id(line.body[0]) not in known:
            beside = [*body[max(index - 1, 0) : index], *body[index + 1 : index + 2]]
            if any(_is_import(other) and _LATE.search(_comment_of(other)) for other in beside):
                ending = cst.TrailingWhitespace(cst.SimpleWhitespace("  "), cst.Comment("# noqa: E402"))
                found[index] = line.with_changes(trailing_whitespace=ending)
    return found


_LATE = re.compile(r"noqa:.*\bE402\b")


def _comment_of(line: cst.CSTNode) -> str:
    ending = line.trailing_whitespace if isinstance(line, cst.SimpleStatementLine) else None
    return ending.comment.value if ending is not None and ending.comment is not None else ""


class _Key(NamedTuple):
    """The sort key of an import: its section, then plain imports, then by name."""

    section: int
    is_from: bool
    name: str

    @classmethod
    def of(cls, name: str, is_from: bool, own: frozenset[str]) -> _Key:
        return cls(_section(name, own), is_from, name.lower())


def _section(name: str, own: frozenset[str]) -> int:
    root = name.split(".")[0]
    if not root:
        return _LOCAL
    if root == "__future__":
        return _FUTURE
    if root in sys.stdlib_module_names:
        return _STDLIB
    return _FIRST_PARTY if root in own else _THIRD_PARTY


def _key_of(line: cst.CSTNode, own: frozenset[str]) -> _Key | None:
    """Return the key of a line that is one import and nothing else."""
    match line:
        case cst.SimpleStatementLine(body=[cst.Import(names=[alias, *_])]):
            return _Key.of(dotted(alias.name), False, own)
        case cst.SimpleStatementLine(body=[cst.ImportFrom() as node]):
            return _Key.of("." * len(node.relative) + (dotted(node.module) if node.module else ""), True, own)
    return None


def _with_new_line(module: cst.Module, new: cst.SimpleStatementLine, key: _Key, own: frozenset[str]) -> cst.Module:
    body = list(module.body)
    barrier = _barrier(body)
    keys = _of_one_block([(index, found) for index, found in _leading_imports(body, own) if index > barrier], key)
    if not keys:
        return _first_import(module, new) if barrier < 0 else _insert_after(module, barrier, new, gap=True)
    same = [(index, found) for index, found in keys if found.section == key.section]
    if same and not (_is_sorted([found for _, found in same]) or _is_sorted([found.name for _, found in same])):
        return _insert_after(module, same[-1][0], new, gap=False)
    if same:
        by_name = not _is_sorted([found for _, found in same]) and _is_sorted([found.name for _, found in same])
        later = [index for index, found in same if (found.name > key.name if by_name else found > key)]
        if later:
            return _insert_before(module, later[0], new, start_of_section=later[0] == same[0][0])
        return _insert_after(module, same[-1][0], new, gap=False)
    earlier = [index for index, found in keys if found.section < key.section]
    if earlier:
        return _insert_after(module, earlier[-1], new, gap=True)
    return _insert_before(module, keys[0][0], new, start_of_section=True, gap=True)


def _leading_imports(body: Sequence[cst.CSTNode], own: frozenset[str]) -> list[tuple[int, _Key]]:
    """Return the imports at the head of a module, up to the first function, class or loop."""
    found = []
    for index, line in enumerate(body):
        if isinstance(line, (cst.FunctionDef, cst.ClassDef, cst.For, cst.While)):
            break
        if (key := _key_of(line, own)) is not None:
            found.append((index, key))
    return found


def _barrier(body: Sequence[cst.CSTNode]) -> int:
    """Return the index of the last statement above the definitions that affects imports; -1 if there is none."""
    barrier = -1
    for index, line in enumerate(body):
        if isinstance(line, (cst.FunctionDef, cst.ClassDef)):
            break
        if not _is_import(line) and _CHANGES_IMPORTS.search(cst.Module([]).code_for_node(line)):
            barrier = index
    return barrier


_CHANGES_IMPORTS = re.compile(r"\bsys\.path\b|\bsite\.addsitedir\b|\bpatch_all\(|\bmonkey_patch\(|\bload_entry_point\b")


def _of_one_block(keys: list[tuple[int, _Key]], key: _Key) -> list[tuple[int, _Key]]:
    """Return the imports of the first uninterrupted block with some of the section; or of the first block."""
    blocks: list[list[tuple[int, _Key]]] = []
    for index, found in keys:
        if blocks and blocks[-1][-1][0] == index - 1:
            blocks[-1].append((index, found))
        else:
            blocks.append([(index, found)])
    fitting = (block for block in blocks if any(found.section == key.section for _, found in block))
    proper = (block for block in blocks if any(found.section != _FUTURE for _, found in block))
    return next(fitting, next(proper, blocks[0] if blocks else []))


def _is_sorted(items: list[_Key] | list[str]) -> bool:
    return all(one <= other for one, other in pairwise(items))  # type: ignore[operator]


def _insert_after(module: cst.Module, index: int, new: cst.SimpleStatementLine, *, gap: bool) -> cst.Module:
    body = list(module.body)
    if gap:
        new = new.with_changes(leading_lines=[cst.EmptyLine(indent=False)])
        following = body[index + 1] if index + 1 < len(body) else None
        if following is not None and _is_import(following) and not _starts_with_blank(following):
            body[index + 1] = _with_blank(following)
    body.insert(index + 1, new)
    return module.with_changes(body=body)


def _insert_before(
    module: cst.Module, index: int, new: cst.SimpleStatementLine, *, start_of_section: bool, gap: bool = False
) -> cst.Module:
    body = list(module.body)
    old = body[index]
    assert isinstance(old, cst.SimpleStatementLine)
    if start_of_section:
        # The blank lines (and a heading comment) belong to the section, not to its first import.
        new = new.with_changes(leading_lines=old.leading_lines)
        body[index] = old.with_changes(leading_lines=[cst.EmptyLine(indent=False)] if gap else [])
    body.insert(index, new)
    return module.with_changes(body=body)


def _first_import(module: cst.Module, new: cst.SimpleStatementLine) -> cst.Module:
    """Insert the only import of a module below its docstring."""
    body = list(module.body)
    at = 1 if body and _is_docstring(body[0]) else 0
    while at < len(body) and _is_dunder(body[at]):
        at += 1
    if at:
        new = new.with_changes(leading_lines=[cst.EmptyLine(indent=False)])
    elif module.header:
        return _below_header(module, new)
    if at < len(body) and not _starts_with_blank(body[at]):
        body[at] = _with_blank(body[at])
    body.insert(at, new)
    return module.with_changes(body=body)


def _below_header(module: cst.Module, new: cst.SimpleStatementLine) -> cst.Module:
    """Insert an import below the file's header comments. Comments that touch the first statement stay with it."""
    header = list(module.header)
    own: list[cst.EmptyLine] = []
    while header and header[-1].comment is not None and not header[-1].comment.value.startswith(("#!", "# -*-")):
        own.insert(0, header.pop())
    if not header or not own:
        header, own = [*header, *own], []
    body = list(module.body)
    if header and header[-1].comment is not None:
        new = new.with_changes(leading_lines=[cst.EmptyLine(indent=False)])
    if body:
        first = body[0]
        body[0] = first.with_changes(
            leading_lines=[cst.EmptyLine(indent=False), *own, *getattr(first, "leading_lines", ())]
        )
    return module.with_changes(header=header, body=[new, *body])


def _with_blank(statement: Statement) -> Statement:
    count = 2 if isinstance(statement, (cst.FunctionDef, cst.ClassDef)) else 1
    blank = [cst.EmptyLine(indent=False)] * count
    return statement.with_changes(leading_lines=[*blank, *getattr(statement, "leading_lines", ())])


def _starts_with_blank(statement: cst.CSTNode) -> bool:
    lines: Sequence[cst.EmptyLine] = getattr(statement, "leading_lines", ())
    return bool(lines) and lines[0].comment is None


def _is_import(line: cst.CSTNode) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], (cst.Import, cst.ImportFrom))


def _is_dunder(line: cst.CSTNode) -> bool:
    """Decide whether a line is `__version__ = …` or the like, which stands above the imports (PEP 8)."""
    match line:
        case cst.SimpleStatementLine(body=[cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))])]):
            return name.startswith("__") and name.endswith("__")
    return False


def _is_docstring(line: cst.CSTNode) -> bool:
    match line:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()), *_]):
            return True
    return False


# Names


def _import_from(line: cst.CSTNode, source: str) -> cst.ImportFrom | None:
    match line:
        case cst.SimpleStatementLine(body=[cst.ImportFrom(module=cst.Name() | cst.Attribute() as module) as node]):
            if not node.relative and dotted(module) == source and not isinstance(node.names, cst.ImportStar):
                return node
    return None


def _pairs(node: cst.ImportFrom) -> set[tuple[str, str]]:
    assert not isinstance(node.names, cst.ImportStar)
    return {(dotted(alias.name), alias.evaluated_alias or dotted(alias.name)) for alias in node.names}


def _merged(line: cst.CSTNode, node: cst.ImportFrom, missing: dict[str, str]) -> cst.SimpleStatementLine:
    """Add names to an existing import, in isort's order."""
    assert isinstance(line, cst.SimpleStatementLine)
    assert not isinstance(node.names, cst.ImportStar)
    aliases = list(node.names)
    between = next((alias.comma for alias in aliases if isinstance(alias.comma, cst.Comma)), cst.MaybeSentinel.DEFAULT)
    last = aliases[-1].comma
    if len(aliases) == 1:
        between = cst.MaybeSentinel.DEFAULT
    for name, spelt in missing.items():
        at = next((i for i, alias in enumerate(aliases) if _order(dotted(alias.name)) > _order(name)), len(aliases))
        aliases.insert(at, _alias(name, spelt))
    aliases = [alias.with_changes(comma=between) for alias in aliases[:-1]] + [aliases[-1].with_changes(comma=last)]
    return line.with_changes(body=[node.with_changes(names=aliases)])


def _new_import(names: dict[str, str], source: str) -> cst.SimpleStatementLine:
    aliases = [_alias(name, names[name]) for name in sorted(names, key=_order)]
    module = cst.parse_expression(source)
    assert isinstance(module, (cst.Name, cst.Attribute))
    return cst.SimpleStatementLine([cst.ImportFrom(module=module, names=aliases)])


def _alias(name: str, spelt: str) -> cst.ImportAlias:
    asname = None if spelt == name else cst.AsName(cst.Name(spelt))
    return cst.ImportAlias(cst.Name(name), asname=asname)


def _order(name: str) -> tuple[int, str]:
    """Return the sort key of a name: constants, then classes, then the rest."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name.lower()


def dotted(node: cst.BaseExpression) -> str:
    """Return a name with dots, empty for any other expression."""
    match node:
        case cst.Name(value=value):
            return value
        case cst.Attribute(value=value, attr=cst.Name(value=attribute)):
            return f"{dotted(value)}.{attribute}"
    return ""
