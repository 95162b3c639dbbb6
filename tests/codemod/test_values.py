"""Loops whose steps are there to be parsed and for nothing else become loops over values."""

from __future__ import annotations

import pytest

from unchunk.codemod import fix_source

from .rewrites import check_noop, check_refused, check_transformed

RIGHT_ALREADY = {
    "lines are documents": """
        import json

        def f(response):
            for line in response.iter_lines():
                print(json.loads(line))
    """,
    "a buffer is kept": """
        import json

        def f(response):
            buffer = b""
            for chunk in response.iter_content(None):
                buffer += chunk
                while b"\\n" in buffer:
                    line, buffer = buffer.split(b"\\n", 1)
                    print(json.loads(line))
    """,
    "the whole is parsed": """
        import json

        def f(response):
            print(json.loads(b"".join(response.iter_content(None))))
    """,
    "values are taken already": """
        from unchunk import iter_json

        def f(response):
            for value in iter_json(response.iter_content(None)):
                print(value)
    """,
    "another parser of nothing we know": """
        import yaml

        def f(response):
            for chunk in response.iter_content(None):
                print(yaml.safe_load(chunk))
    """,
}

TRANSFORMED = {
    "the name that the value is given becomes the loop's": (
        """
        import json

        def f(response):
            for chunk in response.iter_content(None):
                data = json.loads(chunk)
                print(data)
        """,
        """
        from unchunk import iter_json

        def f(response):
            for data in iter_json(response.iter_content(None)):
                print(data)
        """,
    ),
    "a value without a name takes that of the step": (
        """
        import json
        import os

        def f(response):
            for chunk in response.iter_content(None):
                os.write(1, json.loads(chunk)["text"])
        """,
        """
        import os

        from unchunk import iter_json

        def f(response):
            for data in iter_json(response.iter_content(None)):
                os.write(1, data["text"])
        """,
    ),
    "blank tests, decoding, stripping, prefixes and the end mark vanish, their comments stay": (
        """
        import json

        def f(response):
            for chunk in response.iter_content(None):  # as they come
                # nothing to do for keep-alives
                if not chunk:
                    continue
                text = chunk.decode("utf-8").strip()  # it is UTF-8
                if text == "[DONE]":
                    break

                # the event
                event = json.loads(text)

                # what to do with it
                print(event)
        """,
        """
        from unchunk import iter_json

        def f(response):
            for event in iter_json(response.iter_content(None)):  # as they come
                # nothing to do for keep-alives
                # it is UTF-8
                # the event
                # what to do with it
                print(event)
        """,
    ),
    "a short body is moved out of a blank test": (
        """
        import json

        def f(response):
            for chunk in response.iter_content(None):
                if chunk:
                    data = json.loads(chunk)
                    print(data)  # here

                    # and there
                    print(data)
        """,
        """
        from unchunk import iter_json

        def f(response):
            for data in iter_json(response.iter_content(None)):
                print(data)  # here

                # and there
                print(data)
        """,
    ),
    "an async loop takes the async helper": (
        """
        import json

        async def f(response):
            async for chunk in response.aiter_bytes():
                yield json.loads(chunk)
        """,
        """
        from unchunk import aiter_json

        async def f(response):
            async for data in aiter_json(response.aiter_bytes()):
                yield data
        """,
    ),
    "another parser is handed on": (
        """
        import orjson

        def f(response):
            for chunk in response.iter_content(None):
                data = orjson.loads(chunk)
                print(data)
        """,
        """
        import orjson
        from unchunk import iter_json

        def f(response):
            for data in iter_json(response.iter_content(None), loads=orjson.loads):
                print(data)
        """,
    ),
    "a model that validates is handed on": (
        """
        from pydantic import BaseModel

        class Item(BaseModel):
            k: int

        def f(response):
            for chunk in response.iter_content(None):
                yield Item.model_validate_json(chunk)
        """,
        """
        from pydantic import BaseModel
        from unchunk import iter_json

        class Item(BaseModel):
            k: int

        def f(response):
            for data in iter_json(response.iter_content(None), loads=Item.model_validate_json):
                yield data
        """,
    ),
    "an annotation stays": (
        """
        import json

        def f(response):
            for chunk in response.iter_content(None):
                data: dict[str, int] = json.loads(chunk)
                print(data)
        """,
        """
        from unchunk import iter_json

        def f(response):
            for message in iter_json(response.iter_content(None)):
                data: dict[str, int] = message
                print(data)
        """,
    ),
    "break, continue, else, return and yield keep their meaning": (
        """
        import json

        def f(response):
            for chunk in response.iter_content(None):
                data = json.loads(chunk)
                if data == 1:
                    continue
                if data == 2:
                    break
                if data == 3:
                    return
                yield data
            else:
                print("all")
        """,
        """
        from unchunk import iter_json

        def f(response):
            for data in iter_json(response.iter_content(None)):
                if data == 1:
                    continue
                if data == 2:
                    break
                if data == 3:
                    return
                yield data
            else:
                print("all")
        """,
    ),
    "enumerate counts values": (
        """
        import json

        def f(response):
            for number, chunk in enumerate(response.iter_content(None), start=1):
                print(number, json.loads(chunk))
        """,
        """
        from unchunk import iter_json

        def f(response):
            for number, data in enumerate(iter_json(response.iter_content(None)), start=1):
                print(number, data)
        """,
    ),
    "aiohttp's pairs lose the flag that nobody reads": (
        """
        import json

        async def f(response):
            async for data, _ in response.content.iter_chunks():
                message = json.loads(data)
                print(message)
        """,
        """
        from unchunk import aiter_json

        async def f(response):
            async for message in aiter_json(response.content.iter_any()):
                print(message)
        """,
    ),
    "one loop of several in a function": (
        """
        import json

        def f(response, other):
            for chunk in other.iter_lines():
                print(chunk)
            for chunk in response.iter_content(None):
                print(json.loads(chunk))
            for chunk in other.iter_lines():
                print(chunk)
        """,
        """
        from unchunk import iter_json

        def f(response, other):
            for chunk in other.iter_lines():
                print(chunk)
            for data in iter_json(response.iter_content(None)):
                print(data)
            for chunk in other.iter_lines():
                print(chunk)
        """,
    ),
    "a body of nothing else is not empty afterwards": (
        """
        import json

        def f(response):
            data = None
            for chunk in response.iter_content(None):
                data = json.loads(chunk)
            return data
        """,
        """
        from unchunk import iter_json

        def f(response):
            data = None
            for data in iter_json(response.iter_content(None)):
                pass
            return data
        """,
    ),
    "statements on one line": (
        """
        import json

        def f(response):
            for chunk in response.iter_content(None):
                text = chunk.strip(); data = json.loads(text); print(data)
        """,
        """
        from unchunk import iter_json

        def f(response):
            for data in iter_json(response.iter_content(None)):
                print(data)
        """,
    ),
    "a whole loop on one line": (
        """
        import json

        def f(response):
            for chunk in response.iter_content(None): print(json.loads(chunk))
        """,
        """
        from unchunk import iter_json

        def f(response):
            for data in iter_json(response.iter_content(None)): print(data)
        """,
    ),
    "an SDK's decoded events are handed out as plain data": (
        """
        import json

        from openai import OpenAI

        client = OpenAI()
        stream = client.chat.completions.create(model="m", messages=[], stream=True)
        for chunk in stream:
            data = json.loads(chunk)
            print(data)
        """,
        """
        from openai import OpenAI
        from unchunk import iter_json

        client = OpenAI()
        stream = client.chat.completions.create(model="m", messages=[], stream=True)
        for data in iter_json(stream):
            print(data)
        """,
    ),
}

LEFT_TO_A_RECUT = {
    "the chunk is deleted": "data = json.loads(chunk)\n        del chunk\n        print(data)",
    "the chunk is global": "global chunk\n        data = json.loads(chunk)\n        print(data)",
    "the chunk is seen by a closure": "data = json.loads(chunk)\n        yield lambda: (chunk, data)",
    "the chunk is printed in an f-string": "data = json.loads(chunk)\n        print(f'{chunk=} {data}')",
    "something is counted first": "n = n + 1\n        data = json.loads(chunk)\n        print(data, n)",
    "a test is not about framing": "if len(chunk) < 10:\n            continue\n        print(json.loads(chunk))",
    "a handler is inside": "with open('x') as f:\n            data = json.loads(chunk)\n        print(data)",
}


@pytest.mark.parametrize("body", LEFT_TO_A_RECUT.values(), ids=LEFT_TO_A_RECUT)
def test_step_that_is_needed_stays_a_piece(body: str) -> None:
    source = f"import json\n\ndef f(response, n=0):\n    for chunk in response.iter_content(None):\n        {body}\n"
    if "global" in body:
        source = source.replace("        global chunk\n", "").replace(
            "    for chunk", "    global chunk\n    for chunk"
        )
    fixed = fix_source(source, unsafe=True).source
    assert "rechunk(response.iter_content(None), at=" in fixed
    assert "iter_json" not in fixed
    assert "json.loads(chunk)" in fixed


REFUSED = {
    "a flag that comes with the piece is read": (
        """
        import json

        async def f(response):
            async for data, last in response.content.iter_chunks():
                print(json.loads(data), last)
        """,
        "comes with each piece",
    ),
    "an event is needed beside its decoded self": (
        """
        import json

        from openai import OpenAI

        def f():
            for chunk in OpenAI().chat.completions.create(model="m", messages=[], stream=True):
                print(chunk.id, json.loads(chunk))
        """,
        "`chunk` is used for something else",
    ),
}


@pytest.mark.parametrize("source", RIGHT_ALREADY.values(), ids=RIGHT_ALREADY)
def test_what_is_right_stays(source: str) -> None:
    check_noop(source)


@pytest.mark.parametrize(("source", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(source: str, reason: str) -> None:
    check_refused(source, reason)


@pytest.mark.parametrize(("before", "after"), TRANSFORMED.values(), ids=TRANSFORMED)
def test_transformed(before: str, after: str) -> None:
    check_transformed(before, after)


def test_stream_that_was_unpacked_is_wrapped_where_its_one_loop_is() -> None:
    check_transformed(
        """
        import json
        import docker

        def f(name):
            code, output = docker.from_env().containers.get(name).exec_run("report", stream=True)
            for piece in output:
                print(json.loads(piece))
        """,
        """
        import docker
        from unchunk import iter_json

        def f(name):
            code, output = docker.from_env().containers.get(name).exec_run("report", stream=True)
            for data in iter_json(output):
                print(data)
        """,
    )


USED_TWICE = {
    "read on by hand": "print(json.loads(next(output)))\n    for piece in output:\n        print(piece)",
    "gone through twice": "print(next(output))\n    for piece in output:\n        print(json.loads(piece))",
    "bound twice": "if name:\n        code, output = get(name)\n    for piece in output: print(json.loads(piece))",
    "handed on": "show(output)",
}


@pytest.mark.parametrize("uses", USED_TWICE.values(), ids=USED_TWICE)
def test_stream_that_was_unpacked_and_is_used_elsewhere_is_refused(uses: str) -> None:
    check_refused(
        f"""
import json
import docker

def get(name):
    return docker.from_env().containers.get(name).exec_run("report", stream=True)

def show(output):
    for piece in output:
        print(json.loads(piece))

def f(name):
    code, output = get(name)
    {uses}
""",
        "unpacked at once",
    )


def test_stream_that_a_pattern_gives_a_name() -> None:
    text = """
import docker
{}
def f(name):
    match docker.from_env().containers.get(name).exec_run("report", stream=True):
        case (_, output):
            for {} in {}:
                print({})
"""
    check_transformed(
        text.replace("docker\n", "docker\nimport json\n", 1).format("", "piece", "output", "json.loads(piece)"),
        text.format("from unchunk import iter_json\n", "data", "iter_json(output)", "data"),
    )
    check_refused(
        text.replace("docker\n", "docker\nimport json\n", 1).format(
            "", "piece", "output", "json.loads(piece), next(output)"
        ),
        "",
    )


NAMES = {
    "chunk": "data",
    "c": "data",
    "event": "event",
    "entry": "entry",
    "raw": "data",
    "raw_line": "data",
    "byts": "data",
    "text": "data",
}


@pytest.mark.parametrize(("step", "value"), NAMES.items())
def test_value_is_not_called_what_only_a_piece_is(step: str, value: str) -> None:
    head = "import json\n{}\ndef show(response):\n"
    before = head.format("") + f"    for {step} in response.iter_content(None):\n        yield json.loads({step})\n"
    loop = f"    for {value} in iter_json(response.iter_content(None)):\n        yield {value}\n"
    check_transformed(before, "from unchunk import iter_json\n\ndef show(response):\n" + loop)


def test_value_is_not_called_what_something_else_is() -> None:
    check_transformed(
        """
        import json

        def show(response, data):
            for raw in response.iter_content(None):
                data.append(json.loads(raw))
        """,
        """
        from unchunk import iter_json

        def show(response, data):
            for message in iter_json(response.iter_content(None)):
                data.append(message)
        """,
    )


READ_LATER = {
    "function above the loop": ("def show():\n        return text", "show()"),
    "lambda above the loop": ("show = lambda: text", "show()"),
    "generator above the loop": ("sizes = (len(text) for _ in range(9))", "next(sizes)"),
    "locals": ("pass", "print(locals())"),
    "eval": ("pass", "eval('text')"),
}


@pytest.mark.parametrize(("above", "use"), READ_LATER.values(), ids=READ_LATER)
@pytest.mark.parametrize("inside", [True, False])
def test_name_that_is_read_by_other_ways_stays(above: str, use: str, inside: bool) -> None:
    source = f"""import json

def f(response):
    {above}
    for chunk in response.iter_content(None):
        text = chunk.decode()
        print(json.loads(text)){"; " + use if inside else ""}
    {use}
"""
    assert "text = chunk.decode()" in fix_source(source, unsafe=True).source


def test_what_only_prepared_a_name_that_vanishes_goes_with_it() -> None:
    check_transformed(
        """
        import json

        def f(response):
            text: str
            line = ""  # none yet
            for chunk in response.iter_content(None):
                text = chunk.decode()
                line = text.strip()
                print(json.loads(line))
        """,
        """
        from unchunk import iter_json

        def f(response):
            # none yet
            for data in iter_json(response.iter_content(None)):
                print(data)
        """,
    )


@pytest.mark.parametrize("iterated", ["zip(range(1000), {})", "zip({}, range(1000))", "zip(names, {})"])
def test_stream_by_a_name_among_what_is_zipped_is_wrapped(iterated: str) -> None:
    target = "c, i" if iterated.startswith("zip({}") else "i, c"
    before = f"""
        import json
        import requests

        def f(url, names):
            response = requests.get(url, stream=True)
            stream = response.iter_content(None)
            for {target} in {iterated.format("stream")}:
                print(i, json.loads(c))
        """
    after = before.replace(
        "import json\n        import requests\n", "import requests\n        from unchunk import iter_json\n"
    )
    after = after.replace(f"for {target}", f"for {target.replace('c', 'data')}")
    after = after.replace(iterated.format("stream"), iterated.format("iter_json(stream)"))
    after = after.replace("json.loads(c)", "data")
    check_transformed(before, after)
