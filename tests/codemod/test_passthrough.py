"""A stream that is JSON only at times is left: cut at brackets, a download would be held until a byte ends a line."""

from __future__ import annotations

import pytest

from .rewrites import check_refused, check_transformed

HEAD = "import json\n{}\n"
OTHER_PIECES = "other pieces of the same stream"
NO_JSON = "a piece that is no JSON goes on"

REFUSED = {
    "the first piece may be an error": (
        """
def fetch(response, out):
    chunks = response.iter_content(65536)
    first = next(chunks)
    if first.startswith(b"{"):
        raise OSError(json.loads(first)["message"])
    out.write(first)
    for chunk in chunks:
        out.write(chunk)
""",
        OTHER_PIECES,
    ),
    "the rest goes to a function": (
        """
def fetch(response, out):
    chunks = response.iter_content(65536)
    head = json.loads(next(chunks))
    out.writelines(chunks)
    return head
""",
        OTHER_PIECES,
    ),
    "the rest of what a loop leaves": (
        """
def fetch(response, out):
    chunks = response.iter_content(65536)
    for chunk in chunks:
        head = json.loads(chunk)
        print(head, len(chunk))
        break
    for chunk in chunks:
        out.write(chunk)
""",
        OTHER_PIECES,
    ),
    "one of two ways to use it": (
        """
def fetch(response, out, verbose):
    chunks = response.iter_content(65536)
    if verbose:
        for chunk in chunks:
            print(json.loads(chunk), len(chunk))
    else:
        out.writelines(chunks)
""",
        OTHER_PIECES,
    ),
    "a helper looks at the first piece": (
        """
def peek(stream):
    return json.loads(next(stream))

def fetch(response, out):
    chunks = response.iter_content(65536)
    print(peek(chunks))
    out.writelines(chunks)
""",
        OTHER_PIECES,
    ),
    "kept on self, and read by another method": (
        """
class Body:
    def __init__(self, response):
        self.chunks = response.iter_content(65536)

    def head(self):
        return json.loads(next(self.chunks))

    def __iter__(self):
        yield from self.chunks
""",
        OTHER_PIECES,
    ),
    "each read may be the first": (
        """
class Body:
    def __init__(self, response):
        self.chunks = response.iter_content(65536)

    def read(self):
        chunk = next(self.chunks)
        if chunk[:1] == b"{":
            raise OSError(json.loads(chunk))
        return chunk
""",
        NO_JSON,
    ),
    "what the first piece was tells": (
        """
def fetch(response, out):
    head = None
    for chunk in response.iter_content(65536):
        if head is None:
            head = json.loads(chunk)
        else:
            out.write(chunk)
""",
        NO_JSON,
    ),
    "how a piece begins tells": (
        """
def fetch(response):
    for chunk in response.iter_content(65536):
        if chunk.lstrip().startswith(b"{"):
            print(json.loads(chunk))
        else:
            yield {"data": chunk}
""",
        NO_JSON,
    ),
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED)
def test_stream_that_is_json_only_at_times_is_left(body: str, reason: str) -> None:
    check_refused(HEAD.format("") + body, reason)


DOCUMENT = 'at="document", skip_blank=True'
CUT_AGAIN = {
    "forwarded as it is, and parsed where it holds something": (
        """
def forward(response):
    for chunk in response.iter_content(None):
        yield chunk
        if b'"done"' in chunk:
            print(json.loads(chunk))
""",
        "response.iter_content(None)",
        'at="document", end=b"\\n"',
    ),
    "an error that tells a person what came": (
        """
def show(response):
    for chunk in response.iter_content(None):
        if chunk[:1] != b"{":
            raise ValueError("no object")
        print(json.loads(chunk), bool(chunk))
""",
        "response.iter_content(None)",
        DOCUMENT,
    ),
    "all of them are parsed": (
        """
def show(response):
    chunks = response.iter_content(None)
    print(json.loads(next(chunks)))
    for chunk in chunks:
        print(json.loads(chunk), bool(chunk))
    chunks.close()
""",
        "response.iter_content(None)",
        DOCUMENT,
    ),
    "a list is gone through twice": (
        """
def show(response, out):
    chunks = list(response.iter_content(None))
    for chunk in chunks:
        print(json.loads(chunk), bool(chunk))
    out.writelines(chunks)
""",
        "response.iter_content(None)",
        DOCUMENT,
    ),
    "the first of server-sent events that go on": (
        """
def proxy(response):
    chunks = response.iter_content(None)
    first = next(chunks)
    if first.startswith(b"data: ") and "error" in json.loads(first[6:]):
        raise OSError(first)
    yield first
    yield from chunks
""",
        "response.iter_content(None)",
        'at="event"',
    ),
    "awaited": (
        """
async def proxy(response):
    chunks = response.aiter_text()
    first = await anext(chunks)
    if first.startswith("data: ") and "error" in json.loads(first[6:]):
        raise OSError(first)
    yield first
    async for chunk in chunks:
        yield chunk
""",
        "response.aiter_text()",
        'at="event"',
    ),
}


@pytest.mark.parametrize(("body", "stream", "options"), CUT_AGAIN.values(), ids=CUT_AGAIN)
def test_stream_that_is_json_throughout_is_cut_again(body: str, stream: str, options: str) -> None:
    helper = "arechunk" if "await" in body else "rechunk"
    if "'" in body:
        options = options.replace('"', "'")  # the module's own quotes
    after = body.replace(stream, f"{helper}({stream}, {options})", 1)
    check_transformed(
        HEAD.format("") + body,
        HEAD.format(f"\nfrom unchunk import {helper}\n") + after,
        safe=not any(text in body for text in ('"done"', "no object")),
    )
