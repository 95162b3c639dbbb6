"""Lines of event streams, guarded and not."""

import json

import httpx
import requests

URL = "https://example.com/v1/chat/completions"


def blank_lines_only_are_guarded():
    for line in requests.post(URL, stream=True).iter_lines():
        if line:
            print(json.loads(line.decode().removeprefix("data: ")))  # error: UNC104


def not_even_those():
    for line in requests.post(URL, stream=True).iter_lines():
        print(json.loads(line.decode().replace("data: ", "")))  # error: UNC104


def no_end_marker():
    for line in requests.post(URL, stream=True).iter_lines():
        if line.startswith(b"data: "):
            print(json.loads(line[6:])["choices"][0]["delta"].get("content"))  # error: UNC104


def letters_stripped():
    for line in requests.post(URL, stream=True).iter_lines():
        if line:
            text = line.decode().lstrip("data:").strip()
            print(json.loads(text))  # error: UNC104


def as_many_letters_cut():
    for line in httpx.stream("POST", URL).iter_lines():
        print(json.loads(line[6:]))  # error: UNC104


def as_many_letters_of_a_stream_that_ends_with_done():
    for line in httpx.stream("POST", URL).iter_lines():
        if line:
            print(json.loads(line[6:])["choices"][0]["delta"])  # error: UNC104


# What is right.


def guarded():
    for line in requests.post(URL, stream=True).iter_lines():
        if not line.startswith(b"data: "):
            continue
        if line == b"data: [DONE]":
            break
        print(json.loads(line[6:])["choices"][0]["delta"].get("content"))


def guarded_after_the_cut():
    for line in httpx.stream("POST", URL).iter_lines():
        if line.startswith("data:"):
            payload = line[5:].strip()
            if payload != "[DONE]":
                print(json.loads(payload)["choices"][0]["delta"])


def known_to_end_so():
    for line in requests.post(URL, stream=True).iter_lines():
        if not line:
            continue
        payload = line.decode()[6:]
        if payload == "[DONE]":
            break
        print(json.loads(payload))


def events_by_a_delimiter():
    for event in requests.post(URL, stream=True).iter_lines(delimiter=b"\n\n"):
        if event:
            print(json.loads(event[6:]))


def parts_counted():
    for line in requests.post(URL, stream=True).iter_lines():
        parts = line.decode().split("data: ", 1)
        payload = parts[1] if len(parts) > 1 else None
        if payload is None:
            continue
        if payload == "[DONE]":
            break
        print(json.loads(payload)["choices"][0]["delta"])


def caught():
    for line in requests.post(URL, stream=True).iter_lines():
        try:
            print(json.loads(line.decode().replace("data: ", "")))
        except json.JSONDecodeError:
            continue


def documents():
    for line in requests.get(URL, stream=True).iter_lines():
        if line:
            print(json.loads(line))


def begins_with_the_object():
    for line in requests.get(URL, stream=True).iter_lines():
        if line.startswith(b'data: {"text":'):
            print(json.loads(line.split(b"data: ")[1])["text"])


def looked_into():
    for line in requests.get(URL, stream=True).iter_lines():
        if b'"text"' in line:
            print(json.loads(line.decode().removeprefix("data: ")))


def helper(line):
    if not line.startswith("data: "):
        return None
    return line.removeprefix("data: ")


def through_a_helper():
    for line in httpx.stream("POST", URL).iter_lines():
        payload = helper(line)
        if payload is not None:
            print(json.loads(payload)["text"])


def tested_ones(response):
    for line in response.iter_lines():
        if line.startswith("data:"):
            yield line[len("data:") :], {"text": line[len("data:") :]}


def handed_on_in_a_tuple_and_in_a_dict():
    for text, event in tested_ones(requests.get(URL, stream=True)):
        print(json.loads(text), json.loads(event["text"]))


def untested_ones(response):
    for line in response.iter_lines():
        yield line[len("data:") :], 0


def handed_on_untested():
    for text, _ in untested_ones(requests.get(URL, stream=True)):
        print(json.loads(text))  # error: UNC104


def parsed(data):
    return json.loads(data)


def parsed_unless_done(data):
    return None if data.strip() == "[DONE]" else json.loads(data)


def tested_before_the_helper(response):
    for line in response.iter_lines():
        if not line.startswith("data: ") or line == "data: [DONE]":
            continue
        print(parsed(line[6:]))


def tested_before_the_helper_and_in_it(response):
    for line in response.iter_lines():
        if line.startswith("data: "):
            print(parsed_unless_done(data=line[6:])["choices"][0]["delta"])


def parsed_untested(data):
    return json.loads(data)  # error: UNC104


def helped_untested(response):
    for line in response.iter_lines():
        print(parsed_untested(line.removeprefix("data: ")))
