"""The same with the text of each event: what a model has written so far is not a JSON document either."""

import json

from together import Together

client = Together(api_key="not-needed-on-loopback")

response = client.chat.completions.create(
    model="meta-llama/Llama-3-8b-chat-hf",
    messages=[{"role": "user", "content": "Three cities as JSON, one object a line."}],
    stream=True,
)

for chunk in response:
    city = json.loads(chunk.choices[0].delta.content)
    print(city)
