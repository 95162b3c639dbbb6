"""For any list that a person might have written: one entry more, everything else as it was."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.formats import environment_yml, pep621, requirements_txt, setup_cfg, setup_py
from unchunk.project.dependencies.slots import DependencyTarget
from unchunk.project.dependencies.text import decode

from .projects import NEEDED, only_grew

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NAMES = st.sampled_from(["idna", "Certifi", "zipp", "wheel", "a", "unchunk-more", "xyz", "b"])
VERSIONS = st.sampled_from(["", ">=1", " >= 1", "==1.*", "[x,y]>=2", " (>=3)", "~=1.0"])
REQUIREMENTS = st.lists(st.builds(str.__add__, NAMES, VERSIONS), max_size=5)
NEWLINES = st.sampled_from(["\n", "\r\n"])
INDENTS = st.sampled_from(["  ", "    ", "\t"])
COMMENTS = st.sampled_from(["", "  # why", " # a, b] ", "  #"])


@st.composite
def bracket_lists(draw: st.DrawFn, quotes: str) -> tuple[list[str], str]:
    """Draw the items of a list and its spelling."""
    items = draw(REQUIREMENTS)
    if draw(st.booleans()):
        separator, end = draw(st.sampled_from([", ", ","])), draw(st.sampled_from(["", ",", ", "]))
        texts = [_quoted(item, draw(st.sampled_from(quotes))) for item in items]
        return items, separator.join(texts) + (end if items else "")
    indent = draw(INDENTS)
    lines = [""]
    for number, item in enumerate(items):
        if draw(st.booleans()) and draw(st.booleans()):
            lines.append(f"{indent}# about the next")
        comma = "," if number < len(items) - 1 or draw(st.booleans()) else ""
        lines.append(f"{indent}{_quoted(item, draw(st.sampled_from(quotes)))}{comma}{draw(COMMENTS)}")
    if draw(st.booleans()):
        lines.append(f"{indent}# end")
    return items, "\n".join([*lines, ""])


def _quoted(text: str, quote: str) -> str:
    return f"{quote}{text}{quote}"


def after(slot: Any, text: str) -> str:
    """Return the text after the edit, which only adds."""
    assert isinstance(slot, DependencyTarget), slot
    document = slot.document
    assert document.text == text
    new = document.with_insertions(slot.adding(NEEDED))
    assert only_grew(document.raw, new)
    return decode(document.path, new).text


def slots(module: Any, name: str, text: str) -> list[Any]:
    """Return what a format finds in a folder with one file, which is not on the disk."""
    root = Path("nowhere").absolute()
    return list(module.places(_Memory(root, {root / name: text.encode()})))


class _Memory(Folder):
    """A folder whose files are only in memory."""

    def __init__(self, path: Path, contents: dict[Path, bytes]) -> None:
        super().__init__(path, contents)
        self._files = contents

    def names(self, below: str = ".") -> list[str]:
        return sorted(path.name for path in self._files if path.parent == self.path / below)

    def has(self, name: str) -> bool:
        return self.path / name in self._files


def expected(items: list[str], found: list[str]) -> None:
    """Assert the old items in their order, and a new one."""
    new = [item for item in found if item.replace(" ", "") in ("unchunk>=0.1.0", "unchunk(>=0.1.0)")]
    assert len(new) == 1
    assert [item for item in found if item != new[0]] == items


@given(bracket_lists("\"'"), NEWLINES)
def test_array_of_a_pyproject(written: tuple[list[str], str], newline: str) -> None:
    items, inside = written
    text = f'[project]\nname = "demo"\ndependencies = [{inside}] # end\n\n[tool]\nx = 1\n'.replace("\n", newline)
    new = after(slots(pep621, "pyproject.toml", text)[0], text)
    expected(items, tomllib.loads(new.replace("\r\n", "\n"))["project"]["dependencies"])
    assert new.replace(newline, "").count("\n") == 0


@given(bracket_lists("\"'"), NEWLINES)
def test_list_of_a_setup_py(written: tuple[list[str], str], newline: str) -> None:
    items, inside = written
    text = f"from setuptools import setup\n\nsetup(install_requires=[{inside}], name='demo')\n".replace("\n", newline)
    new = after(slots(setup_py, "setup.py", text)[0], text)
    given_: dict[str, Any] = {}
    program = new.replace("from setuptools import setup", "")
    exec(compile(program, "setup.py", "exec"), {"setup": lambda **keywords: given_.update(keywords)})
    expected(items, given_["install_requires"])


@given(
    REQUIREMENTS,
    st.lists(st.sampled_from(["", "# x", "--pre", "-c c.txt"]), max_size=3),
    NEWLINES,
    st.booleans(),
    st.data(),
)
def test_lines_of_a_requirements_file(
    items: list[str], others: list[str], newline: str, ends: bool, data: st.DataObject
) -> None:
    lines = data.draw(st.permutations([*(item + data.draw(COMMENTS) for item in items), *others]))
    text = newline.join(lines) + (newline if ends and lines else "")
    new = after(slots(requirements_txt, "requirements.txt", text)[0], text)
    found = [line.partition("#")[0].rstrip() for line in new.splitlines() if line.strip() and line[0] not in "#-"]
    expected([line.partition("#")[0].rstrip() for line in lines if line.strip() and line[0] not in "#-"], found)


@given(REQUIREMENTS, INDENTS, NEWLINES, st.booleans())
def test_lines_of_a_setup_cfg(items: list[str], indent: str, newline: str, below: bool) -> None:
    lines = ["[options]", "install_requires =", *(indent + item for item in items), "zip_safe = no", ""]
    text = newline.join(lines if below else [*lines[:-2], ""])
    new = after(slots(setup_cfg, "setup.cfg", text)[0], text)
    inside = new.partition("install_requires =")[2].partition("zip_safe")[0]
    expected(items, [line.strip() for line in inside.splitlines() if line.strip()])


@given(REQUIREMENTS.filter(bool), st.sampled_from(["", "  ", "    "]), NEWLINES, st.booleans())
def test_lines_of_an_environment(items: list[str], indent: str, newline: str, ends: bool) -> None:
    lines = ["dependencies:", f"{indent}- python", f"{indent}- pip:", *(f"{indent}  - {item}" for item in items)]
    text = newline.join(lines) + (newline if ends else "")
    new = after(slots(environment_yml, "environment.yml", text)[0], text)
    expected(items, [line.strip().removeprefix("- ") for line in new.splitlines()[3:]])
