"""Program shapes: what people write in and around a loop over chunks. `STREAM` and `FOR` are filled in by the client.

Every shape is right on its stream when each piece is one document, line or event, and wrong when it is cut elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True, slots=True)
class Shape:
    """A function's body.

    Attributes:
        stream: the name of the stream it was written for.
        sync_only: it uses something that has no async twin (`map`, generators in arguments).
        kind: `bytes` or `str` where it only works for that; empty for both.
    """

    name: str
    stream: str
    body: str
    sync_only: bool = False
    kind: str = ""


def shape(name: str, stream: str, body: str, *, sync_only: bool = False, kind: str = "") -> Shape:
    return Shape(name, stream, dedent(body).strip("\n"), sync_only, kind)


DOCUMENT_SHAPES = [
    shape(
        "assigned",
        "lines",
        """
        FOR chunk in STREAM:
            data = json.loads(chunk)
            print(data)
        """,
    ),
    shape(
        "inline, documents without line ends",
        "documents",
        """
        FOR chunk in STREAM:
            print(json.loads(chunk)["k"])
        """,
    ),
    shape(
        "blank test and strip",
        "lines",
        """
        FOR chunk in STREAM:
            if not chunk:
                continue
            text = chunk.strip()
            if not text:
                continue
            value = json.loads(text)
            print(value["k"], value)
        """,
    ),
    shape(
        "decoded",
        "lines",
        """
        FOR chunk in STREAM:
            if chunk:
                text = chunk.decode("utf-8")
                print(json.loads(text))
        """,
        kind="bytes",
    ),
    shape(
        "name kept for something else",
        "lines",
        """
        total = 0
        FOR chunk in STREAM:
            total += len(chunk)
            print(json.loads(chunk))
        print(total)
        """,
    ),
    shape(
        "chunk forwarded",
        "lines",
        """
        raw = []
        FOR chunk in STREAM:
            raw.append(chunk if isinstance(chunk, bytes) else chunk.encode())
            print(json.loads(chunk)["k"])
        print(b"".join(raw))
        """,
    ),
    shape(
        "error swallowed",
        "lines",
        """
        FOR chunk in STREAM:
            try:
                data = json.loads(chunk)
            except json.JSONDecodeError:
                continue
            print(data)
        """,
    ),
    shape(
        "error told",
        "lines",
        """
        FOR chunk in STREAM:
            try:
                data = json.loads(chunk)
            except ValueError as error:
                print("bad", error)
                continue
            print(data)
        """,
    ),
    shape(
        "error raised as another",
        "documents",
        """
        FOR chunk in STREAM:
            try:
                data = json.loads(chunk)
            except ValueError as error:
                raise RuntimeError("broken stream") from error
            print(data)
        """,
    ),
    shape(
        "counted",
        "lines",
        """
        count = 0
        FOR chunk in STREAM:
            count += 1
            print(count, json.loads(chunk)["k"])
        """,
    ),
    shape(
        "break and else",
        "lines",
        """
        FOR chunk in STREAM:
            data = json.loads(chunk)
            if data["k"] == 2:
                print("found")
                break
            print(data)
        else:
            print("never")
        """,
    ),
    shape(
        "else without break",
        "lines",
        """
        FOR chunk in STREAM:
            if json.loads(chunk)["k"] == 9:
                break
        else:
            print("nothing")
        """,
    ),
    shape(
        "continue",
        "lines",
        """
        FOR chunk in STREAM:
            data = json.loads(chunk)
            if data["k"] == 2:
                continue
            print(data["k"])
        """,
    ),
    shape(
        "return",
        "lines",
        """
        FOR chunk in STREAM:
            data = json.loads(chunk)
            print(data["k"])
            if data["k"] == 2:
                return
        print("not reached")
        """,
    ),
    shape(
        "finally",
        "lines",
        """
        try:
            FOR chunk in STREAM:
                data = json.loads(chunk)
                print(data)
        finally:
            print("closed")
        """,
    ),
    shape(
        "generator function",
        "lines",
        """
        DEF values():
            FOR chunk in STREAM:
                yield json.loads(chunk)

        FOR value in values():
            print(value)
        """,
    ),
    shape(
        "generator of chunks",
        "documents",
        """
        DEF chunks():
            FOR chunk in STREAM:
                yield chunk

        FOR piece in chunks():
            print(json.loads(piece))
        """,
    ),
    shape(
        "iterator with a name",
        "lines",
        """
        chunks = STREAM
        FOR chunk in chunks:
            data = json.loads(chunk)
            print(data)
        """,
    ),
    shape(
        "helper for a chunk",
        "lines",
        """
        def handle(piece):
            print(json.loads(piece))

        FOR chunk in STREAM:
            handle(chunk)
        """,
    ),
    shape(
        "helper for the stream",
        "lines",
        """
        def handle(stream):
            for piece in stream:
                print(json.loads(piece))

        handle(STREAM)
        """,
        sync_only=True,
    ),
    shape(
        "lambda",
        "lines",
        """
        parse = lambda piece: json.loads(piece)
        FOR chunk in STREAM:
            print(parse(chunk))
        """,
    ),
    shape(
        "enumerated",
        "lines",
        """
        for number, chunk in enumerate(STREAM):
            print(number, json.loads(chunk))
        """,
        sync_only=True,
    ),
    shape(
        "zipped",
        "lines",
        """
        for name, chunk in zip("abcdef", STREAM):
            data = json.loads(chunk)
            print(name, data)
        """,
        sync_only=True,
    ),
    shape(
        "comprehension",
        "lines",
        """
        print([json.loads(chunk) for chunk in STREAM])
        """,
        sync_only=True,
    ),
    shape(
        "comprehension with a test",
        "lines",
        """
        print([json.loads(chunk)["k"] for chunk in STREAM if chunk])
        """,
        sync_only=True,
    ),
    shape(
        "async comprehension",
        "lines",
        """
        print([json.loads(chunk) FOR chunk in STREAM])
        """,
    ),
    shape(
        "generator expression",
        "documents",
        """
        print(sum(json.loads(chunk)["k"] for chunk in STREAM))
        """,
        sync_only=True,
    ),
    shape(
        "mapped",
        "lines",
        """
        for value in map(json.loads, STREAM):
            print(value)
        """,
        sync_only=True,
    ),
    shape(
        "mapped by a lambda",
        "lines",
        """
        print(list(map(lambda piece: json.loads(piece)["k"], STREAM)))
        """,
        sync_only=True,
    ),
    shape(
        "keyword of the parser",
        "lines",
        """
        FOR chunk in STREAM:
            print(json.loads(chunk, parse_int=float))
        """,
    ),
    shape(
        "parsed twice",
        "lines",
        """
        FOR chunk in STREAM:
            key = json.loads(chunk)["k"]
            print(key, json.loads(chunk))
        """,
    ),
    shape(
        "kept on self",
        "lines",
        """
        class Reader:
            def __init__(self, stream):
                self.stream = stream

            DEF run(self):
                FOR chunk in self.stream:
                    yield json.loads(chunk)

        FOR value in Reader(STREAM).run():
            print(value)
        """,
    ),
    shape(
        "last value used after the loop",
        "lines",
        """
        data = None
        FOR chunk in STREAM:
            data = json.loads(chunk)
        print(data)
        """,
    ),
    shape(
        "last chunk used after the loop",
        "lines",
        """
        FOR chunk in STREAM:
            data = json.loads(chunk)
        print(len(chunk), data)
        """,
    ),
    shape(
        "match",
        "lines",
        """
        FOR chunk in STREAM:
            match json.loads(chunk):
                case {"k": 2}:
                    print("two")
                case other:
                    print(other)
        """,
    ),
]

SPLIT_SHAPES = [
    shape(
        "splitlines",
        "lines",
        """
        FOR chunk in STREAM:
            for line in chunk.splitlines():
                print(json.loads(line))
        """,
    ),
    shape(
        "split at line ends",
        "lines",
        """
        FOR chunk in STREAM:
            for line in str(chunk, "utf-8").split("\\n"):
                if line.strip():
                    print(json.loads(line))
        """,
        kind="bytes",
    ),
    shape(
        "split, error swallowed",
        "lines",
        """
        FOR chunk in STREAM:
            text = chunk.decode()
            for line in text.split("\\n"):
                try:
                    data = json.loads(line)
                except json.JSONDecodeError:
                    pass
                else:
                    print(data)
        """,
        kind="bytes",
    ),
    shape(
        "split at CRLF",
        "crlf lines",
        """
        FOR chunk in STREAM:
            for line in chunk.split(b"\\r\\n"):
                if not line:
                    continue
                print(json.loads(line.decode("utf8")))
        """,
        kind="bytes",
    ),
    shape(
        "split at NUL",
        "records",
        """
        FOR chunk in STREAM:
            for record in chunk.split(b"\\0"):
                if record:
                    print(json.loads(record))
        """,
        kind="bytes",
    ),
    shape(
        "lines in a comprehension",
        "lines",
        """
        FOR chunk in STREAM:
            for value in [json.loads(line) for line in chunk.splitlines() if line]:
                print(value)
        """,
    ),
    shape(
        "lines mapped",
        "lines",
        """
        FOR chunk in STREAM:
            for value in map(json.loads, chunk.splitlines()):
                print(value)
        """,
    ),
]

EVENT_SHAPES = [
    shape(
        "one event a chunk",
        "events",
        """
        FOR chunk in STREAM:
            text = chunk.decode("utf-8").strip()
            if not text.startswith("data: "):
                continue
            if text == "data: [DONE]":
                break
            event = json.loads(text[6:])
            print(event["k"])
        """,
        kind="bytes",
    ),
    shape(
        "one event a chunk, prefix cut",
        "events",
        """
        FOR text in STREAM:
            payload = text.removeprefix("data: ")
            if payload.strip() == "[DONE]":
                break
            print(json.loads(payload))
        """,
        kind="str",
    ),
    shape(
        "events in branches",
        "events",
        """
        FOR line in STREAM:
            if line.startswith(b"data: [DONE]"):
                break
            elif line.startswith(b"data: "):
                value = json.loads(line[6:])["k"]
                if value:
                    print(value)
        """,
        kind="bytes",
    ),
    shape(
        "end is told",
        "events",
        """
        FOR chunk in STREAM:
            if b"[DONE]" in chunk:
                print("the end")
                break
            print(json.loads(chunk[6:]))
        """,
        kind="bytes",
    ),
    shape(
        "no end in the stream",
        "events without end",
        """
        FOR chunk in STREAM:
            print(json.loads(chunk.split(b"data: ")[1]))
        """,
        kind="bytes",
    ),
    shape(
        "events split by blank lines",
        "events",
        """
        FOR chunk in STREAM:
            for event in chunk.decode().split("\\n\\n"):
                if event.startswith("data: ") and "[DONE]" not in event:
                    print(json.loads(event[len("data: ") :]))
        """,
        kind="bytes",
    ),
    shape(
        "events split by lines",
        "crlf events",
        """
        FOR chunk in STREAM:
            for line in chunk.decode().splitlines():
                if line.startswith("data: "):
                    if line == "data: [DONE]":
                        return
                    print(json.loads(line[6:]))
        """,
        kind="bytes",
    ),
    shape(
        "events split by prefix",
        "events",
        """
        FOR chunk in STREAM:
            for part in chunk.split(b"data:"):
                if part := part.strip():
                    if part == b"[DONE]":
                        break
                    print(json.loads(part))
        """,
        kind="bytes",
    ),
    shape(
        "error of the end swallowed",
        "tight events",
        """
        FOR chunk in STREAM:
            for line in chunk.decode().split("\\n"):
                if line.startswith("data:"):
                    try:
                        print(json.loads(line[5:]))
                    except json.JSONDecodeError:
                        continue
        """,
        kind="bytes",
    ),
    shape(
        "state within an event",
        "events",
        """
        FOR chunk in STREAM:
            name = "message"
            for line in chunk.decode().split("\\n"):
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data: {"):
                    print(name, json.loads(line[6:]))
        """,
        kind="bytes",
    ),
]

SHAPES = [*DOCUMENT_SHAPES, *SPLIT_SHAPES, *EVENT_SHAPES]
