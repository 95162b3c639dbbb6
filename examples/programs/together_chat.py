"""Prints every JSON value that a model streams: the program that people write first."""

import json

from together import Together

client = Together(api_key="not-needed-on-loopback")

response = client.chat.completions.create(
    model="meta-llama/Llama-3-8b-chat-hf",
    messages=[{"role": "user", "content": "Three cities as JSON, one object a line."}],
    stream=True,
)

for chunk in response:
    data = json.loads(chunk)
    print(data)
