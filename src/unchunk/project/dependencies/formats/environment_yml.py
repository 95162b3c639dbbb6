"""`environment.yml`, of conda. The package is added to the environment's `pip` list: it comes from there.

See https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

from unchunk.project.dependencies.folder import Folder
from unchunk.project.dependencies.formats import requirements_txt
from unchunk.project.dependencies.plan import CannotEdit
from unchunk.project.dependencies.requirement import Entry, Needed, entry, styled, table_entry
from unchunk.project.dependencies.slots import DependencyTarget, Kind, Place, Role, is_tooling, role_of_group
from unchunk.project.dependencies.text import BracketList, Document, Insertion, LineList

PRIORITY = 95
KIND = Kind.ENVIRONMENT

_NAME = re.compile(r"(?:conda[-_.])?(?:environment|env)(?:[-_.].*)?\.ya?ml")
_CONDA = re.compile(r"(?:[\w./-]+::)?(?P<name>[A-Za-z0-9_.-]+)\s*(?P<versions>[<>=!~].*)?")
_DASH = re.compile(r"[ \t]*-[ \t]+")


@dataclass(frozen=True, slots=True)
class _Environment:
    document: Document
    dependencies: yaml.SequenceNode
    pip: yaml.SequenceNode | None


def places(folder: Folder) -> Iterator[Place]:
    """Yield the environments for tests and development, and for the program `environment.yml`, else all others."""
    names = [name for name in folder.names() if _NAME.fullmatch(name)]
    plain = [name for name in names if name in ("environment.yml", "environment.yaml")]
    for name in names:
        words = re.sub(r"conda|environment|env", "", name.rsplit(".", 1)[0]).strip("-_. ")
        role = role_of_group(words)
        environment = _read(folder, name)
        if environment is None:
            continue
        if role is not Role.OPTIONAL:
            yield _slot(folder, environment, role, words)
        elif name in plain or not (plain or is_tooling(words)):
            yield _slot(folder, environment, Role.RUNTIME)


def _slot(folder: Folder, environment: _Environment, role: Role, name: str = "") -> DependencyTarget:
    document = environment.document
    conda = [_conda_entry(node, document.path) for node in _scalars(environment.dependencies)]
    pip = [_pip_entry(node, document.path) for node in _scalars(environment.pip)]
    files = [text[2:].lstrip("= ") for each in pip if (text := each.text).startswith("-r")]
    followed = [requirements_txt.slot(folder, os.path.normpath(file), KIND, role) for file in files]
    included = [each for each in followed if isinstance(each, DependencyTarget)]
    python = next((each.specifier for each in conda if each.name == "python" and each.specifier), None)
    return DependencyTarget(
        document,
        KIND,
        role,
        "dependencies: pip",
        (*conda, *pip, *(each for other in included for each in other.entries)),
        partial(_add, environment, pip),
        name=name,
        included=frozenset(path for other in included for path in (other.path, *other.included)),
        installs_project=any(re.fullmatch(r"(-e\s*)?\.(\[.*\])?/?", each.text) for each in pip),
        python=str(python) if python else None,
    )


def _read(folder: Folder, name: str) -> _Environment | None:
    """Return an environment file; None for other YAML. Raises Obstacle for what is not YAML."""
    document = folder.document(name)
    if document is None:
        return None
    try:
        root = yaml.compose(document.text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "unreadable"
        raise CannotEdit(document.path, mark.line + 1 if mark else None, f"is not valid YAML ({reason})") from error
    except RecursionError as error:
        raise CannotEdit(document.path, None, "is not valid YAML (nested too deeply)") from error
    dependencies = _get(root, "dependencies")
    if not isinstance(dependencies, yaml.SequenceNode):
        return None
    lists = [found for item in dependencies.value if isinstance(found := _get(item, "pip"), yaml.SequenceNode)]
    return _Environment(document, dependencies, lists[0] if lists else None)


def _get(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _scalars(node: yaml.SequenceNode | None) -> Iterator[yaml.ScalarNode]:
    return (item for item in node.value if isinstance(item, yaml.ScalarNode)) if node else iter(())


def _pip_entry(node: yaml.ScalarNode, path: Path) -> Entry:
    return entry(node.value, path, node.start_mark.line + 1)


def _conda_entry(node: yaml.ScalarNode, path: Path) -> Entry:
    """Parse an item of the conda list: `name`, `name=1.2`, `name>=1.2`, `channel::name`."""
    line = node.start_mark.line + 1
    match = _CONDA.fullmatch(node.value.strip())
    if match is None:
        return Entry(node.value, path, line, None)
    versions = (match["versions"] or "").split("=", 2)
    exact = len(versions) >= 2 and not versions[0] and versions[1]
    constraint = f"~={versions[1]}.0" if exact and "*" not in versions[1] else (match["versions"] or "*")
    return dataclasses.replace(table_entry(match["name"], constraint, path, line), text=node.value)


def _add(environment: _Environment, pip: Sequence[Entry], needed: Needed) -> Sequence[Insertion]:
    document = environment.document
    if environment.pip is None:
        return [_new_list(environment, needed)]
    nodes = environment.pip.value
    item = styled(needed, pip)
    names = tuple(entry(str(node.value), document.path, 0).sort_key for node in nodes)
    if environment.pip.flow_style:
        spans = tuple((node.start_mark.index, node.end_mark.index) for node in nodes)
        start, end = environment.pip.start_mark.index + 1, environment.pip.end_mark.index - 1
        return BracketList(document.text, start, end, spans, names, document.newline).adding(item, needed.name)
    starts = tuple(document.text.rfind("\n", 0, node.start_mark.index) + 1 for node in nodes)
    ends = tuple(_line_end(document, node) for node in nodes)
    return [LineList(ends, names, starts, document.newline, _dash(document, nodes[-1])).adding(item, needed.name)]


def _new_list(environment: _Environment, needed: Needed) -> Insertion:
    """Return a `pip` list after the last item, and pip itself, which conda requires."""
    document = environment.document
    nodes = environment.dependencies.value
    if environment.dependencies.flow_style or not nodes:
        line = environment.dependencies.start_mark.line + 1
        raise CannotEdit(
            document.path, line, "the dependencies are not written one a line", "add `pip: [{requirement}]`"
        )
    dash, newline = _dash(document, nodes[-1]), document.newline
    has_pip = any(_conda_entry(node, document.path).name == "pip" for node in _scalars(environment.dependencies))
    lines = [] if has_pip else [f"{dash}pip"]
    lines += [f"{dash}pip:", f"{' ' * len(dash)}- {needed.requirement}"]
    return Insertion(_line_end(document, nodes[-1]), "".join(newline + line for line in lines))


def _dash(document: Document, node: yaml.Node) -> str:
    start = document.text.rfind("\n", 0, node.start_mark.index) + 1
    match = _DASH.match(document.text, start)
    if match is None:
        raise CannotEdit(document.path, node.start_mark.line + 1, "the list is not written one item a line")
    return match[0]


def _line_end(document: Document, node: yaml.Node) -> int:
    end = document.text.find("\n", node.end_mark.index)
    if end < 0:
        return len(document.text)
    return end - (document.text[end - 1] == "\r")
