"""Newline-delimited JSON, each chunk split by hand."""

import json
import sys

import httpx

with httpx.stream("GET", sys.argv[1]) as response:
    for text in response.iter_text():
        for line in text.split("\n"):
            if line:
                print(json.loads(line))
