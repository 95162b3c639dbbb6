"""Base64 and the like of a piece, which is a piece; nothing shows where a document in it ends."""

from __future__ import annotations

from textwrap import dedent

import pytest

from unchunk.codemod import fix_source

from .test_eval import expected, reported

HEAD = """\
import asyncio, base64, binascii, json, requests
from base64 import b64decode
"""

PROGRAMS = {
    "a line of its own": """
        def read(url):
            for line in requests.get(url, stream=True).iter_lines():
                print(json.loads(base64.b64decode(line)))
    """,
    "the whole": """
        def read(url):
            print(json.loads(b64decode(requests.get(url, stream=True).content)))
    """,
    "a record": """
        def handler(event, context):
            for record in event["Records"]:
                print(json.loads(base64.b64decode(record["kinesis"]["data"])))
    """,
    "buffered": """
        def read(url):
            buffer = b""
            for chunk in requests.get(url, stream=True).iter_content(None):
                buffer += chunk
                while b"\\n" in buffer:
                    line, buffer = buffer.split(b"\\n", 1)
                    print(json.loads(base64.b64decode(line)))
    """,
    "a piece": """
        def read(url):
            for chunk in requests.get(url, stream=True).iter_content(None):
                print(json.loads(b64decode(chunk)))  # error: UNC101
    """,
    "split": """
        def read(url):
            for chunk in requests.get(url, stream=True).iter_content(None):
                for part in chunk.split(b"\\n"):
                    print(json.loads(base64.b64decode(part)))  # error: UNC102
    """,
    "hexadecimal": """
        def read(url):
            for chunk in requests.get(url, stream=True).iter_content(None):
                print(json.loads(bytes.fromhex(chunk.decode())))  # error: UNC101
    """,
    "in a method of a protocol": """
        class Reader(asyncio.Protocol):
            @staticmethod
            def decode(message):
                return json.loads(binascii.unhexlify(message.decode()))  # error: UNC101

            def data_received(self, data):
                print(self.decode(data))
    """,
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_exactly_the_marked_lines_are_reported_and_left_to_a_person(program: str) -> None:
    text = HEAD + dedent(program)
    assert reported(text, "letters.py") == expected(text)
    assert fix_source(text, unsafe=True).source == text
