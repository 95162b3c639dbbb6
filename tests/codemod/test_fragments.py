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
    "blanks that are stripped for the parser only": (
        """
for chunk in stream:
    text = (chunk.choices[0].delta.content or "").strip()
    if text:
        print(json.loads(text))
""",
        "iter_json",
        """
for data in iter_json((chunk.choices[0].delta.content or "") for chunk in stream):
    print(data)
""",
    ),
}
UNSAFE = {
    "a name is taken from the first fragment of a tool call": (
        """
for chunk in stream:
    for call in chunk.choices[0].delta.tool_calls or []:
        print(call.index, call.function.name, json.loads(call.function.arguments))
""",
        "JSONFragments",
        """
fragments = JSONFragments()
calls = {}
for chunk in stream:
    for call in chunk.choices[0].delta.tool_calls or []:
        calls.setdefault(call.index, call)
        fragments.add(call.index, call.function.arguments)
for index, arguments in fragments.finish_all().items():
    print(index, calls[index].function.name, arguments)
""",
    ),
    "names that the program keeps by index": (
        """
names = {}
for chunk in stream:
    for call in chunk.choices[0].delta.tool_calls or []:
        if call.function.name:
            names[call.index] = call.function.name
        if call.function.arguments:
            arguments = json.loads(call.function.arguments)
            print(names[call.index], arguments)
""",
        "JSONFragments",
        """
names = {}
fragments = JSONFragments()
for chunk in stream:
    for call in chunk.choices[0].delta.tool_calls or []:
        if call.function.name:
            names[call.index] = call.function.name
        if call.function.arguments:
            fragments.add(call.index, call.function.arguments)
for index, arguments in fragments.finish_all().items():
    print(names[index], arguments)
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
UNSAFE |= {
    "the loop ends where the event says so": (
        """
for chunk in stream:
    choice = chunk.choices[0]
    if choice.finish_reason:
        print("finish", choice.finish_reason)
        break
    if choice.delta.content:
        print(json.loads(choice.delta.content))
""",
        "JSONStreamDecoder",
        """
decoder = JSONStreamDecoder()
for chunk in stream:
    choice = chunk.choices[0]
    if choice.finish_reason:
        decoder.close()
        print("finish", choice.finish_reason)
        break
    if choice.delta.content:
        for data in decoder.feed(choice.delta.content):
            print(data)
decoder.close()
""",
    ),
    "the text is put together, too": (
        """
text = ""
for chunk in stream:
    content = chunk.choices[0].delta.content or ""
    text += content
    if content:
        data = json.loads(content)
        print(chunk.id, data)
print(text, data, chunk.usage)
""",
        "JSONStreamDecoder",
        """
text = ""
decoder = JSONStreamDecoder()
for chunk in stream:
    content = chunk.choices[0].delta.content or ""
    text += content
    if content:
        for data in decoder.feed(content):
            print(chunk.id, data)
decoder.close()
print(text, data, chunk.usage)
""",
    ),
    "the loop may be left in the middle of the text": (
        """
for chunk in stream:
    if stopped():
        break
    if chunk.choices[0].delta.content:
        print(chunk.id, json.loads(chunk.choices[0].delta.content))
""",
        "JSONStreamDecoder",
        """
decoder = JSONStreamDecoder()
for chunk in stream:
    if stopped():
        break
    if chunk.choices[0].delta.content:
        for data in decoder.feed(chunk.choices[0].delta.content):
            print(chunk.id, data)
""",
    ),
    "each choice has a text of its own": (
        """
for chunk in stream:
    for choice in chunk.choices:
        if choice.delta.content:
            print(choice.index, json.loads(choice.delta.content))
""",
        "JSONStreamDecoder",
        """
decoders = {}
for chunk in stream:
    for choice in chunk.choices:
        if choice.delta.content:
            for data in decoders.setdefault(
                choice.index, JSONStreamDecoder()
            ).feed(choice.delta.content):
                print(choice.index, data)
for decoder in decoders.values():
    decoder.close()
""",
    ),
}
REFUSED = {
    "a text is changed before it is parsed": """
for chunk in stream:
    print(chunk.id, json.loads(chunk.choices[0].delta.content.replace("None", "null")))
""",
    "blanks are stripped, which may stand in a string": """
for chunk in stream:
    text = (chunk.choices[0].delta.content or "").strip()
    if text:
        print(chunk.id, json.loads(text))
""",
    "the first few events are taken": """
from itertools import islice

for chunk in islice(stream, 2):
    print(json.loads(chunk.choices[0].delta.content))
""",
    "texts are chosen by what they say": """
for chunk in stream:
    content = chunk.choices[0].delta.content
    if content[0] == "{":
        print(json.loads(content))
""",
    "texts are chosen by what they say, and the event is needed": """
for chunk in stream:
    content = chunk.choices[0].delta.content
    if content and content.startswith("{"):
        print(chunk.id, json.loads(content))
""",
    "events are counted": """
count = 0
for chunk in stream:
    count += 1
    if chunk.choices[0].delta.content:
        print(chunk.id, json.loads(chunk.choices[0].delta.content))
""",
    "an event without text is told about": """
for chunk in stream:
    content = chunk.choices[0].delta.content
    try:
        print(json.loads(content))
    except ValueError:
        print("nothing")
""",
    "the role comes with one of the fragments": """
for chunk in stream:
    delta = chunk.choices[0].delta
    if delta.content:
        print(delta.role, json.loads(delta.content))
""",
    "a fragment is told beside the value": """
for chunk in stream:
    delta = chunk.choices[0].delta
    if delta.content:
        print(chunk.id, delta.content, json.loads(delta.content))
""",
    "the text so far is told beside the value": """
text = ""
for chunk in stream:
    delta = chunk.choices[0].delta
    if delta.content:
        text += delta.content
        print(chunk.id, text, json.loads(delta.content))
""",
    "the text is printed between the values": """
for chunk in stream:
    content = chunk.choices[0].delta.content
    if content:
        print(content, end="")
        print(chunk.id, json.loads(content))
""",
    "fragments are kept in a list that is counted": """
texts = []
for chunk in stream:
    content = chunk.choices[0].delta.content
    if content:
        texts.append(content)
        print(chunk.id, json.loads(content))
print(len(texts))
""",
    "a fragment is kept in an attribute": """
class Chat:
    def run(self):
        for chunk in stream:
            content = chunk.choices[0].delta.content
            if content:
                self.last = content
                print(chunk.id, json.loads(content))
""",
    "the text so far is in an attribute that a method may read": """
class Chat:
    def run(self):
        for chunk in stream:
            content = chunk.choices[0].delta.content
            if content:
                self.text += content
                self.handle(json.loads(content))
""",
    "texts are chosen by how long they are": """
for chunk in stream:
    content = chunk.choices[0].delta.content
    if len(content) > 2:
        print(json.loads(content))
""",
    "a function that stands above reads the text": """
def show():
    print(len(text))

for chunk in stream:
    text = chunk.choices[0].delta.content
    if text:
        print(json.loads(text))
        show()
""",
    "the whole event is handed on with the value": """
for chunk in stream:
    if chunk.choices[0].delta.content:
        handle(chunk, json.loads(chunk.choices[0].delta.content))
""",
    "the text is read after the loop, and the event is needed": """
for chunk in stream:
    text = chunk.choices[0].delta.content
    if text:
        print(chunk.id, json.loads(text))
print(text)
""",
    "a function that stands above reads the text, and the event is needed": """
def show():
    print(text)

for chunk in stream:
    text = chunk.choices[0].delta.content
    if text:
        print(chunk.id, json.loads(text))
        show()
""",
    "something else is done in the loop over tool calls": """
for chunk in stream:
    for call in chunk.choices[0].delta.tool_calls or []:
        if call.function.arguments:
            print(json.loads(call.function.arguments))
    if chunk.choices[0].finish_reason:
        print("end")
""",
    "the name is that of the last call when the arguments are whole": """
for chunk in stream:
    for call in chunk.choices[0].delta.tool_calls or []:
        if call.function.name:
            name = call.function.name
        if call.function.arguments:
            print(name, json.loads(call.function.arguments))
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


TRIED = """
for chunk in stream:
    text = chunk.choices[0].delta.content
    try:
        print(json.loads(text))
    except json.JSONDecodeError as error:
        {}
"""


def test_event_without_text_that_ends_the_program_is_no_more_meant_than_one_the_parser_fails_at() -> None:
    raised = "raise RuntimeError(text) from error"
    pieces = "    (chunk.choices[0].delta.content for chunk in stream), at='document', skip_blank=True\n"
    head = f"for text in rechunk(\n{pieces}):"
    after = TRIED.replace("for chunk in stream:\n    text = chunk.choices[0].delta.content", head)
    check_transformed(TOP + TRIED.format(raised), KEEPS.format("rechunk") + after.format(raised))


def test_event_without_text_that_is_told_of_is_left() -> None:
    check_refused(TOP + TRIED.format('print("no document", error)'), "event without text")


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


def test_path_that_is_read_twice_gets_a_name() -> None:
    check_transformed(
        TOP
        + """
for chunk in stream:
    delta = chunk.choices[0].delta
    try:
        data = json.loads(delta.content)
    except json.JSONDecodeError:
        continue
    if delta.content:
        print(data)
""",
        KEEPS.format("rechunk")
        + """
for content in rechunk(
    (chunk.choices[0].delta.content for chunk in stream), at='document'
):
    try:
        data = json.loads(content)
    except json.JSONDecodeError:
        continue
    if content:
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
            for data in iter_json(
                event.delta.partial_json
                for event in stream
                if event.type == "content_block_delta" and event.delta.type == "input_json_delta"
            ):
                print(data)
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


@pytest.mark.parametrize(
    "parsed", ["json.loads({}.replace('None', 'null'))", "json.loads({}, parse_float=str)", "orjson.loads({}[:])"]
)
def test_text_that_is_changed_or_parsed_by_others_is_cut_again(parsed: str) -> None:
    top = TOP.replace("import json\n", "import json\nimport orjson\n")
    before = f"{top}\nfor chunk in stream:\n    print({parsed.format('chunk.choices[0].delta.content')})\n"
    head = "rechunk(\n    (chunk.choices[0].delta.content for chunk in stream), at='document', skip_blank=True\n)"
    after = f"{top}\nfor content in {head}:\n    print({parsed.format('content')})\n"
    check_transformed(before, after.replace("import OpenAI\n", "import OpenAI\nfrom unchunk import rechunk\n"))


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


def test_function_is_called_behind_a_test_for_text() -> None:
    before = program(HANDED_ON.replace("STREAM", "stream")).replace(
        "    handle(c", "    if chunk.choices[0].delta.content:\n        handle(text=c"
    )
    after = before.replace("import openai\n", "import openai\nfrom unchunk import rechunk\n")
    source = "(chunk.choices[0].delta.content for chunk in stream)"
    head = f'for content in rechunk(\n    {source}, at="document", skip_blank=True\n):'
    after = after.replace("for chunk in stream:", head).replace("chunk.choices[0].delta.content:\n", "content:\n")
    check_transformed(before, after.replace("text=chunk.choices[0].delta.content", "text=content"))


def test_event_that_is_needed_is_not_taken_from_the_function() -> None:
    before = HANDED_ON.replace("STREAM", "stream").replace("handle(c", "print(chunk.id)\n        handle(c")
    check_refused(before, "the event is needed for something else")
