"""Loops whose reads stand in a `try`, are decoded at once, or are parsed at once."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from unchunk.codemod import fix_source

from .rewrites import check_noop, check_refused, check_transformed

PROGRAM = """
import json
import socket
{}

def f(connection: socket.socket, running=True):
{}
"""


def program(loop: str, imports: str = "") -> str:
    return PROGRAM.format(imports, indent(dedent(loop).strip("\n"), "    "))


def changed(loop: str, *helpers: str) -> str:
    text = program(loop, f"\nfrom unchunk import {', '.join(helpers)}\n")
    return text if "json." in loop else text.replace("import json\n", "")


def test_reads_that_are_put_together_in_a_try_stay() -> None:
    check_noop(
        program("""
        whole = b""
        while True:
            try:
                data = connection.recv(4096)
                if not data:
                    break
                whole += data
                print(json.loads(whole))
            except ValueError:
                continue
        """)
    )


REFUSED = {
    "an error of the read is passed over": (
        """
        while True:
            try:
                data = connection.recv(4096)
                if not data:
                    break
                print(json.loads(data))
            except Exception:
                print("bad")
        """,
        "an error of the read is dealt with in the loop, which goes on then",
    ),
    "a read that takes too long is made again": (
        """
        while True:
            try:
                data = connection.recv(4096)
                if not data:
                    break
                print(json.loads(data))
            except socket.timeout:
                continue
            except OSError:
                break
        """,
        "an error of the read is dealt with in the loop, which goes on then",
    ),
    "an error of the read ends the loop, and others do not": (
        """
        while True:
            try:
                data = connection.recv(4096)
                if not data:
                    break
                print(json.loads(data))
            except ValueError:
                print("bad")
            except OSError:
                break
        """,
        "by a `try` that goes on after other errors",
    ),
    "more is done behind the try": (
        """
        while True:
            try:
                value = json.loads(connection.recv(4096))
            except OSError:
                break
            print(value)
        """,
        "by a `try` that is not all there is in it",
    ),
    "something is done after each round": (
        """
        while True:
            try:
                data = connection.recv(4096)
                if not data:
                    break
                print(json.loads(data))
            except ValueError:
                print("bad")
            finally:
                print("one")
        """,
        "the `finally` of the `try` around the read",
    ),
    "the read is tried by itself": (
        """
        while True:
            try:
                data = connection.recv(4096)
            except OSError:
                break
            print(json.loads(data))
        """,
        "the read stands in a `try` of its own",
    ),
    "something is done before the read": (
        """
        while True:
            try:
                print("waiting")
                data = connection.recv(4096)
                print(json.loads(data))
            except ValueError:
                print("bad")
        """,
        "the read is not the first thing that the loop does",
    ),
    "a closed file raises ValueError, too": (
        """
        file = open("/dev/ttyS0", "rb")
        while True:
            try:
                data = file.read1(4096)
                if not data:
                    break
                print(json.loads(data))
            except ValueError:
                print("bad")
        """,
        "an error of the read is dealt with in the loop, which goes on then",
    ),
    "the connection may be missing from a dict": (
        """
        connections = {1: connection}
        while True:
            try:
                data = connections[1].recv(4096)
                if not data:
                    break
                print(json.loads(data))
            except KeyError:
                print("bad")
        """,
        "an error of the read is dealt with in the loop, which goes on then",
    ),
    "an inner statement": (
        """
        while True:
            if running:
                print(json.loads(connection.recv(4096)))
        """,
        "the read is part of an inner `if`",
    ),
    "an attribute": (
        """
        while True:
            f.data = connection.recv(4096)
            print(json.loads(f.data))
        """,
        "what is read is kept in an attribute",
    ),
    "a function around the read": (
        """
        while True:
            data = bytes(connection.recv(4096))
            print(json.loads(data))
        """,
        "what is read goes through `bytes` before it gets a name",
    ),
}


@pytest.mark.parametrize(("loop", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(loop: str, reason: str) -> None:
    check_refused(program(loop), reason)


INSIDE = """
while True:
    try:
        data = connection.recv(4096)
        if not data:
            break
        value = json.loads(data)
        print(value["a"], bool(data))
    except {}:
        print("bad")
    else:
        print("good")
    print("next")
"""
INSIDE_AFTER = """
for data in rechunk(iter(lambda: connection.recv(4096), b""), at="document", skip_blank=True):
    try:
        value = json.loads(data)
        print(value["a"], bool(data))
    except {}:
        print("bad")
    else:
        print("good")
    print("next")
"""


LONG = "#" * 120
"""A line as long as lines may be, so that none is broken."""


@pytest.mark.parametrize("errors", ["ValueError", "(json.JSONDecodeError, KeyError)", "UnicodeDecodeError"])
def test_handlers_of_what_is_done_with_a_piece_stay_there(errors: str) -> None:
    before, after = INSIDE.format(errors), INSIDE_AFTER.format(errors)
    check_transformed(program(f"{LONG}\n{before}"), changed(f"{LONG}\n{after}", "rechunk"))


def test_condition_and_handlers_stay() -> None:
    before = """
    while running:
        try:
            data = connection.recv(4096)
            if not data:
                break
            print(json.loads(data))
        except ValueError:
            running = False
    """
    after = """
    def chunks():
        while running and (data := connection.recv(4096)):
            yield data

    for data in rechunk(chunks(), at="document", skip_blank=True):
        if not running:
            break
        try:
            print(json.loads(data))
        except ValueError:
            running = False
    """
    check_transformed(program(before), changed(after, "rechunk"))


AROUND = """
# as long as it is there
while True:  # for ever
    try:  # and ever
        data = connection.recv(4096)
        if not data:
            break
        value = json.loads(data)
        # say it
        print(value)
    except ConnectionError as error:
        print("gone", error)
        break
    except KeyboardInterrupt:
        break
    except Exception:
        return
print("end")
"""
AROUND_AFTER = """
# as long as it is there
try:  # for ever
    for value in iter_json(iter(lambda: connection.recv(4096), b"")):  # and ever
        # say it
        print(value)
except ConnectionError as error:
    print("gone", error)
except KeyboardInterrupt:
    pass
except Exception:
    return
print("end")
"""


def test_handlers_that_end_the_loop_go_around_it() -> None:
    check_transformed(program(AROUND), changed(AROUND_AFTER, "iter_json"))


def test_handlers_that_end_the_loop_go_around_pieces() -> None:
    before = AROUND.replace('"gone", error', '"gone", data')
    after = AROUND_AFTER.replace('"gone", error', '"gone", data').replace(
        """    for value in iter_json(iter(lambda: connection.recv(4096), b"")):  # and ever
""",
        """    for data in rechunk(iter(lambda: connection.recv(4096), b""), at="document", skip_blank=True):  # ever
        value = json.loads(data)
""",
    )
    before, after = before.replace("# and ever", "# ever"), after.replace("# and ever", "# ever")
    check_transformed(program(f"{LONG}\n{before}"), changed(f"{LONG}\n{after}", "rechunk"))


DECODED = {
    "decoded": ('.decode("utf-8")', "", True),
    # A blank piece ends the loop, so blanks have to come as they came.
    "stripped": (".decode().strip()", "    if not data:\n        break\n", False),
    "what is no text left out": ('.decode("utf-8", "ignore")', "    if not data:\n        break\n", True),
}


@pytest.mark.parametrize(("how", "guard", "safe"), DECODED.values(), ids=DECODED)
def test_read_that_is_decoded_at_once_is_decoded_when_it_is_whole(how: str, guard: str, safe: bool) -> None:
    before = f"""
while True:
    data = connection.recv(9){how}
    if not data:
        break
    print(json.loads(data), bool(data))
"""
    options = "skip_blank=True" if safe else 'end=b"\\n"'
    after = f"""
for data in rechunk(iter(lambda: connection.recv(9), b""), at="document", {options}):
    data = data{how}
{guard}    print(json.loads(data), bool(data))
"""
    check_transformed(program(f"{LONG}\n{before}"), changed(f"{LONG}\n{after}", "rechunk"), safe=safe)


def test_read_that_is_parsed_at_once_in_a_try() -> None:
    before = """
    while True:
        try:
            print(json.loads(connection.recv(9).decode()))
        except json.JSONDecodeError:
            print("bad")
    """
    after = """
    for data in rechunk(iter(lambda: connection.recv(9), b""), at="document", skip_blank=True):
        try:
            print(json.loads(data.decode()))
        except json.JSONDecodeError:
            print("bad")
    """
    check_transformed(program(LONG + before), changed(LONG + after, "rechunk"), safe=False)


def test_read_that_is_parsed_at_once_under_a_condition() -> None:
    before = """
    while running:
        value = json.loads(connection.recv(9))
        print(value)
    """
    after = """
    def chunks():
        while running and (data := connection.recv(9)):
            yield data

    for value in iter_json(chunks()):
        print(value)
    """
    check_transformed(program(before), changed(after, "iter_json"), safe=False)


class Connection:
    """Gives what it is told to, raises what it is told to, and then is at its end."""

    def __init__(self, *reads: bytes | Exception) -> None:
        self.reads = iter(reads)

    def recv(self, _: int) -> bytes:
        read = next(self.reads, b"")
        if isinstance(read, Exception):
            raise read
        return read


WHOLE: list[tuple[bytes | Exception, ...]] = [
    (b'{"a": 1}', b'{"a": "\xc3\xa9"}\n'),
    (b'{"a": 1}', b"no JSON\n", b'{"b": 2}\n'),
    (b'{"a": 1}\n', ConnectionResetError(104), b'{"a": 2}'),
    (TimeoutError(110),),
    (b'{"a": 1}\n', KeyboardInterrupt()),  # type: ignore[arg-type]
    (b'{"b": 1}', b'{"a": '),
    (),
]


def run(source: str, reads: tuple[bytes | Exception, ...]) -> str:
    names: dict[str, Callable[..., object]] = {}
    exec(source, names)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            names["f"](Connection(*reads))
        except BaseException as error:
            print("raises", type(error))
    return said.getvalue()


@pytest.mark.parametrize("reads", WHOLE, ids=map(str, WHOLE))
@pytest.mark.parametrize(
    "loop", [INSIDE.format("ValueError"), INSIDE.format("KeyError"), AROUND, AROUND.replace(", error", ", data")]
)
def test_whole_documents_and_errors_of_reads_come_to_the_same(loop: str, reads: tuple[bytes | Exception, ...]) -> None:
    before = program(loop)
    after = fix_source(before).source
    assert after != before
    assert run(after, reads) == run(before, reads)


def test_cut_documents_are_put_together() -> None:
    after = fix_source(program(INSIDE.format("ValueError"))).source
    assert run(after, (b'{"a": 1}{"a"', b': "\xc3', b'\xa9"}')) == "1 True\ngood\nnext\né True\ngood\nnext\n"
