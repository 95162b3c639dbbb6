"""Fragments of a model's text, and the arguments of tool calls."""

from __future__ import annotations

import pytest

from .rewrites import check_noop, check_refused, check_transformed, program

TOP = """import json

from openai import OpenAI

stream = OpenAI().chat.completions.create(model='m', messages=[], stream=True)
"""
VALUES = TOP.replace("import json\n\n", "").replace("OpenAI\n\n", "OpenAI\nfrom unchunk import {}\n\n", 1)
KEEPS = TOP.replace("OpenAI\n\n", "OpenAI\nfrom unchunk import {}\n\n", 1)

TRANSFORMED = {
    "the text of each event": (
        """
for chunk in stream:
    data = json.loads(chunk.choices[0].delta.content)
    print(data)
""",
        "iter_json",
        """
for data in iter_json(chunk.choices[0].delta.content for chunk in stream):
    print(data)
""",
    ),
    "tests for text vanish, tests for the event become filters": (
        """
for chunk in stream:
    if not chunk.choices:
        continue
    delta = chunk.choices[0].delta
    if delta.content:
        data = json.loads(delta.content)
        print(data)
""",
        "iter_json",
        """
for data in iter_json(
    chunk.choices[0].delta.content for chunk in stream if chunk.choices
):
    print(data)
""",
    ),
    "a text that may be missing": (
        """
for chunk in stream:
    print(json.loads(chunk.choices[0].delta.content or ""))
""",
        "iter_json",
        """
for data in iter_json(chunk.choices[0].delta.content or "" for chunk in stream):
    print(data)
""",
    ),
    "the arguments of tool calls are collected by index": (
        """
for chunk in stream:
    for call in chunk.choices[0].delta.tool_calls or []:
        arguments = json.loads(call.function.arguments)
        print(arguments)
print("end")
""",
        "JSONFragments",
        """
fragments = JSONFragments()
for chunk in stream:
    for call in chunk.choices[0].delta.tool_calls or []:
        fragments.add(call.index, call.function.arguments)
for arguments in fragments.finish_all().values():
    print(arguments)
print("end")
""",
    ),
}
UNSAFE = {
    "a decoder is fed where the event is needed, too": (
        """
for chunk in stream:
    content = chunk.choices[0].delta.content
    if content:
        data = json.loads(content)
        print(chunk.id, data)
print("end")
""",
        "JSONStreamDecoder",
        """
decoder = JSONStreamDecoder()
for chunk in stream:
    content = chunk.choices[0].delta.content
    if content:
        for data in decoder.feed(content):
            print(chunk.id, data)
decoder.close()
print("end")
""",
    ),
}
REFUSED = {
    "the name of the function comes with the first fragment only": """
for chunk in stream:
    for call in chunk.choices[0].delta.tool_calls or []:
        print(call.function.name, json.loads(call.function.arguments))
""",
    "the name of the one function comes with the first fragment only": """
for chunk in stream:
    delta = chunk.choices[0].delta
    if delta.function_call:
        print(delta.function_call.name, json.loads(delta.function_call.arguments))
""",
    "whether there are arguments is asked where they are parsed": """
for chunk in stream:
    call = chunk.choices[0].delta.function_call
    print(chunk.id, json.loads(call.arguments) if hasattr(call, "arguments") else {})
""",
    "a default would stand in the middle of a document": """
for chunk in stream:
    print(chunk.id, json.loads(chunk.choices[0].delta.content or "{}"), end=chunk.id)
    break
""",
    "the loop is left with the first value, and the event is needed": """
for chunk in stream:
    data = json.loads(chunk.choices[0].delta.content)
    if data:
        print(chunk.id)
        break
""",
}


@pytest.mark.parametrize(("before", "names", "after"), TRANSFORMED.values(), ids=TRANSFORMED)
def test_transformed(before: str, names: str, after: str) -> None:
    check_transformed(TOP + before, VALUES.format(names) + after)


@pytest.mark.parametrize(("before", "names", "after"), UNSAFE.values(), ids=UNSAFE)
def test_transformed_if_asked_for(before: str, names: str, after: str) -> None:
    check_transformed(TOP + before, VALUES.format(names) + after, safe=False)


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_refused(source: str) -> None:
    check_refused(TOP + source, "")


def test_swallowed_error_keeps_its_body() -> None:
    check_transformed(
        TOP
        + """
for chunk in stream:
    content = chunk.choices[0].delta.content
    if not content:
        continue
    try:
        data = json.loads(content)
    except json.JSONDecodeError:
        continue
    print(data)
""",
        KEEPS.format("rechunk")
        + """
for content in rechunk(
    (chunk.choices[0].delta.content for chunk in stream), at='document'
):
    if not content:
        continue
    try:
        data = json.loads(content)
    except json.JSONDecodeError:
        continue
    print(data)
""",
    )


def test_partial_json_of_anthropic_with_two_filters() -> None:
    check_transformed(
        """
        import json

        import anthropic

        with anthropic.Anthropic().messages.stream(model="m", max_tokens=9, messages=[]) as stream:
            for event in stream:
                if event.type == "content_block_delta" and event.delta.type == "input_json_delta":
                    print(json.loads(event.delta.partial_json))
        """,
        """
        import anthropic
        from unchunk import iter_json

        with anthropic.Anthropic().messages.stream(model="m", max_tokens=9, messages=[]) as stream:
            for event in iter_json(
                event.delta.partial_json
                for event in stream
                if event.type == "content_block_delta" and event.delta.type == "input_json_delta"
            ):
                print(event)
        """,
    )


def test_async_fragments() -> None:
    check_transformed(
        """
        import json

        from openai import AsyncOpenAI

        async def f():
            stream = await AsyncOpenAI().chat.completions.create(model="m", messages=[], stream=True)
            async for chunk in stream:
                if chunk.choices[0].delta.content is not None:
                    yield json.loads(chunk.choices[0].delta.content)
        """,
        """
        from openai import AsyncOpenAI
        from unchunk import aiter_json

        async def f():
            stream = await AsyncOpenAI().chat.completions.create(model="m", messages=[], stream=True)
            async for data in aiter_json(chunk.choices[0].delta.content async for chunk in stream):
                yield data
        """,
    )


def test_error_that_is_swallowed_where_the_event_is_needed_is_left() -> None:
    check_refused(
        TOP
        + """
for chunk in stream:
    print(chunk.id)
    try:
        print(json.loads(chunk.choices[0].delta.content))
    except ValueError:
        pass
""",
        "is decided for each event",
    )


def test_text_that_is_put_together_stays() -> None:
    check_noop(
        TOP
        + """
text = ""
for chunk in stream:
    text += chunk.choices[0].delta.content or ""
print(json.loads(text))
"""
    )


HANDED_ON = """
    import json
    import openai

    client = openai.OpenAI()
    stream = client.chat.completions.create(model="m", messages=[], stream=True)

    def handle(text):
        data = json.loads(text)
        print(data)

    for chunk in STREAM:
        handle(chunk.choices[0].delta.content)
    """


@pytest.mark.parametrize(
    ("stream", "head"),
    [
        (
            "stream",
            'rechunk(\n    (chunk.choices[0].delta.content for chunk in stream), at="document", skip_blank=True\n):',
        ),
        (
            "client.chat.completions.create(model=model, messages=messages, stream=True)",
            """rechunk(
    (
        chunk.choices[0].delta.content
        for chunk in client.chat.completions.create(model=model, messages=messages, stream=True)
    ),
    at="document",
    skip_blank=True,
):""",
        ),
    ],
)
def test_function_is_given_whole_documents(stream: str, head: str) -> None:
    before = program(HANDED_ON.replace("STREAM", stream))
    after = before.replace("import openai\n", "import openai\nfrom unchunk import rechunk\n")
    after = after.replace(f"for chunk in {stream}:", f"for content in {head}").replace(
        "handle(chunk.choices[0].delta.content)", "handle(content)"
    )
    check_transformed(before, after)


def test_event_that_is_needed_is_not_taken_from_the_function() -> None:
    before = HANDED_ON.replace("STREAM", "stream").replace("handle(c", "print(chunk.id)\n        handle(c")
    check_refused(before, "the event is needed for something else")
