"""Events that are added up, and parts of events that are made longer where they are kept."""

import json

from langchain_core.messages import AIMessageChunk
from langchain_openai import ChatOpenAI
from openai import OpenAI

model = ChatOpenAI()
client = OpenAI()


def asked():
    return client.chat.completions.create(model="m", messages=[], stream=True)


# Events of which each is added to those before it.


def added_up(question):
    full = None
    for chunk in model.stream(question):
        full = chunk if full is None else full + chunk
    return json.loads(full.content)


def added_up_by_branches(question):
    full = None
    for chunk in model.stream(question):
        if full is None:
            full = chunk
        else:
            full += chunk
    return json.loads(full.additional_kwargs["tool_calls"][0]["function"]["arguments"])


def added_up_by_a_flag(question):
    first = True
    for chunk in model.stream(question):
        if first:
            gathered = chunk
            first = False
            continue
        gathered = gathered + chunk
    return json.loads(gathered.content)


def added_to_the_first(question):
    stream = model.stream(question)
    full = next(stream)
    for chunk in stream:
        full += chunk
    return json.loads(full.content)


def added_to_an_empty_one(question):
    full = AIMessageChunk(content="")
    for chunk in model.stream(question):
        full += chunk
    return json.loads(full.content)


def added_to_the_first_of_a_list(question):
    chunks = list(model.stream(question))
    full = chunks[0]
    for chunk in chunks[1:]:
        full = full + chunk
    return json.loads(full.content)


async def calls_of_the_sum(question):
    full = None
    async for chunk in model.astream(question):
        full = full + chunk if full else chunk
    for call in full.tool_call_chunks:
        print(json.loads(call["args"]))


def gathered(source, question):
    full = None
    for chunk in source.stream(question):
        full = chunk if full is None else full + chunk
    return full


def of_a_helper(question):
    return json.loads(gathered(model, question).content)


class Adding:
    def __init__(self, inner):
        self.inner = inner
        self.full = None

    def invoke(self, question):
        for chunk in self.inner.stream(question):
            self.full = chunk if self.full is None else self.full + chunk
        return self.full

    def document(self):
        return json.loads(self.full.content)


adding = Adding(ChatOpenAI())


def of_a_wrapper(question):
    return json.loads(adding.invoke(question).content)


def handed_in(message: AIMessageChunk):
    return json.loads(message.content)


# Calls that are kept, and made longer where they are.


def longer_in_a_list():
    calls = []
    for chunk in asked():
        for call in chunk.choices[0].delta.tool_calls or []:
            if call.id:
                calls.append(call)
            else:
                calls[-1].function.arguments += call.function.arguments
    for call in calls:
        print(json.loads(call.function.arguments))


def longer_by_place():
    calls = []
    for chunk in asked():
        for call in chunk.choices[0].delta.tool_calls or []:
            if call.index >= len(calls):
                calls.append(call)
            else:
                known = calls[call.index]
                known.function.arguments = (known.function.arguments or "") + call.function.arguments
        if chunk.choices[0].finish_reason == "tool_calls":
            for call in calls:
                print(json.loads(call.function.arguments))


def longer_by_search():
    calls = []
    for chunk in asked():
        for call in chunk.choices[0].delta.tool_calls or []:
            for known in calls:
                if known.index == call.index:
                    known.function.arguments += call.function.arguments
                    break
            else:
                calls.append(call)
    for call in calls:
        print(json.loads(call.function.arguments))


def longer_as_dicts():
    calls = []
    for chunk in asked():
        for call in chunk.choices[0].delta.tool_calls or []:
            if call.id:
                calls.append({"id": call.id, "arguments": call.function.arguments})
            else:
                calls[-1]["arguments"] += call.function.arguments
    for call in calls:
        print(json.loads(call["arguments"]))


def longer_by_id():
    calls = {}
    for chunk in asked():
        for call in chunk.choices[0].delta.tool_calls or []:
            if call.index not in calls:
                calls[call.index] = call
            else:
                calls[call.index].function.arguments += call.function.arguments
    for call in calls.values():
        print(json.loads(call.function.arguments))


def longer_and_untyped(stream):
    calls = []
    for chunk in stream:
        for call in chunk["choices"][0]["delta"].get("tool_calls") or []:
            if call.get("id"):
                calls.append(call)
            else:
                calls[-1]["function"]["arguments"] += call["function"]["arguments"]
    for call in calls:
        print(json.loads(call["function"]["arguments"]))


def the_last_one():
    last = None
    for chunk in asked():
        for call in chunk.choices[0].delta.tool_calls or []:
            if last is None or call.id:
                last = call
            else:
                last.function.arguments += call.function.arguments
    return json.loads(last.function.arguments)


# What is not put together.


def added_up_and_parsed_apart(question):
    full = None
    for chunk in model.stream(question):
        full = chunk if full is None else full + chunk
        print(json.loads(chunk.content))  # error: UNC103
    return full


def each_call(question):
    for chunk in model.stream(question):
        for call in chunk.tool_call_chunks:
            print(json.loads(call["args"]))  # error: UNC103
