"""Uses of a module's imported names by other files of its project: `mock.patch("package.module.json.loads")`."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

_ROOT_MARKS = ("pyproject.toml", "setup.cfg", "setup.py", ".git", ".hg", "tox.ini")
_OTHERS_CODE = {"__pycache__", "_build", "build", "dist", "node_modules", "site-packages", "venv"}


def project_root(file: Path) -> Path:
    """Return the nearest folder above a file that looks like a project's, or the one that holds its package."""
    folder = file.parent
    for above in (folder, *folder.parents):
        if any((above / mark).exists() for mark in _ROOT_MARKS):
            return above
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def used_outside(path: str, names: set[str]) -> set[str]:
    """Return those of the names of the module at `path` that other files of its project import, patch or read."""
    file = Path(path)
    if not names or path.startswith("<") or not file.is_file():
        return set()
    file = file.resolve()
    used: set[str] = set()
    for other in _python_files(project_root(file)):
        if names <= used:
            break
        if other != file:
            used |= _used_in(other, file.stem, names - used)
    return used


def patched(tree: ast.Module, names: set[str]) -> set[str]:
    """Return the names that texts of a module speak of as attributes of one: `"pkg.mod.json.loads"`."""
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {name for name in names for text in texts if re.match(rf"\.{name}\b|[\w.]+\.{name}\.\w+$", text)}


def _python_files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _OTHERS_CODE)
        yield from (Path(folder, name) for name in sorted(files) if name.endswith((".py", ".pyi")))


def _used_in(other: Path, stem: str, names: set[str]) -> set[str]:
    try:
        source = other.read_bytes() if other.is_file() else b""  # a pipe would be waited for
    except OSError:
        return set()
    if stem.encode() not in source or not any(name.encode() in source for name in names):
        return set()
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    called = _names_of_module(tree, stem)
    found = patched(tree, names)
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=module, names=aliases) if (module or "").rpartition(".")[2] == stem:
                imported = {alias.name for alias in aliases}
                found |= names if "*" in imported else names & imported
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if owner in called:
                found |= names & {name}
            case ast.Call(args=[ast.Name(id=owner) | ast.Attribute(attr=owner), ast.Constant(value=str() as name), *_]):
                found |= names & {name} if owner in called else set()
            case ast.Constant(value=str() as text):
                found |= {name for name in names if re.search(rf"(^|\.){re.escape(stem)}\.{name}\b", text)}
    return found


def _names_of_module(tree: ast.Module, stem: str) -> set[str]:
    """The names that a module may go by in another file."""
    aliases = [
        alias for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names
    ]
    return {stem, *(alias.asname for alias in aliases if alias.asname and alias.name.rpartition(".")[2] == stem)}
