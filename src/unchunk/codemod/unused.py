"""Imports that a fix leaves unused: removed, unless code that no linter sees needs them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import libcst as cst

from unchunk.codemod.blocks import comments_in, lines_of
from unchunk.codemod.imports import Statement, dotted
from unchunk.codemod.outside import patched, used_outside
from unchunk.codemod.syntax import scoped_loads

_UNUSED = "# noqa: F401"
_READS_TEXT = ("TypeVar", "cast", "eval", "exec", "repeat", "timeit")
"""Functions that are given code, or the name of a type, as text."""


def remove_unused(module: cst.Module, path: str, before: str) -> cst.Module:
    """Drop the imports that lost their use; mark those that something else needs.

    Tests may patch a name of the module, others may import it from there, and doctests read it: such an import stays,
    and gets a `noqa`. What a package's `__init__` imports is for others.
    """
    if Path(path).name == "__init__.py":
        return module
    old, new = ast.parse(before), ast.parse(module.code)
    imported = _imported(new)
    gone = _used(old, imported) - _used(new, imported)
    lost = _names_of_functions(old)
    for function, names in _names_of_functions(new).items():
        lost[function] = lost.get(function, set()) - names
    if not gone and _imported_in_functions(new).isdisjoint(set().union(*lost.values())):
        return module
    needed = _in_doctests(new, gone) | patched(new, gone) | used_outside(path, gone)
    remover = _Remover(gone, needed, lost)
    changed = module.visit(remover)
    return changed if remover.found else module


def _imported(tree: ast.Module) -> set[str]:
    """Return the names that the module's own imports bind."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    pending: list[ast.AST] = [tree]
    found: set[str] = set()
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        elif not isinstance(node, functions):
            pending += ast.iter_child_nodes(node)
    return found


def _imported_in_functions(tree: ast.Module) -> set[str]:
    """Return the names that imports bind anywhere but in the module itself."""
    imports = (node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) and node.col_offset)
    return {alias.asname or alias.name.split(".")[0] for node in imports for alias in node.names}


def _used(tree: ast.Module, names: set[str]) -> set[str]:
    """Return the module's names that are read anywhere, or mentioned where code or a type is text, or in `__all__`."""
    return {load.id for load in scoped_loads(tree, names)} | (names & set().union(*_mentions(tree)))


def _mentions(tree: ast.Module) -> Iterator[set[str]]:
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
                yield _words(annotation)
            case (
                ast.FunctionDef(returns=ast.expr() as annotation)
                | ast.AsyncFunctionDef(returns=ast.expr() as annotation)
            ):
                yield _words(annotation)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _READS_TEXT:
                yield _words(node)
            case ast.Subscript(value=ast.Call(func=ast.Name(id="globals"))):
                yield _words(node.slice)
            case (
                ast.Assign(targets=[ast.Name(id="__all__")], value=value)
                | ast.AugAssign(target=ast.Name(id="__all__"), value=value)
            ):
                yield _words(value)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield set(names)


def _in_doctests(tree: ast.Module, names: set[str]) -> set[str]:
    """Return the names that examples in a module's texts read: `>>> json.dumps(…)`."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    examples = [line for text in texts if ">>>" in text for line in text.splitlines()]
    read = {word for line in examples if re.match(r"\s*(>>>|\.\.\.)", line) for word in re.findall(r"\w+", line)}
    return names & read


def _names_of_functions(tree: ast.Module) -> dict[tuple[str, ...], set[str]]:
    """Return the names that each function reads, by its qualified name.

    What an inner function reads may be what the outer one has imported.
    """
    found: dict[tuple[str, ...], set[str]] = {}

    def collect(node: ast.AST, around: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    collect(child, (*around, name))
                    continue
                case ast.Name(id=name):
                    for depth in range(1, len(around) + 1):
                        found.setdefault(around[:depth], set()).add(name)
                case ast.Global(names=names) | ast.Nonlocal(names=names):
                    found.setdefault(around, set()).update(names)
            collect(child, around)

    collect(tree, ())
    return found


def _words(node: ast.AST) -> set[str]:
    return {
        word
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        for word in re.findall(r"\w+", part.value)
    }


class _Remover(cst.CSTTransformer):
    """Removes import aliases whose name has lost its use.

    Args:
        gone: the names of the module that are used no more.
        needed: those of them that have to stay all the same.
        lost: the names that each function used and uses no more.
    """

    def __init__(self, gone: set[str], needed: set[str], lost: dict[tuple[str, ...], set[str]]) -> None:
        super().__init__()
        self.gone = gone
        self.needed = needed
        self.lost = lost
        self.found = False
        self._around: list[str] = []
        self._functions = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._around.append(node.name.value)
        self._functions += 1

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        self._around.pop()
        self._functions -= 1
        return updated_node

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self._around.append(node.name.value)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> cst.ClassDef:
        self._around.pop()
        return updated_node

    def visit_Try(self, node: cst.Try) -> bool:
        return not _is_fallback(node)

    def visit_If(self, node: cst.If) -> bool:
        return bool(self._functions)  # in a module it chooses what to import

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        return updated_node.with_changes(body=self._block(updated_node.body))

    def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> cst.BaseSuite:
        body = self._block([part for part in updated_node.body if isinstance(part, Statement)])
        return updated_node.with_changes(body=body) if body else updated_node

    def _block(self, body: Sequence[Statement]) -> list[Statement]:
        kept: list[Statement] = []
        orphaned: list[cst.EmptyLine] | None = None
        for statement in body:
            left = self._left(statement)
            if left is not statement:
                self.found = True
            if not left:
                said = [comment for comment in _inner_comments(statement) if not _OF_ITS_LINE.fullmatch(comment.value)]
                lines = [*statement.leading_lines, *lines_of(said)]
                orphaned = lines if orphaned is None else [*orphaned, *_comments_of(lines)]
                continue
            first, *others = left if isinstance(left, list) else [left]
            if orphaned is not None:
                first = _adopt(first, orphaned, first=not kept)
                orphaned = None
            kept += [first, *others]
        if orphaned is not None and _comments_of(orphaned):
            return [*body]  # nothing follows that could be told what was said
        return kept

    def _left(self, statement: Statement) -> Statement | list[Statement]:
        """Return what is left of a statement; an empty list if nothing is."""
        if not isinstance(statement, cst.SimpleStatementLine):
            return statement
        if any(_speaks_for_it(comment) for comment in comments_in(statement)):
            return statement
        parts = [self._part(node) for node in statement.body]
        if any(needed for _, needed in parts):
            statement = _marked(statement)
        left = [node for node, _ in parts if node is not None]
        if left == [*statement.body]:
            return statement
        if not left:
            return []
        if left[-1] is not statement.body[-1]:
            left[-1] = left[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
        return statement.with_changes(body=left)

    def _part(self, node: cst.BaseSmallStatement) -> tuple[cst.BaseSmallStatement | None, bool]:
        """Return what is left of an import, and whether a name in it stays for others only."""
        if not isinstance(node, (cst.Import, cst.ImportFrom)) or isinstance(node.names, cst.ImportStar):
            return node, False
        going = [alias for alias in node.names if self._goes(node, alias)]
        needed = [alias for alias in going if _spelt(alias) in self.needed and not self._functions]
        going = [alias for alias in going if alias not in needed]
        if len(going) == len(node.names):
            return None, bool(needed)
        return _without(node, going) if going else node, bool(needed)

    def _goes(self, node: cst.Import | cst.ImportFrom, alias: cst.ImportAlias) -> bool:
        spelt = _spelt(alias)
        lost = self.lost.get(tuple(self._around), set()) if self._functions else self.gone
        is_for_others = alias.evaluated_alias == dotted(alias.name)  # `import x as x`
        return spelt in lost and not is_for_others


def _spelt(alias: cst.ImportAlias) -> str:
    return alias.evaluated_alias or dotted(alias.name).split(".")[0]


def _marked(statement: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    """Add a comment to the import that keeps linters from finding it unused."""
    trailing = statement.trailing_whitespace
    said = f"{trailing.comment.value}  " if trailing.comment is not None else ""
    comment = cst.Comment(said + _UNUSED)
    return statement.with_changes(
        trailing_whitespace=trailing.with_changes(whitespace=cst.SimpleWhitespace("  "), comment=comment)
    )


def _without(node: cst.Import | cst.ImportFrom, going: Sequence[cst.ImportAlias]) -> cst.Import | cst.ImportFrom:
    """Drop some names of an import; comments about them stay, on lines of their own."""
    assert not isinstance(node.names, cst.ImportStar)
    kept: list[cst.ImportAlias] = []
    opening = node.lpar if isinstance(node, cst.ImportFrom) else None
    before = opening.whitespace_after if opening is not None else None
    for alias in node.names:
        gap = alias.comma.whitespace_after if isinstance(alias.comma, cst.Comma) else None
        if alias not in going:
            kept.append(alias)
            before = gap
            continue
        merged = _merged(before, gap)
        if kept:
            comma = kept[-1].comma
            is_last = alias is node.names[-1] and not isinstance(alias.comma, cst.Comma)
            if is_last or not isinstance(comma, cst.Comma):
                kept[-1] = kept[-1].with_changes(comma=alias.comma)
            elif merged is not None:
                kept[-1] = kept[-1].with_changes(comma=comma.with_changes(whitespace_after=merged))
        elif opening is not None and merged is not None:
            opening = opening.with_changes(whitespace_after=merged)
        before = merged
    return node.with_changes(names=kept) if opening is None else node.with_changes(names=kept, lpar=opening)


def _merged(
    before: cst.BaseParenthesizableWhitespace | None, gap: cst.BaseParenthesizableWhitespace | None
) -> cst.BaseParenthesizableWhitespace | None:
    """Merge the whitespace and comments around a removed name."""
    if not isinstance(gap, cst.ParenthesizedWhitespace):
        return before
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return gap
    said = [line.with_changes(whitespace=before.last_line) for line in lines_of(comments_in(gap.first_line))]
    lines = [*before.empty_lines, *said, *gap.empty_lines]
    return before.with_changes(empty_lines=lines, last_line=gap.last_line, indent=gap.indent)


_OF_ITS_LINE = re.compile(r"# *noqa: *[A-Z]+\d+(?:[ ,]+[A-Z]+\d+)*", re.IGNORECASE)
"""A comment that silences linters on its line, and says no more."""


def _speaks_for_it(comment: cst.Comment) -> bool:
    """Decide whether a comment keeps an import on purpose: linters are told to leave it alone."""
    return "noqa" in comment.value and not (_OF_ITS_LINE.fullmatch(comment.value) and "F401" not in comment.value)


def _inner_comments(statement: Statement) -> list[cst.Comment]:
    above = {id(comment) for line in statement.leading_lines for comment in comments_in(line)}
    return [comment for comment in comments_in(statement) if id(comment) not in above]


def _comments_of(lines: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    return [line for line in lines if line.comment is not None]


def _is_fallback(node: cst.Try) -> bool:
    """Decide whether a parser is optional: only imports are tried, or a failed import is caught."""
    body = node.body.body if isinstance(node.body, cst.IndentedBlock) else ()
    only_imports = all(
        isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], (cst.Import, cst.ImportFrom))
        for line in body
    )
    caught = " ".join(cst.Module([]).code_for_node(handler.type) for handler in node.handlers if handler.type)
    return only_imports or "ImportError" in caught or "ModuleNotFoundError" in caught


def _adopt(statement: Statement, orphaned: Sequence[cst.EmptyLine], *, first: bool) -> Statement:
    """Move the lines above a removed import to the next statement; only the comments if it has lines of its own."""
    own = list(getattr(statement, "leading_lines", ()))
    if not own:
        return statement.with_changes(leading_lines=orphaned)
    if first:
        while own and own[0].comment is None:
            own.pop(0)
    above = orphaned if own and own[0].comment is not None else _comments_of(orphaned)
    return statement.with_changes(leading_lines=[*above, *own])
