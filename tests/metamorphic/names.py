"""Other names: imports under an alias, from-imports, renamed variables, functions and parameters."""

from __future__ import annotations

import ast
import builtins

from .shapes import Function


def _imported(tree: ast.Module) -> dict[str, ast.alias]:
    found: dict[str, ast.alias] = {}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.update({(alias.asname or alias.name): alias for alias in node.names if alias.name != "*"})
    return found


def _stored(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return names | {node.name for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)}


class _Renamed(ast.NodeTransformer):
    """Names by other names, parameters and keywords included where they are the program's own."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        self.generic_visit(node)
        node.arg = self.names.get(node.arg, node.arg)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self.names.get(node.name, node.name)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self.names.get(node.name, node.name)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.name = self.names.get(node.name, node.name)
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        node.names = [self.names.get(known, known) for known in node.names]
        return node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.AST:
        node.names = [self.names.get(known, known) for known in node.names]
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        if node.name:
            node.name = self.names.get(node.name, node.name)
        return node

    def visit_MatchAs(self, node: ast.MatchAs) -> ast.AST:
        self.generic_visit(node)
        if node.name:
            node.name = self.names.get(node.name, node.name)
        return node

    def visit_MatchStar(self, node: ast.MatchStar) -> ast.AST:
        if node.name:
            node.name = self.names.get(node.name, node.name)
        return node


def import_aliases(tree: ast.Module) -> bool:
    """`import json as json_`, `from requests import get as get_`."""
    stored = _stored(tree)
    names: dict[str, str] = {}
    for known, alias in _imported(tree).items():
        if known not in stored and "." not in known and known not in ("annotations",):
            names[known] = alias.asname = f"{known}_"
    _Renamed(names).visit(tree)
    return bool(names)


def from_imports(tree: ast.Module) -> bool:
    """`from json import loads as json_loads` for `import json`."""
    stored, changed = _stored(tree), False
    for statement in list(tree.body):
        if not isinstance(statement, ast.Import):
            continue
        for alias in list(statement.names):
            known = alias.asname or alias.name
            if known in stored or "." in known:
                continue
            uses = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == known]
            taken = _Taken(known)
            taken.visit(tree)
            if taken.kept or not taken.members:
                continue
            assert len(uses) >= len(taken.members)
            taken.change = True
            taken.visit(tree)
            names = [ast.alias(member, f"{known}_{member}") for member in sorted(taken.members)]
            statement.names.remove(alias)
            at = tree.body.index(statement)
            tree.body.insert(at + 1, ast.ImportFrom(alias.name, names, 0))
            if not statement.names:
                tree.body.remove(statement)
            changed = True
    return changed


class _Taken(ast.NodeTransformer):
    """The members that are used of a module, and whether it is used in another way."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.members: set[str] = set()
        self.kept = False
        self.change = False

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        match node:
            case ast.Attribute(value=ast.Name(id=known), attr=member, ctx=ast.Load()) if known == self.module:
                self.members.add(member)
                return ast.Name(f"{known}_{member}", ast.Load()) if self.change else node
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        self.kept = self.kept or node.id == self.module
        return node


_WITHOUT_MEMBERS = (None, "__future__", "google")


def module_imports(tree: ast.Module) -> bool:
    """`import requests as requests_` and `requests_.get` for `from requests import get`."""
    stored, changed = _stored(tree), False
    for place, statement in enumerate(tree.body):
        if (
            not isinstance(statement, ast.ImportFrom)
            or statement.level
            or statement.module in (None, "__future__", "google")
        ):
            continue
        if any(alias.name == "*" or (alias.asname or alias.name) in stored for alias in statement.names):
            continue
        assert statement.module is not None
        owner = statement.module.replace(".", "_") + "_"
        members = {alias.asname or alias.name: alias.name for alias in statement.names}
        tree.body[place] = ast.Import([ast.alias(statement.module, owner)])
        _Members(owner, members).visit(tree)
        changed = True
    return changed


class _Members(ast.NodeTransformer):
    def __init__(self, owner: str, members: dict[str, str]) -> None:
        self.owner = owner
        self.members = members

    def visit_Name(self, node: ast.Name) -> ast.AST:
        member = self.members.get(node.id)
        return node if member is None else ast.Attribute(ast.Name(self.owner, ast.Load()), member, node.ctx)


def renamed(tree: ast.Module) -> bool:
    """Variables, functions, parameters and classes have other names."""
    own = {
        known
        for known in _stored(tree)
        if known not in _imported(tree) and known not in dir(builtins) and not known.startswith("_")
    }
    methods = {
        member.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for member in node.body
        if isinstance(member, Function)
    }
    fields = {
        known
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for member in node.body
        for known in _stored(ast.Module([member], []))
        if not isinstance(member, Function)
    }
    keywords = {keyword.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for keyword in node.keywords}
    quoted = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    names = {
        known: f"{known[0]}q{number}"
        for number, known in enumerate(sorted(own - methods - fields - keywords - quoted - {"self", "cls"}))
    }
    _Renamed(names).visit(tree)
    return bool(names)
