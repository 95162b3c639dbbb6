"""An expression of several lines that moves to the side keeps its lines under their brackets."""

from __future__ import annotations

import pytest

from unchunk.codemod import fix_source

from .rewrites import check_transformed

BEFORE = """
import json
import docker

def show(name):
    client = docker.from_env().containers.get(name)
    for stats in {}:
        value = json.loads(stats)
        print(value)
"""
AFTER = """
import docker
from unchunk import iter_json

def show(name):
    client = docker.from_env().containers.get(name)
    for value in iter_json({}):
        print(value)
"""

STAYS = {
    "lines that hang": """client.stats(
        "name", decode=False,
        stream=True
    )""",
    "lines that are under no bracket": """client.stats("name", decode=False,
        stream=True)""",
    "lines of a text": """client.stats('''name
                              ''', stream=True)""",
    "lines below one that hangs": """client.stats(
        "name", filters=dict(one=1,
                             two=2),
        stream=True
    )""",
}


@pytest.mark.parametrize("call", STAYS.values(), ids=STAYS)
def test_lines_that_are_not_aligned_with_a_bracket_that_moves_stay(call: str) -> None:
    check_transformed(BEFORE.format(call), AFTER.format(call))


MOVES = {
    "lines under the bracket": """client.stats("name", decode=False,
                              stream=True)""",
    "a bracket on a line that moves": """client.stats("né", filters=dict(one=1,
                                                 two=2),  # two
                              # why
                              stream=True)""",
    "lines that hang from one that moves": """client.stats("name",
                              dict(
                                  one=1
                              ), stream=True)""",
}


@pytest.mark.parametrize("call", MOVES.values(), ids=MOVES)
def test_lines_that_are_aligned_with_a_bracket_move_with_it(call: str) -> None:
    moved = call.replace("\n", "\n" + " " * len("iter_json("))
    check_transformed(BEFORE.format(call), AFTER.format(moved))


def test_call_that_had_to_be_broken_is_aligned_where_it_stands_then() -> None:
    text = "x" * 70
    call = f"""client.stats("name",
                              filter="{text}")"""
    broken = f"""
        client.stats("name",
                     filter="{text}")
    """
    check_transformed(BEFORE.format(call), AFTER.format(broken))


def test_line_ends_of_another_kind_and_letters_of_several_bytes_are_counted_right() -> None:
    before = (
        BEFORE.replace("stats in", "zähler in")
        .replace("(stats)", "(zähler)")
        .format(
            """client.stats("name",
                               stream=True)"""
        )
    )
    after = AFTER.format(
        """client.stats("name",
                                        stream=True)"""
    )
    assert fix_source(before.replace("\n", "\r\n").encode()).source == after.replace("\n", "\r\n").encode()
