"""Chunks that are unpacked as they come: what comes out would have to be cut again, not what goes in."""

import json
import zlib

import requests

URL = "https://example.com"


def unpacked():
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    for chunk in requests.get(URL, stream=True).iter_content(None):
        for line in unpacking.decompress(chunk).split(b"\n"):
            if line:
                print(json.loads(line))  # error: UNC102
