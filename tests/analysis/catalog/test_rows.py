"""Every row of every table: its type, its member and the arguments it speaks of exist in the real package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from unchunk.analysis.catalog.dsl import Client, Condition, Row, Type, Use

from . import facts, packages
from .instances import INSTANCES

# Some names are there, and deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

NOT_EXPORTED = {("primp<1", "primp.Response")}
"""Classes that a version has and hands out, but that cannot be imported from it."""
TYPES = [
    (client, made)
    for client in facts.clients()
    for made in (client, *client.types)
    if (client.distribution, made.dotted) not in NOT_EXPORTED
]

FILLED_AT_RUN_TIME = ("dashscope.", "litellm.")
"""Clients whose events have fields that their classes do not name; `test_model_sdks.py` shows them by running."""


@pytest.mark.parametrize(
    ("client", "made"),
    [pytest.param(client, made, id=made.dotted) for client, made in TYPES if packages.is_named(made)],
)
def test_every_name_of_a_type_exists(client: Client, made: Type) -> None:
    roots = packages.roots(client)
    for name in (made.dotted, *made.aliases):
        relative = name[len(client.dotted) :].lstrip(".")
        assert any(_exists(root, relative) for root in roots), f"{name} is in none of {roots}"


@pytest.mark.parametrize(
    ("client", "made"),
    [pytest.param(client, made, id=made.dotted) for client, made in TYPES if made.rows and packages.is_named(made)],
)
def test_every_member_of_a_type_exists_and_takes_the_arguments_its_rows_name(client: Client, made: Type) -> None:
    names = {name: name[len(client.dotted) :].lstrip(".") for name in (made.dotted, *made.aliases)}
    owners = [
        owner
        for root in packages.roots(client)
        for name, relative in names.items()
        if _exists(root, relative)
        for owner in _with_instance(name, packages.find(root, relative))
    ]
    missing = [row for row in made.rows if not any(_has_member(owner, row) for owner in owners)]
    assert not missing, f"not in the package: {[row.member for row in missing]}"
    for row in made.rows:
        for owner in owners:
            _check_arguments(owner, row)


def _with_instance(name: str, owner: Any) -> Iterator[Any]:
    yield owner
    if name in INSTANCES:
        yield INSTANCES[name](owner)


def _exists(root: str, name: str) -> bool:
    try:
        packages.find(root, name)
    except (AttributeError, ImportError):
        return False
    return True


def _has_member(owner: Any, row: Row) -> bool:
    match row.use:
        case Use.ITERATE:
            return any(packages.has(owner, name) for name in ("__iter__", "__aiter__", "__next__", "__anext__"))
        case Use.PART:
            if row.owner.startswith(FILLED_AT_RUN_TIME):
                return True
            found = list(packages.leaves(owner, row.member))
            return bool(found) and (row.text is not True or any(leaf in (str, Any) for leaf in found))
        case _:
            return not row.member or packages.has(owner, row.member)


def _check_arguments(owner: Any, row: Row) -> None:
    if row.use in (Use.ITERATE, Use.PART) or not row.member:
        return
    try:
        names = packages.parameters(packages.get(owner, row.member))
    except (AttributeError, ImportError):
        return
    for condition in (row.only, row.text):
        if (
            isinstance(condition, Condition)
            and condition.kind not in ("sibling_call", "repeated_callback")
            and names is not None
        ):
            _check_argument(names, condition.name, condition.position, row)
    if row.use in (Use.CALLED_BACK, Use.PARSE) and names is not None:
        position = row.parameter if isinstance(row.parameter, int) else None
        _check_argument(names, None if position is not None else str(row.parameter), position, row)


def _check_argument(names: list[str], name: str | None, position: int | None, row: Row) -> None:
    if name is not None:
        assert name in names, f"{row.owner}.{row.member} has no argument {name}: {names}"
    if position is not None:
        assert position < len(names), f"{row.owner}.{row.member} has no argument {position}: {names}"
        assert name is None or names.index(name) == position, f"{name} is not argument {position} of {names}"
