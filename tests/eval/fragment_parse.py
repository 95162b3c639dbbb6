"""Fragments of a model's text parsed as they come, and texts that are whole."""

import json

import anthropic
import openai
from openai import AsyncOpenAI, OpenAI
from together import Together

client = OpenAI()


def content():
    stream = client.chat.completions.create(model="m", messages=[], stream=True)
    for chunk in stream:
        text = chunk.choices[0].delta.content
        if text:
            print(json.loads(text))  # error: UNC103


def content_of_together():
    response = Together().chat.completions.create(model="m", messages=[], stream=True)
    for chunk in response:
        print(json.loads(chunk.choices[0].delta.content))  # error: UNC103


async def tool_calls(client: AsyncOpenAI):
    stream = await client.chat.completions.create(model="m", messages=[], stream=True)
    async for chunk in stream:
        for call in chunk.choices[0].delta.tool_calls or []:
            print(json.loads(call.function.arguments))  # error: UNC103


def as_dicts():
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        event = chunk.model_dump()
        print(json.loads(event["choices"][0]["delta"]["content"]))  # error: UNC103


def untyped(stream):
    for chunk in stream:
        print(json.loads(chunk.choices[0].delta.content))  # error: UNC103


def partial_json():
    with anthropic.Anthropic().messages.stream(model="m", max_tokens=9, messages=[]) as stream:
        for event in stream:
            if event.type == "content_block_delta":
                print(json.loads(event.delta.partial_json))  # error: UNC103


# What is right.


def collected():
    text = ""
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        text += chunk.choices[0].delta.content or ""
    print(json.loads(text))


def collected_by_call():
    calls = {}
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        for call in chunk.choices[0].delta.tool_calls or []:
            calls.setdefault(call.index, "")
            calls[call.index] += call.function.arguments
    for arguments in calls.values():
        print(json.loads(arguments))


def parsed_at_the_end():
    arguments = ""
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        choice = chunk.choices[0]
        if choice.delta.tool_calls:
            arguments += choice.delta.tool_calls[0].function.arguments
        if choice.finish_reason == "tool_calls":
            print(json.loads(arguments))


def not_streamed():
    answer = client.chat.completions.create(model="m", messages=[])
    print(json.loads(answer.choices[0].message.content))
    for call in answer.choices[0].message.tool_calls:
        print(json.loads(call.function.arguments))


def not_streamed_and_untyped(message):
    for tool_call in message.tool_calls:
        print(json.loads(tool_call.function.arguments))


def retrieval(chunks):
    for chunk in chunks:
        print(json.loads(chunk.text))


def joined():
    stream = client.chat.completions.create(model="m", messages=[], stream=True)
    print(json.loads("".join(chunk.choices[0].delta.content or "" for chunk in stream)))


def old_client():
    answer = openai.ChatCompletion.create(model="m", messages=[])
    print(json.loads(answer["choices"][0]["message"]["content"]))


def serialised_again(agent):
    """What an event is turned into is whole, however little it holds."""
    for chunk in agent.completion(stream=True):
        print(json.loads(chunk.choices[0].delta.json()))
        print(json.loads(chunk.choices[0].delta.model_dump_json()))
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        print(json.loads(chunk.choices[0].delta.model_dump_json()))
        print(json.loads(chunk.model_dump_json()))


def text_or_document(delta):
    try:
        arguments = json.loads(delta.tool_calls[0].function.arguments)
    except json.JSONDecodeError:
        arguments = {"partial": delta.tool_calls[0].function.arguments}
    return arguments


def tried_and_passed_on():
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        text = chunk.choices[0].delta.content
        try:
            yield json.loads(text)
        except json.JSONDecodeError:
            yield {"text": text}


def tried_and_complained_of():
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        text = chunk.choices[0].delta.content
        try:
            yield json.loads(text)  # error: UNC103
        except json.JSONDecodeError:
            print("no document", text)
            continue


def tried_and_raised():
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        text = chunk.choices[0].delta.content
        try:
            yield json.loads(text)  # error: UNC103
        except json.JSONDecodeError as error:
            raise RuntimeError(text) from error
