"""Loops of reads."""

from __future__ import annotations

import pytest

from .rewrites import check_noop, check_refused, check_transformed

SOCKET = """
import json
import socket

def f(host):
    connection = socket.create_connection((host, 80))
{}
"""
VALUES = SOCKET.replace("import json\n", "").replace("socket\n", "socket\n\nfrom unchunk import iter_json\n", 1)
PIECES = SOCKET.replace("socket\n", "socket\n\nfrom unchunk import rechunk\n", 1)


def at(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.strip("\n").splitlines())


LONG = "#" * 100
"""A line as long as lines may be, so that none is broken."""
HEAD = 'for data in iter_json(iter(lambda: connection.recv(4096), b"")):\n    print(data)'
LOOPS = {
    "while True and a test for the end": """
while True:
    data = connection.recv(4096)
    if not data:
        break
    print(json.loads(data))
""",
    "a test of the length": """
while 1:
    data = connection.recv(4096)
    if len(data) == 0:
        break
    print(json.loads(data))
""",
    "walrus": """
while data := connection.recv(4096):
    print(json.loads(data))
""",
    "walrus compared": """
while (data := connection.recv(4096)) != b"":
    print(json.loads(data))
""",
    "read before the loop and at its end": """
data = connection.recv(4096)
while data:
    print(json.loads(data))
    data = connection.recv(4096)
""",
    "return at the end of a function": """
while True:
    data = connection.recv(4096)
    if data == b"":
        return
    print(json.loads(data))
""",
}


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)
def test_read_loop_becomes_a_loop_over_values(loop: str) -> None:
    check_transformed(SOCKET.format(at(loop)), VALUES.format(at(HEAD)))


def test_read_loop_that_needs_its_pieces_keeps_its_body_and_what_is_said_about_the_read() -> None:
    check_transformed(
        SOCKET.format(
            at("""
while True:
    # what has come
    data = connection.recv(4096)  # as much as has come

    # the other side has gone
    if not data:
        break

    # each line
    for line in data.splitlines():
        print(json.loads(line))
print("bye")
""")
        ),
        PIECES.format(
            at("""
# what has come
# as much as has come
for data in rechunk(iter(lambda: connection.recv(4096), b""), at="line"):
    # the other side has gone
    # each line
    for line in data.splitlines():
        print(json.loads(line))
print("bye")
""")
        ),
    )


def test_blank_line_between_a_comment_and_the_read_does_not_begin_the_body() -> None:
    before = """
while True:
    # what has come

    data = connection.recv(4096)
    if not data:
        break
    for line in data.splitlines():
        print(json.loads(line))
"""
    after = """
# what has come
for data in rechunk(iter(lambda: connection.recv(4096), b""), at="line"):
    for line in data.splitlines():
        print(json.loads(line))
"""
    check_transformed(SOCKET.format(at(before)), PIECES.format(at(after)))


def test_what_is_said_about_two_reads_that_are_one_now_is_said_once() -> None:
    before = """
# what has come
data = connection.recv(4096)
while data:
    print(json.loads(data))
    # what has come
    data = connection.recv(4096)
"""
    after = "# what has come\n" + HEAD
    check_transformed(SOCKET.format(at(before)), VALUES.format(at(after)))


def test_loop_without_a_test_for_the_end_is_unsafe() -> None:
    loop = "while True:\n    data = connection.recv(4096)\n    print(json.loads(data))"
    check_transformed(SOCKET.format(at(loop)), VALUES.format(at(HEAD)), safe=False)


def test_condition_of_the_loop_moves_to_a_generator() -> None:
    check_transformed(
        SOCKET.format(
            at(
                """
    running = True

# go on
while running:
    data = connection.recv(4096)
    if not data:
        break
    message = json.loads(data)
    running = message["more"]
""".replace("    running = True\n", "running = True\n")
            )
        ),
        VALUES.format(
            at("""
running = True

def chunks():
    while running and (data := connection.recv(4096)):
        yield data

# go on
for message in iter_json(chunks()):
    running = message["more"]
    if not running:
        break
""")
        ),
    )


def test_awaited_reads_move_to_an_async_generator() -> None:
    check_transformed(
        """
        import asyncio
        import json

        async def f(host):
            reader, writer = await asyncio.open_connection(host, 80)
            while not reader.at_eof():
                data = await reader.read(100)
                print(json.loads(data))
        """,
        """
        import asyncio

        from unchunk import aiter_json

        async def f(host):
            reader, writer = await asyncio.open_connection(host, 80)

            async def chunks():
                while not reader.at_eof():
                    yield await reader.read(100)

            async for data in aiter_json(chunks()):
                print(data)
        """,
    )


def test_what_is_done_at_the_end_of_the_stream_only_goes_to_the_else_of_the_loop() -> None:
    loop = """
while True:
    data = connection.recv(4096)
    if not data:
        # the other side has gone
        raise ConnectionError("gone")
    message = json.loads(data)
    if message == "bye":
        break
    print(message)
connection.close()
"""
    after = """
for message in iter_json(iter(lambda: connection.recv(4096), b"")):
    if message == "bye":
        break
    print(message)
else:
    # the other side has gone
    raise ConnectionError("gone")
connection.close()
"""
    check_transformed(SOCKET.format(at(loop)), VALUES.format(at(after)))


def test_break_at_the_end_of_the_stream_is_left_out_of_the_else() -> None:
    loop = """
while True:
    data = connection.recv(4096)
    if not data:
        print("gone")
        break
    if json.loads(data) == "bye":
        break
"""
    after = """
for data in iter_json(iter(lambda: connection.recv(4096), b"")):
    if data == "bye":
        break
else:
    print("gone")
"""
    check_transformed(SOCKET.format(at(loop)), VALUES.format(at(after)))


ASYNC = """
import asyncio
import json

async def f(host):
    reader, writer = await asyncio.open_connection(host, 80)
{}
"""
ASYNC_VALUES = ASYNC.replace("import json\n", "\nfrom unchunk import aiter_json\n", 1)


def test_time_that_a_read_is_given_goes_along_with_it() -> None:
    loop = """
while True:
    data = await asyncio.wait_for(reader.read(4096), timeout=5)
    if not data:
        break
    print(json.loads(data))
"""
    after = """

async def chunks():
    while data := await asyncio.wait_for(reader.read(4096), timeout=5):
        yield data

async for data in aiter_json(chunks()):
    print(data)
"""
    check_transformed(ASYNC.format(at(loop)), ASYNC_VALUES.format("\n" + at(after)))


def test_time_out_that_the_loop_goes_on_after_is_refused() -> None:
    loop = """
while True:
    try:
        data = await asyncio.wait_for(reader.read(4096), timeout=5)
    except asyncio.TimeoutError:
        continue
    if not data:
        break
    print(json.loads(data))
"""
    check_refused(ASYNC.format(at(loop)), "the read stands in a `try` of its own")


def test_empty_read_that_leads_to_the_condition_of_the_loop() -> None:
    loop = """
while not reader.at_eof():
    data = await reader.read(4096)
    if not data:
        continue
    print(json.loads(data))
"""
    after = """

async def chunks():
    while not reader.at_eof():
        yield await reader.read(4096)

async for data in aiter_json(chunks()):
    print(data)
"""
    check_transformed(ASYNC.format(at(loop)), ASYNC_VALUES.format("\n" + at(after)))


REFUSED = {
    "reads are counted before the test for the end": """
reads = 0
while True:
    data = connection.recv(4096)
    reads += 1
    if not data:
        break
    print(json.loads(data))
print(reads)
""",
    "the end tells what was read": """
while True:
    data = connection.recv(4096)
    if not data:
        print("gone", data)
        break
    print(json.loads(data))
""",
    "the end of one stream is the beginning of another": """
while True:
    data = connection.recv(4096)
    if not data:
        connection = socket.create_connection((host, 80))
        continue
    print(json.loads(data))
""",
    "the condition may end the loop": """
while host:
    data = connection.recv(4096)
    if not data:
        print("gone")
        break
    print(json.loads(data))
""",
    "something is done before the read": """
while True:
    print("waiting")
    data = connection.recv(4096)
    if not data:
        break
    print(json.loads(data))
""",
    "else tells how it ended": """
while data := connection.recv(4096):
    print(json.loads(data))
else:
    print("all")
""",
    "how much is read depends on what was read": """
size = 10
while True:
    data = connection.recv(size)
    if not data:
        break
    size = json.loads(data)["next"]
""",
    "the piece is used after the loop": """
while True:
    data = connection.recv(4096)
    if not data:
        break
    print(len(data), json.loads(data))
print(data)
""",
}


@pytest.mark.parametrize("loop", REFUSED.values(), ids=REFUSED)
def test_refused(loop: str) -> None:
    check_refused(SOCKET.format(at(loop)), "")


READ_IN_A_FUNCTION = """
import json

def f(link):
    def read():
        {}

    while True:
        {}
"""
NOT_ALONE = {
    "it does something else, too": ("data = link.recv(4096)\n        return data", "print(json.loads(read()))"),
    "it is called twice": ("return link.recv(4096)", "print(json.loads(read()), read())"),
    "it is handed on": ("return link.recv(4096)", "print(json.loads(read()), read)"),
}


@pytest.mark.parametrize(("body", "use"), NOT_ALONE.values(), ids=NOT_ALONE)
def test_function_that_is_more_than_a_read_is_left(body: str, use: str) -> None:
    check_refused(READ_IN_A_FUNCTION.format(body, use), "")


def test_function_that_is_a_read_is_called_for_each() -> None:
    check_transformed(
        READ_IN_A_FUNCTION.format("return link.recv(4096)", "print(json.loads(read()))"),
        """
        from unchunk import iter_json

        def f(link):
            def read():
                return link.recv(4096)

            for data in iter_json(iter(read, b"")):
                print(data)
        """,
        safe=False,
    )


def test_method_that_is_an_awaited_read_moves_to_a_generator() -> None:
    check_transformed(
        """
        import asyncio
        import json

        class Link:
            def __init__(self, reader: asyncio.StreamReader):
                self.reader = reader

            async def receive(self):
                return await self.reader.read(4096)

            async def run(self):
                while True:
                    data = await self.receive()
                    if not data:
                        break
                    print(json.loads(data))
        """,
        """
        import asyncio

        from unchunk import aiter_json

        class Link:
            def __init__(self, reader: asyncio.StreamReader):
                self.reader = reader

            async def receive(self):
                return await self.reader.read(4096)

            async def run(self):
                async def chunks():
                    while data := await self.receive():
                        yield data

                async for data in aiter_json(chunks()):
                    print(data)
        """,
    )


ENDS = {
    "a break": ('# it is over\n    print("gone")\n    break', '# it is over\nprint("gone")'),
    "in one line": ('print("gone"); connection.close(); break', 'print("gone"); connection.close()'),
    "a return": ('print("gone")\n    return 3', 'print("gone")\nreturn 3'),
    "an error": ('raise ConnectionError("gone")', 'raise ConnectionError("gone")'),
}


@pytest.mark.parametrize(("end", "behind"), ENDS.values(), ids=ENDS)
def test_what_is_done_at_the_end_goes_behind_a_loop_that_nothing_else_ends(end: str, behind: str) -> None:
    test = f"    if not data:\n        {end.replace('    ', '        ')}\n"
    before = f"while True:\n    data = connection.recv(4096)\n{test}    print(json.loads(data))\nprint(host, 1)"
    check_transformed(SOCKET.format(at(before)), VALUES.format(at(f"{HEAD}\n{behind}\nprint(host, 1)")))


def test_reads_that_are_put_together_stay() -> None:
    check_noop(
        SOCKET.format(
            at("""
whole = b""
while data := connection.recv(4096):
    whole += data
print(json.loads(whole))
""")
        )
    )


CONDITION = """
    import json
    import socket

    class Reader:
        def read(self, connection: socket.socket):
            while {}:
                data = connection.recv(4096)
                if not data:
                    break
                {}
"""
CONDITIONS = {
    "a flag that a method may change": ("self.running", "self.handle(json.loads(data))", "not self.running"),
    "the opposite of a flag": ("not self.stopped", "self.handle(json.loads(data))", "self.stopped"),
    "an event": ("not self.stop.is_set()", "self.handle(json.loads(data))", "self.stop.is_set()"),
    "a comparison": ("self.peer is not None", "self.peer = json.loads(data)", "self.peer is None"),
    "two of them": ("self.running and self.peer", "self.handle(json.loads(data))", "not (self.running and self.peer)"),
    "a process may end before its last words": ("self.process.poll() is None", "self.handle(json.loads(data))", None),
    "nothing changes it": ("self.running", "print(json.loads(data))", None),
}


@pytest.mark.parametrize(("condition", "handling", "end"), CONDITIONS.values(), ids=CONDITIONS)
def test_condition_that_a_document_may_change_is_asked_before_the_next(
    condition: str, handling: str, end: str | None
) -> None:
    """A read may bring several documents; the program as it was read one, and asked its condition again."""
    after = CONDITION.replace("import json\n    ", "").replace(
        "socket\n", "socket\n\n    from unchunk import iter_json\n", 1
    )
    head, _, _ = after.partition("            while")
    loop = [
        "def chunks():",
        f"    while {condition} and (data := connection.recv(4096)):",
        "        yield data",
        "",
        "for data in iter_json(chunks()):",
        f"    {handling.replace('json.loads(data)', 'data')}",
        *([f"    if {end}:", "        break"] if end else []),
    ]
    body = "".join(f"            {line}\n" if line else "\n" for line in loop)
    check_transformed(CONDITION.format(condition, handling), head + body)


READ_AND_DECODED = {
    "as it comes": ("while True:\n    data = connection.recv(4096).decode()", False),
    "until it ends": (
        'while True:\n    data = connection.recv(4096).decode("utf-8")\n    if not data:\n        break',
        True,
    ),
}


@pytest.mark.parametrize(("loop", "safe"), READ_AND_DECODED.values(), ids=READ_AND_DECODED)
def test_read_that_is_decoded_at_once(loop: str, safe: bool) -> None:
    check_transformed(
        SOCKET.format(at(f"{loop}\n    data = json.loads(data)\n    print(data)")), VALUES.format(at(HEAD)), safe=safe
    )


def test_read_that_is_decoded_at_once_and_needed_otherwise() -> None:
    loop = "while True:\n    data = connection.recv(9).decode()\n    print(data)\n    print(json.loads(data))"
    head = r'for data in rechunk(iter(lambda: connection.recv(9), b""), at="document", end=b"\n"):'
    body = "    data = data.decode()\n    print(data)\n    print(json.loads(data))"
    check_transformed(SOCKET.format(at(f"{LONG}\n{loop}")), PIECES.format(at(f"{LONG}\n{head}\n{body}")), safe=False)


def test_awaited_read_that_is_decoded_at_once_loses_its_parentheses() -> None:
    check_transformed(
        """
        import asyncio
        import json

        async def f(host):
            reader, writer = await asyncio.open_connection(host, 80)
            while True:
                line = (await reader.read(100)).decode()
                if not line:
                    break
                print(json.loads(line))
        """,
        """
        import asyncio

        from unchunk import aiter_json

        async def f(host):
            reader, writer = await asyncio.open_connection(host, 80)

            async def chunks():
                while line := await reader.read(100):
                    yield line

            async for data in aiter_json(chunks()):
                print(data)
        """,
    )


@pytest.mark.parametrize(
    "loop",
    [
        "for _ in range(3):\n    data = connection.recv(4096)\n    print(json.loads(data))",
        "for question in questions:\n    connection.sendall(question)\n    print(json.loads(connection.recv(4096)))",
        "for _ in range(3):\n    print(ask(connection))",
    ],
    ids=["counted", "asked", "read by a helper"],
)
def test_what_a_loop_of_reads_goes_through_is_no_stream(loop: str) -> None:
    helper = "def ask(connection):\n    return json.loads(connection.recv(4096))\n\n"
    check_refused(
        SOCKET.replace("def f(host)", f"{helper}def f(host, questions)").format(at(loop)), "not iterated over"
    )


def test_empty_read_that_ends_the_condition_of_the_loop_ends_the_reads() -> None:
    loop = """
running = True
while running:
    data = connection.recv(4096)
    if not data:
        running = False
    else:
        print(json.loads(data))
"""
    after = """
running = True

def chunks():
    while running and (data := connection.recv(4096)):
        yield data

for data in rechunk(chunks(), at="document", skip_blank=True):
    if not running:
        break
    if not data:
        running = False
    else:
        print(json.loads(data))
"""
    check_transformed(SOCKET.format(at(loop)), PIECES.format(at(after)), safe=False)
