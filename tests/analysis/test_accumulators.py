"""Values kept outside of a function, or from an earlier call, which are not always joined."""

from __future__ import annotations

import textwrap

import pytest

from unchunk.analysis import check_source

HEAD = """\
import asyncio, json, requests
def chunks():
    return requests.get("https://example.com", stream=True).iter_content(9)
"""


@pytest.mark.parametrize(
    "program",
    [
        """
        def each_of_a_list():
            parts = []
            def read():
                for chunk in chunks():
                    parts.append(chunk)
            read()
            for part in parts:
                print(json.loads(part))
        """,
        """
        def last_of_a_list():
            parts = []
            def read():
                for chunk in chunks():
                    parts.append(chunk)
                    print(json.loads(parts[-1]))
            read()
        """,
        """
        class KeptIfThereIsSome(asyncio.Protocol):
            def data_received(self, data):
                if data:
                    self.last = data
                json.loads(self.last)
        """,
        """
        class EmptiedAlways(asyncio.Protocol):
            def data_received(self, data):
                self.last = b""
                self.last += data
                json.loads(self.last)
        """,
        """
        def put_among_others():
            lines = [""]
            for chunk in chunks():
                lines[0] = chunk
                for line in lines:
                    json.loads(line)
        """,
        """
        def read_by_another(read_more):
            last = b""
            def read():
                nonlocal last
                for chunk in chunks():
                    last = chunk
                    return
            def parse():
                nonlocal last
                last = b""
                read()
                return json.loads(last)
            return parse
        """,
    ],
)
def test_a_piece_that_is_only_kept_is_still_a_piece(program: str) -> None:
    found = check_source((HEAD + textwrap.dedent(program)).encode(), "program.py")
    assert [finding.code for finding in found] == ["UNC101"]


def test_what_is_only_logged_does_not_go_before_the_next_step() -> None:
    program = """
        def logged():
            log = []
            for chunk in chunks():
                for line in chunk.split(b"\\n"):
                    log.append(line)
                    print(json.loads(line))
            print(b"".join(log))
        """
    found = check_source((HEAD + textwrap.dedent(program)).encode(), "program.py")
    assert [finding.code for finding in found] == ["UNC102"]
