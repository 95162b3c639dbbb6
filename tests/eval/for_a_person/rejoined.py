"""Documents that came at once are made an array: where they are cut apart again, the program prints other things."""

import json

import requests

URL = "https://example.com"


def rejoined():
    for chunk in requests.get(URL, stream=True).iter_content(None):
        text = "[" + chunk.decode().replace("}{", "},{") + "]"
        print(json.loads(text))  # error: UNC101


def rejoined_body():
    text = "[" + requests.get(URL).text.replace("}{", "},{") + "]"
    print(json.loads(text))
