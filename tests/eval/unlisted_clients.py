"""Clients that no table lists: the shape of their calls tells that they stream, and nothing else does."""

import json
import logging

from gateway import Gateway, answers, storage

client = Gateway()


def printed():
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        print(chunk)


def not_streamed():
    reply = client.chat.completions.create(model="m", messages=[])
    return json.loads(reply.choices[0].message.content), json.loads(reply.model_dump_json())


def not_streamed_as_it_says():
    reply = client.chat.completions.create(model="m", messages=[], stream=False)
    return [json.loads(call.function.arguments) for call in reply.choices[0].message.tool_calls]


def built(query):
    for row in query.filter(stream=True).build():
        yield json.loads(row)


def pulled(repository):
    for commit in repository.pull("origin"):
        yield json.loads(commit)


def created(messages):
    for message in messages.create(stream_name="x"):
        yield json.loads(message)


def of_a_list(page):
    for message in page.messages:
        yield json.loads(message), json.loads(message["arguments"])


def answered(page):
    for answer in page.responses:
        yield json.loads(answer.body)


def text_of_events():
    for event in client.responses.create(model="m", input="x", stream=True):
        print(event.type, event.delta)


def dumped():
    for event in client.responses.stream(model="m", input="x"):
        yield json.loads(event.model_dump_json()), json.loads(event.to_json())


def data_of_events():
    for event in client.chat.completions.create(model="m", messages=[], stream=True):
        yield json.loads(event.data)


def whole_of_a_response():
    for event in client.responses.create(model="m", input="x", stream=True):
        if event.type == "response.function_call_arguments.done":
            yield json.loads(event.arguments)


def put_together():
    text = ""
    for event in client.chat.completions.create(model="m", messages=[], stream=True):
        text += event.choices[0].delta.content or ""
    return json.loads(text)


def joined():
    stream = client.chat.completions.create(model="m", messages=[], stream=True)
    return json.loads("".join(stream))


def lines_that_are_guarded():
    for line in client.chat.completions.create(model="m", messages=[], stream=True):
        if line.startswith("data: ") and line != "data: [DONE]":
            yield json.loads(line[6:])


def tested_for_text():
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        yield json.loads(chunk) if isinstance(chunk, str) else chunk


class Completions:
    def create(self, rows, stream):
        for row in rows:
            yield json.dumps(row)


class Chat:
    completions = Completions()


class Local:
    chat = Chat()


def of_the_program_itself(rows):
    for row in Local().chat.completions.create(rows, stream=True):
        yield json.loads(row)


# What is parsed as it comes.


def parsed():
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        print(json.loads(chunk))  # error: UNC101


def through_names():
    completions = client.beta.chat.completions
    create = completions.create
    stream = create(model="m", messages=[], stream=True)
    return [json.loads(chunk) for chunk in stream]  # error: UNC101


def of_a_module():
    for chunk in answers.chat.completions.create(model="m", messages=[], stream=True):
        print(json.loads(chunk))  # error: UNC101


def logged():
    for chunk in client.completions.create(prompt="x", stream=True):
        try:
            print(json.loads(chunk))  # error: UNC101
        except ValueError:
            logging.exception("no JSON")


def split():
    for chunk in client.messages.create(model="m", messages=[], stream=True):
        for line in chunk.split("\n"):
            print(json.loads(line))  # error: UNC102


class Holder:
    def __init__(self, gateway):
        self.gateway = gateway

    async def ask(self):
        stream = await self.gateway.messages.create(model="m", messages=[], stream=True)
        async for event in stream:
            if event.type == "content_block_delta":
                yield json.loads(event.delta.partial_json)  # error: UNC103

    def generate(self, prompt):
        for part in self.gateway.generate_content(prompt, stream=True):
            yield json.loads(part.text)  # error: UNC103


def contexts(gateway):
    with gateway.messages.stream(model="m", messages=[]) as stream:
        for event in stream:
            print(json.loads(event.delta.text))  # error: UNC103


def by_keys(gateway):
    for chunk in gateway.chat.completions.create(model="m", messages=[], stream=True):
        print(json.loads(chunk["choices"][0]["delta"]["content"]))  # error: UNC103


def by_keys_that_may_lack(gateway):
    for chunk in gateway.chat.completions.create(model="m", messages=[], stream=True):
        print(json.loads(chunk.get("choices")[0].get("delta").get("content")))  # error: UNC103


def daemon():
    for step in storage.daemon().images.build(path=".", stream=True):
        print(json.loads(step))  # error: UNC101
