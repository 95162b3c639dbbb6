"""Loops that need their pieces keep their body; the stream is cut again into what the body takes a piece for."""

from __future__ import annotations

import textwrap

import pytest

from .rewrites import check_noop, check_refused, check_transformed, program

from unchunk.analysis import check_source  # isort: skip
from unchunk.codemod import fix_source  # isort: skip
from unchunk.codemod.plan import plan  # isort: skip

WITH_ELSE = """
import json

def show(response):
    for chunk in response.iter_content(None):
        print(json.loads(chunk))
    else:
        print(chunk[-3:])
"""
BODIES = {
    # What the body does to `chunk`, and what the stream has to be cut into for it.
    "try:\n    data = json.loads(chunk)\nexcept ValueError:\n    continue\nprint(data)": 'at="document"',
    "print(json.loads(chunk, parse_float=str))": 'at="document", skip_blank=True',
    "for line in chunk.splitlines():\n    print(json.loads(line))": 'at="line"',
    "for line in chunk.decode().split('\\n'):\n    if line:\n        print(json.loads(line))": 'at="line"',
    "for line in chunk.split(b'\\r\\n'):\n    if line:\n        print(json.loads(line))": 'at=b"\\r\\n"',
    "for part in chunk.split(b'\\0'):\n    if part:\n        print(json.loads(part.decode()))": 'at=b"\\0"',
    "for part in chunk.split('\\x1e'):\n    if part:\n        print(json.loads(part))": 'at="\\x1e"',
    "for part in chunk.split(b'\\n\\n'):\n    if part:\n        print(json.loads(part[6:]))": 'at="event"',
    "print(json.loads(chunk.split(b'data: ')[1]), chunk)": 'at="event"',
    "print(json.loads(chunk[6:-2]), chunk)": 'at="event"',
    "try:\n    print(json.loads(chunk[6:-2]))\nexcept ValueError:\n    print('end')": 'at="event"',
    "BEGIN, END = 'data: ', '\\n\\n'\nprint(json.loads(chunk[len(BEGIN) : -len(END)]), chunk)": 'at="event"',
    "if chunk.startswith(b'data: {'):\n    print(json.loads(chunk[6:]), chunk)": 'at="event"',
    "if b'content' in chunk:\n    print(json.loads(chunk.split(b'data: ')[1]), chunk)": 'at="event"',
    "for x in chunk.decode().split('\\n'):\n    if x.startswith('ok '):\n        print(json.loads(x[3:]))": 'at="line"',
    "for x in chunk.split(b'\\n'):\n    if x.startswith(b'data: {'):\n        print(json.loads(x[6:]))": 'at="line"',
    "if b'[DONE]' in chunk:\n    print('end')\n    break\nprint(json.loads(chunk[6:]))": 'at="event"',
    # More ways through than can be told apart at once.
    "print(bool(chunk))\ndata = json.loads(chunk)\nif data.get('a'):\n    print('a')\n"
    "if data.get('b'):\n    print('b')\nif data.get('c'):\n    print('c')": 'at="document", skip_blank=True',
    "import re\nfor line in re.split(rb'\\r?\\n', chunk):\n    if line:\n        print(json.loads(line))": 'at="line"',
}


TELLING_BODIES = {
    # What shows that a piece has lost its line end, or holds something back, is for a person to look at.
    "n = len(chunk)\nprint(n, json.loads(chunk))": 'at="document", end=b"\\n"',
    "print(json.loads(chunk), chunk)": 'at="document", end=b"\\n"',
    "yield chunk\nprint(json.loads(chunk))": 'at="document", end=b"\\n"',
    "if not chunk.strip():\n    break\nprint(json.loads(chunk))": 'at="document", end=b"\\n"',
    "print(json.loads(chunk[6:]), chunk)": 'at="event"',
    "print(json.loads(chunk[8:]), chunk)": 'at="line"',
    "if chunk.startswith(b'>>'):\n    print(json.loads(chunk[2:]), chunk)": 'at="line"',
    "kind, _, rest = chunk.partition(b':')\nprint(kind, json.loads(rest))": 'at="event"',
}
ALL_BODIES = [(body, at, bodies is BODIES) for bodies in (BODIES, TELLING_BODIES) for body, at in bodies.items()]


@pytest.mark.parametrize(("body", "options", "safe"), ALL_BODIES)
def test_stream_is_cut_into_what_the_body_takes_a_piece_for(body: str, options: str, safe: bool) -> None:
    if "'" in body:
        options = options.replace('"', "'")  # the module's own quotes
    inside = "\n        ".join(body.splitlines())
    text = "import json\n\nfrom unchunk import rechunk\n\ndef f(response):\n    for chunk in {}:\n        {}\n"
    before = text.replace("\nfrom unchunk import rechunk\n", "").format("response.iter_content(None)", inside)
    after = text.format(f"rechunk(response.iter_content(None), {options})", inside)
    check_transformed(before, after, safe=safe)


UNITS_REFUSED = {
    "print(json.loads(chunk[6:-9]), chunk)": "neither a document, lines nor server-sent events",
    "from there import BEGIN\nprint(json.loads(chunk[len(BEGIN) :]), chunk)": "cut off the beginning",
    "begin = find(chunk)\ntry:\n    print(json.loads(chunk[begin:]))\nexcept ValueError:\n    pass": "cut off the",
    "if b'data: ' in chunk:\n    print(json.loads(chunk[9:]))": "no server-sent event that could be made up",
    "print(json.loads(chunk.decode('utf-16-le')))": "decoded as utf-16-le",
    "lines = chunk.decode().splitlines()\nprint(len(lines), json.loads(''.join(lines)))": "not parsed one by one",
    "fields = dict(x.split(': ') for x in chunk.decode().split('\\n'))\nprint(json.loads(fields['d']))": "one by one",
    "try:\n    row = json.loads(chunk.strip(b', \\n'))\nexcept ValueError:\n    continue\nprint(row['k'])": "`[\\n`",
    "text = chunk.decode().lstrip('[,\\r\\n').rstrip(']')\nif text:\n    print(json.loads(text))": "would not come",
    "for part in chunk.split(b'\\0'):\n    print(json.loads(part))": "rest behind the last delimiter",
    "for part in chunk.decode().split('\\n'):\n    print(json.loads(part), chunk)": "rest behind the last delimiter",
}


@pytest.mark.parametrize(("body", "reason"), UNITS_REFUSED.items())
def test_what_takes_a_piece_for_something_else_is_refused(body: str, reason: str) -> None:
    inside = "\n        ".join(body.splitlines())
    check_refused(
        f"import json\n\ndef f(response):\n    for chunk in response.iter_content(None):\n        {inside}\n", reason
    )


TRANSFORMED = {
    "the helper that parses is left alone": (
        """
        import json

        def parse(chunk):
            return json.loads(chunk)

        def f(response):
            for chunk in response.iter_content(None):
                print(parse(chunk))
        """,
        """
        import json

        from unchunk import rechunk

        def parse(chunk):
            return json.loads(chunk)

        def f(response):
            for chunk in rechunk(response.iter_content(None), at="document", skip_blank=True):
                print(parse(chunk))
        """,
    ),
    "the helper that loops is left alone, since others may hand it lines": (
        """
        import json

        def consume(stream):
            for item in stream:
                print(json.loads(item))

        def f(response, other):
            consume(response.iter_content(None))
            consume(other.iter_lines())
        """,
        """
        import json

        from unchunk import rechunk

        def consume(stream):
            for item in stream:
                print(json.loads(item))

        def f(response, other):
            consume(rechunk(response.iter_content(None), at="document", skip_blank=True))
            consume(other.iter_lines())
        """,
    ),
    "a stream with a name is wrapped where it is handed to the helper": (
        """
        import json

        def consume(stream):
            for item in stream:
                for line in item.splitlines():
                    print(json.loads(line))

        def f(client):
            output = client.stream(
                "GET",
                "/",
            ).iter_bytes()
            consume(output)
        """,
        """
        import json

        from unchunk import rechunk

        def consume(stream):
            for item in stream:
                for line in item.splitlines():
                    print(json.loads(line))

        def f(client):
            output = client.stream(
                "GET",
                "/",
            ).iter_bytes()
            consume(rechunk(output, at="line"))
        """,
    ),
    "an iterator that several loops share is wrapped where it is made": (
        """
        import json

        def f(response):
            chunks = response.iter_content(None)
            first = next(chunks)
            for chunk in chunks:
                print(first, json.loads(chunk))
        """,
        """
        import json

        from unchunk import rechunk

        def f(response):
            chunks = rechunk(response.iter_content(None), at="document", skip_blank=True)
            first = next(chunks)
            for chunk in chunks:
                print(first, json.loads(chunk))
        """,
    ),
    "pieces that are put in another order are cut before that": (
        """
        import json

        def f(response):
            pieces = list(response.iter_content(None))
            pieces.reverse()
            for piece in pieces:
                print(json.loads(piece))
        """,
        """
        import json

        from unchunk import rechunk

        def f(response):
            pieces = list(rechunk(response.iter_content(None), at="document", skip_blank=True))
            pieces.reverse()
            for piece in pieces:
                print(json.loads(piece))
        """,
    ),
    "an iterator whose end is an error is not read in a generator": (
        """
        import json

        def f(response):
            chunks = response.iter_content(None)
            while True:
                row = json.loads(next(chunks))
                print(row)
        """,
        """
        import json

        from unchunk import rechunk

        def f(response):
            chunks = rechunk(response.iter_content(None), at="document", skip_blank=True)
            while True:
                row = json.loads(next(chunks))
                print(row)
        """,
    ),
    "one of two streams is wrapped where it is chosen": (
        """
        import json

        def f(response, by_line):
            stream = response.iter_lines() if by_line else response.iter_content(None)
            for item in stream:
                print(json.loads(item))
        """,
        """
        import json

        from unchunk import rechunk

        def f(response, by_line):
            stream = response.iter_lines() if by_line else rechunk(
                response.iter_content(None), at="document", skip_blank=True
            )
            for item in stream:
                print(json.loads(item))
        """,
    ),
    "a stream that is kept on self is wrapped where it is put there": (
        """
        import json

        class Reader:
            def __init__(self, response):
                self.stream = response.iter_content(None)

            def run(self):
                for chunk in self.stream:
                    print(json.loads(chunk))
        """,
        """
        import json

        from unchunk import rechunk

        class Reader:
            def __init__(self, response):
                self.stream = rechunk(
                    response.iter_content(None), at="document", skip_blank=True
                )

            def run(self):
                for chunk in self.stream:
                    print(json.loads(chunk))
        """,
    ),
    "two parse calls share one fix": (
        """
        import json

        def f(response, twice):
            for chunk in response.iter_content(None):
                if twice:
                    print(json.loads(chunk), json.loads(chunk))
                else:
                    print(json.loads(chunk))
        """,
        """
        import json

        from unchunk import rechunk

        def f(response, twice):
            for chunk in rechunk(response.iter_content(None), at="document", skip_blank=True):
                if twice:
                    print(json.loads(chunk), json.loads(chunk))
                else:
                    print(json.loads(chunk))
        """,
    ),
    "filter would drop empty values, so it goes on getting pieces": (
        """
        import json

        def f(response):
            for chunk in filter(None, response.iter_content(None)):
                print(json.loads(chunk))
        """,
        """
        import json

        from unchunk import rechunk

        def f(response):
            for chunk in filter(
                None, rechunk(response.iter_content(None), at="document", skip_blank=True)
            ):
                print(json.loads(chunk))
        """,
    ),
    "errors of another parser are caught around the loop": (
        """
        import orjson

        def f(response):
            try:
                for chunk in response.iter_content(None):
                    print(orjson.loads(chunk))
            except orjson.JSONDecodeError:
                print("broken")
        """,
        """
        import orjson
        from unchunk import rechunk

        def f(response):
            try:
                for chunk in rechunk(
                    response.iter_content(None), at="document", skip_blank=True
                ):
                    print(orjson.loads(chunk))
            except orjson.JSONDecodeError:
                print("broken")
        """,
    ),
    "a sentinel loop is wrapped as a whole": (
        """
        import json
        import socket

        def f(host):
            connection = socket.create_connection((host, 80))
            for data in iter(lambda: connection.recv(4096), b""):
                for line in data.splitlines():
                    print(json.loads(line))
        """,
        """
        import json
        import socket

        from unchunk import rechunk

        def f(host):
            connection = socket.create_connection((host, 80))
            for data in rechunk(iter(lambda: connection.recv(4096), b""), at="line"):
                for line in data.splitlines():
                    print(json.loads(line))
        """,
    ),
    "async": (
        """
        import json

        async def f(response):
            async for text in response.aiter_text():
                for line in text.splitlines():
                    print(json.loads(line))
        """,
        """
        import json

        from unchunk import arechunk

        async def f(response):
            async for text in arechunk(response.aiter_text(), at="line"):
                for line in text.splitlines():
                    print(json.loads(line))
        """,
    ),
    "generator that splits for another function": (
        """
        import json

        def lines(response):
            for chunk in response.iter_content(None):
                for line in chunk.splitlines():
                    yield line

        def f(response):
            for line in lines(response):
                print(json.loads(line))
        """,
        """
        import json

        from unchunk import rechunk

        def lines(response):
            for chunk in rechunk(response.iter_content(None), at="line"):
                for line in chunk.splitlines():
                    yield line

        def f(response):
            for line in lines(response):
                print(json.loads(line))
        """,
    ),
}


@pytest.mark.parametrize(("before", "after"), TRANSFORMED.values(), ids=TRANSFORMED)
def test_transformed(before: str, after: str) -> None:
    check_transformed(before, after)


UNSAFE = {
    "a piece goes through something that cannot be computed": """
        import json

        def f(response, state):
            for chunk in response.iter_content(None):
                state["last"] = chunk
                print(json.loads(state["last"]))
    """,
    "a heartbeat between the documents": """
        import json

        def f(response):
            for chunk in response.iter_content(None):
                if chunk == b"ping":
                    continue
                print(json.loads(chunk))
    """,
}


def test_a_piece_that_cannot_be_computed_comes_with_what_follows_it() -> None:
    result = fix_source(program(UNSAFE["a piece goes through something that cannot be computed"]), unsafe=True)
    assert """rechunk(response.iter_content(None), at="document", end=b"\\n")""" in result.source


def test_a_body_with_more_tests_than_ways_that_can_be_gone_is_cut_at_lines() -> None:
    tests = "".join(
        f"""
                    if data.get({number}):
                        state[{number}] = data"""
        for number in range(9)
    )
    before = f"""
        import json

        def f(response, state):
            for chunk in response.iter_content(None):
                for line in chunk.decode().splitlines():
                    if not line:
                        continue
                    data = json.loads(line){tests}
    """
    after = before.replace("response.iter_content(None)", 'rechunk(response.iter_content(None), at="line")')
    check_transformed(before, after.replace("import json\n", "import json\n\n        from unchunk import rechunk\n"))
    ends = (
        before.rstrip() + "\n                        break\n"
    )  # the rest of a piece is left out, but not that of a line
    check_refused(ends, "would not come as before")


def test_who_is_answered_line_by_line_or_not_is_not_guessed() -> None:
    loop = """
        import json
        import socket

        def f(connection: socket.socket):
            size = 0
            while data := connection.recv(4096):
                size += len(data)
                print(json.loads(data), size){}
    """
    assert fix_source(program(loop.format("")), unsafe=True).changed
    check_refused(loop.format("\n                connection.sendall(b'ok')"), "would not come as before")


@pytest.mark.parametrize("source", UNSAFE.values(), ids=UNSAFE)
def test_guess_is_unsafe_and_says_so(source: str) -> None:
    planned = plan(check_source(program(source)))
    assert [(entry.fixable, entry.safe, bool(entry.reason)) for entry in planned] == [(True, False, True)]


def test_stream_that_is_cut_again_already_stays() -> None:
    check_noop(TRANSFORMED["async"][1])


IS_TEXT = """
    import json

    def f(response, callback):
        for chunk in response.iter_content(None):
            try:
                text = json.loads(chunk)["text"]
            except ValueError:
                {}
            yield text
"""


@pytest.mark.parametrize("handling", ["text = chunk.decode()", "callback(chunk)", "print(chunk, end='')"])
def test_what_is_no_json_and_used_as_text_is_left(handling: str) -> None:
    check_refused(IS_TEXT.format(handling), "used as text")


def test_what_is_no_json_may_be_told() -> None:
    before = IS_TEXT.format("print('not JSON:', chunk)\n                continue")
    after = before.replace("json\n", "json\n\n    from unchunk import rechunk\n", 1)
    check_transformed(
        before,
        after.replace(
            "response.iter_content(None)", 'rechunk(response.iter_content(None), at="document", skip_blank=True)'
        ),
    )


def test_pieces_that_are_collected_first_are_cut_where_that_is_done() -> None:
    check_transformed(
        """
        import json
        import httpx

        async def show(response: httpx.Response):
            chunks = [chunk async for chunk in response.aiter_text()]
            for chunk in chunks:
                print(json.loads(chunk), bool(chunk))
        """,
        """
        import json
        import httpx
        from unchunk import arechunk

        async def show(response: httpx.Response):
            chunks = [chunk async for chunk in arechunk(
                response.aiter_text(), at="document", skip_blank=True
            )]
            for chunk in chunks:
                print(json.loads(chunk), bool(chunk))
        """,
    )


@pytest.mark.parametrize(
    "body",
    [
        # The number of a piece.
        """
        for number, text in enumerate(response.iter_text()):
            if text.startswith("data: ") and "[DONE]" not in text:
                print(number, json.loads(text[6:]))
        """,
        # What the last piece was.
        """
        for text in response.iter_text():
            last = text
            if text.startswith("data: ") and "[DONE]" not in text:
                print(json.loads(text[6:]))
        print(last)
        """,
        # What an earlier line of the same piece has told.
        """
        for text in response.iter_text():
            name = None
            for line in text.splitlines():
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:") and "[DONE]" not in line:
                    print(name, json.loads(line[5:]))
        """,
    ],
    ids=["numbered", "read behind the loop", "kept from line to line"],
)
def test_events_are_not_cut_into_lines_where_that_can_be_told(body: str) -> None:
    head = "import json\nimport httpx\n{}\ndef show(response: httpx.Response):\n"
    loop = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + "\n"
    after = loop.replace("response.iter_text()", 'rechunk(response.iter_text(), at="event")')
    check_transformed(head.format("") + loop, head.format("from unchunk import rechunk\n") + after)


@pytest.mark.parametrize(
    "body",
    [
        """
        for line in chunk.splitlines():
            if b'"text":' in line:
                print(json.loads(b"{" + line.strip().rstrip(b",") + b"}"))
        """,
    ],
)
def test_lines_that_are_chosen_by_what_is_in_them_are_for_a_person_to_tell(body: str) -> None:
    inside = textwrap.indent(textwrap.dedent(body).strip("\n"), " " * 8)
    text = "import json\n\n{}def f(response):\n    for chunk in {}:\n{}\n"
    before = text.format("", "response.iter_content(None)", inside)
    quoted = "'line'" if "'ok '" in body else '"line"'
    wrapped = f"rechunk(response.iter_content(None), at={quoted})"
    check_transformed(before, text.format("from unchunk import rechunk\n\n", wrapped, inside), safe=False)


def test_documents_that_are_parsed_apart_from_events_are_for_a_person_to_tell() -> None:
    check_transformed(
        """
        import json

        def show(response):
            for chunk in response.iter_content(None):
                if chunk[:6] == b"data: ":
                    print(json.loads(chunk[6:]))
                else:
                    print(json.loads(chunk))
        """,
        """
        import json

        from unchunk import rechunk

        def show(response):
            for chunk in rechunk(response.iter_content(None), at="event"):
                if chunk[:6] == b"data: ":
                    print(json.loads(chunk[6:]))
                else:
                    print(json.loads(chunk))
        """,
        safe=False,
    )


def test_every_call_that_makes_a_line_too_long_is_broken() -> None:
    loop = """
for chunk in {}:
    if chunk:
        print(bool(chunk), json.loads(chunk))
"""
    source = 'requests.get("https://example.com/{}", stream=True).iter_content(chunk_size=None)'
    call = 'rechunk(\n    {},\n    at="document",\n    skip_blank=True,\n)'
    both = [source.format(name) for name in ("a", "b")]
    before = "import json\nimport requests\n" + "".join(map(loop.format, both))
    after = "import json\nimport requests\nfrom unchunk import rechunk\n"
    check_transformed(before, after + "".join(loop.format(call.format(stream)) for stream in both))


def test_piece_that_is_read_in_the_else_of_the_loop_keeps_its_end() -> None:
    (planned,) = plan(check_source(program(WITH_ELSE)))
    assert not planned.safe
    assert 'end=b"\\n"' in fix_source(program(WITH_ELSE), unsafe=True).source
