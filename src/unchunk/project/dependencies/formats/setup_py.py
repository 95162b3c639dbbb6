"""`setup.py`, of setuptools, with literal lists. Computed ones are left to people.

See https://setuptools.pypa.io/en/latest/userguide/dependency_management.html
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.formats.pep621 import is_static
from unchunk.project.dependencies.plan import CannotEdit
from unchunk.project.dependencies.requirement import Entry, Needed, entry, styled
from unchunk.project.dependencies.slots import DependencyTarget, Kind, Place, Role, Unwritable, role_of_group
from unchunk.project.dependencies.text import BracketList, Document, Insertion

PRIORITY = 24
KIND = Kind.PACKAGE

_REQUIRES = "install_requires"


def places(folder: Folder) -> Iterator[Place]:
    """Yield the package's dependencies and its extras, unless pyproject.toml has them."""
    document = folder.document("setup.py")
    if document is None or is_static(folder):
        return
    script = _Script.read(document)
    if script is None:
        return
    given = script.keyword(_REQUIRES)
    if given is not None or not _has_options(folder):
        yield script.slot(_REQUIRES, given, Role.RUNTIME)
    if isinstance(extras := script.keyword("extras_require"), ast.Dict):
        for key, value in zip(extras.keys, extras.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(value, ast.List | ast.Tuple):
                extra = str(key.value)
                yield script.slot(f"extras_require[{extra!r}]", value, role_of_group(extra), extra)


def has_install_requires(folder: Folder) -> bool:
    """Decide whether setup.py sets the package's dependencies, in whatever way."""
    document = folder.document("setup.py")
    script = _Script.read(document) if document else None
    return script is not None and (script.keyword(_REQUIRES) is not None or script.is_open)


def _has_options(folder: Folder) -> bool:
    config = folder.document("setup.cfg")
    return config is not None and re.search(r"^\[options\]", config.text, re.MULTILINE) is not None


@dataclass(frozen=True, slots=True)
class _Script:
    """A setup.py: its tree and its one call of `setup`."""

    document: Document
    tree: ast.Module
    call: ast.Call

    @classmethod
    def read(cls, document: Document) -> _Script | None:
        """Parse the script; None where it does not call `setup`.

        Raises:
            Obstacle: it is not Python, or calls `setup` in several places.
        """
        try:
            tree = ast.parse(document.text)
        except (SyntaxError, ValueError) as error:
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            line = error.lineno if isinstance(error, SyntaxError) else None
            raise CannotEdit(document.path, line, f"is not valid Python ({reason})") from error
        except (RecursionError, MemoryError) as error:
            raise CannotEdit(document.path, None, "is not valid Python (nested too deeply)") from error
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node.func)]
        if len(calls) > 1:
            raise CannotEdit(document.path, calls[1].lineno, "calls setup() in several places")
        return cls(document, tree, calls[0]) if calls else None

    @property
    def is_open(self) -> bool:
        """Decide whether the call takes keywords from elsewhere (`**options`)."""
        return any(keyword.arg is None for keyword in self.call.keywords)

    def keyword(self, name: str) -> ast.expr | None:
        """Return the call's value for `name`; a name bound once, to a list, stands for that list."""
        for keyword in self.call.keywords:
            if keyword.arg == name:
                return self._resolved(keyword.value)
        return None

    def slot(self, where: str, value: ast.expr | None, role: Role, name: str = "") -> Place:
        """Return the slot in a list, in a new keyword where there is none, or the obstacle."""
        if value is None:
            return self._new_keyword(where, role)
        if not isinstance(value, ast.List | ast.Tuple) or not all(_is_text(item) for item in value.elts):
            reason = f"{where} is computed, not a list of texts"
            return Unwritable(CannotEdit(self.document.path, value.lineno, reason), KIND, role)
        entries = tuple(entry(ast.literal_eval(item), self.document.path, item.lineno) for item in value.elts)
        adding = partial(self._add, value, entries)
        return DependencyTarget(self.document, KIND, role, where, entries, adding, name=name, python=self._python())

    def _new_keyword(self, name: str, role: Role) -> Place:
        if self.is_open:
            reason = f"setup() may get {name} from elsewhere (**)"
            return Unwritable(CannotEdit(self.document.path, self.call.lineno, reason), KIND, role)
        return DependencyTarget(self.document, KIND, role, name, (), self._add_keyword, python=self._python())

    def _python(self) -> str | None:
        value = self.keyword("python_requires")
        return str(value.value) if isinstance(value, ast.Constant) else None

    def _resolved(self, value: ast.expr) -> ast.expr:
        if not isinstance(value, ast.Name):
            return value
        uses = [node for node in ast.walk(self.tree) if isinstance(node, ast.Name) and node.id == value.id]
        bound = [node for node in self.tree.body if _binds(node, value.id)]
        read_only = all(use in self._plain_uses() for use in uses if isinstance(use.ctx, ast.Load))
        if len(bound) != 1 or sum(isinstance(use.ctx, ast.Store) for use in uses) != 1 or not read_only:
            return value
        node = bound[0]
        assert isinstance(node, ast.Assign | ast.AnnAssign)
        return node.value or value

    def _plain_uses(self) -> list[ast.expr]:
        """Return the names that are only passed on: values of keywords and items, not receivers of methods."""
        keywords = [node.value for node in ast.walk(self.tree) if isinstance(node, ast.keyword)]
        values = [value for node in ast.walk(self.tree) if isinstance(node, ast.Dict) for value in node.values]
        operands = [
            side for node in ast.walk(self.tree) if isinstance(node, ast.BinOp) for side in (node.left, node.right)
        ]
        return [*keywords, *values, *operands]

    def _add(self, value: ast.List | ast.Tuple, entries: Sequence[Entry], needed: Needed) -> Sequence[Insertion]:
        text = self.document.text
        start, end = self._span(value)
        if text[start] not in "[(" or text[end - 1] not in "])":
            raise CannotEdit(self.document.path, value.lineno, "the list of dependencies has no brackets")
        spans = tuple(self._span(item) for item in value.elts)
        names = tuple(each.sort_key for each in entries)
        single = spans and all(text[one] == "'" for one, _ in spans)
        quote = "'" if single or (not spans and "'" in text and '"' not in text) else '"'
        brackets = BracketList(text, start + 1, end - 1, spans, names, self.document.newline)
        item = f"{quote}{styled(needed, entries)}{quote}"
        if isinstance(value, ast.Tuple) and not spans:
            item += ","
        return brackets.adding(item, needed.name)

    def _add_keyword(self, needed: Needed) -> Sequence[Insertion]:
        text = self.document.text
        _, end = self._span(self.call)
        opened = text.index("(", self._span(self.call.func)[1]) + 1
        arguments = [self._span(argument) for argument in self.call.args]
        keywords = [self._keyword_span(keyword) for keyword in self.call.keywords]
        spans = tuple(sorted([*arguments, *keywords]))
        quote = "'" if "'" in text and '"' not in text else '"'
        brackets = BracketList(text, opened, end - 1, spans, ("",) * len(spans), self.document.newline)
        return brackets.adding(f"{_REQUIRES}=[{quote}{needed.requirement}{quote}]", needed.name)

    def _keyword_span(self, keyword: ast.keyword) -> tuple[int, int]:
        return self._offset(keyword.lineno, keyword.col_offset), self._span(keyword.value)[1]

    def _span(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        """Return the offset of a position as `ast` counts it: columns in bytes of UTF-8."""
        starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", self.document.text))]
        start = starts[line - 1]
        return start + len(self.document.text[start:].encode()[:column].decode())


def _is_setup(func: ast.expr) -> bool:
    match func:
        case ast.Name(id="setup"):
            return True
        case ast.Attribute(value=ast.Name(id=module), attr="setup"):
            return module in ("setuptools", "core", "distutils")
        case _:
            return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _binds(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=bound)]):
            return bound == name
        case ast.AnnAssign(target=ast.Name(id=bound), value=ast.expr()):
            return bound == name
        case _:
            return False
