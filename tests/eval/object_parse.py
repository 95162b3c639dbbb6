"""Events that the SDK has decoded already."""

import json

from groq import Groq
from openai import OpenAI
from together import Together

client = Together()

response = client.chat.completions.create(
    model="m", messages=[{"role": "user", "content": "JSON, please"}], stream=True
)

for chunk in response:
    data = json.loads(chunk)  # error: UNC105
    print(data)


def every_client():
    for chunk in OpenAI().chat.completions.create(model="m", messages=[], stream=True):
        print(json.loads(chunk))  # error: UNC105
    for chunk in Groq().chat.completions.create(model="m", messages=[], stream=True):
        print(json.loads(chunk))  # error: UNC105


def repaired_by_hand(response):
    buffer = ""
    for chunk in response:
        buffer += chunk
        try:
            data = json.loads(buffer)
        except json.JSONDecodeError:
            continue
        print(data)
        buffer = ""


def dumped():
    for chunk in OpenAI().chat.completions.create(model="m", messages=[], stream=True):
        print(json.loads(chunk.model_dump_json()))
        print(json.loads(chunk.to_json()))
