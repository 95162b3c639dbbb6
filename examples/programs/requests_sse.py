"""The same request without an SDK: server-sent events, each chunk taken for one event."""

import json
import sys

import requests

response = requests.post(sys.argv[1], json={"stream": True}, stream=True)

for chunk in response.iter_content(chunk_size=None):
    text = chunk.decode("utf-8").strip()
    if not text.startswith("data: "):
        continue
    if text == "data: [DONE]":
        break
    event = json.loads(text[6:])
    print(event["choices"][0]["delta"]["content"])
