"""UNC104: what shows that a line is one of server-sent events, and which tests are enough for it to be parsed."""

from __future__ import annotations

import textwrap

import pytest

from unchunk.analysis import Settings, check_source
from unchunk.analysis.prefilter import may_contain_alone

HEAD = """\
import json, re, requests
START = "data: "
def program(response: requests.Response):
    for line in response.iter_lines({arguments}):
"""
OF_A_FILE = """\
import json
def program(path):
    for line in open(path):
"""


def codes(body: str, head: str = HEAD, arguments: str = "") -> list[str]:
    program = head.format(arguments=arguments) + textwrap.indent(textwrap.dedent(body).strip("\n"), " " * 8) + "\n"
    found = [finding.code for finding in check_source(program.encode(), "program.py", settings=Settings())]
    assert not found or may_contain_alone(program.encode())
    return found


CUT_BY_COUNT = [
    # Blank lines are in every such stream; what else a service sends is known to its users.
    """
    if line:
        print(json.loads(line[6:]))
    """,
    """
    if line == b"":
        continue
    print(json.loads(line[5:])["token"])
    """,
    """
    if line:
        line = line[6:]
        if line == b"[DONE]":
            break
        print(json.loads(line)["choices"][0]["delta"])
    """,
    """
    if line:
        if line.endswith(b"[DONE]"):
            break
        print(json.loads(line[6:])["choices"][0]["delta"])
    """,
    """
    line = line[6:]
    if line == b"[DONE]" or not line:
        continue
    print(json.loads(line))
    """,
    """
    if line[:6] == b"data: ":
        print(json.loads(line[6:]))
    """,
    """
    if len(line) > 6:
        print(json.loads(line[6:]))
    """,
    """
    text = line[5:].strip()
    if text.startswith(b"{"):
        print(json.loads(text))
    """,
    """
    if line.endswith(b"}"):
        print(json.loads(line[6:]))
    """,
    """
    if is_of_interest(line):
        print(json.loads(line[6:]))
    """,
    """
    if re.match(b"data: ", line):
        print(json.loads(line[6:]))
    """,
    """
    if not response.skips(line):
        print(json.loads(line[6:]))
    """,
    """
    try:
        print(json.loads(line[6:]))
    except ValueError:
        continue
    """,
    # As much as another prefix takes, or the end.
    "print(json.loads(line[4:]))",
    "print(json.loads(line[:6]))",
    "print(json.loads(line[6:80]))",
    "print(json.loads(line[len('log: '):]))",
    "print(json.loads(line.lstrip('abcd')))",
    "print(json.loads(line.strip(', ')))",
]
GUARDED = [
    """
    if line.startswith(b"data: "):
        print(json.loads(line.lstrip(b"data: ")))
    """,
    """
    if line.startswith(START):
        print(json.loads(line[len(START):]))
    """,
    """
    if line.startswith(START) and line != "data: [DONE]":
        print(json.loads(line[len(START):])["choices"][0]["delta"])
    """,
    """
    if line.startswith(START):
        text = json.loads(line[6:])["text"]
        print({"choices": [{"delta": {"content": text}}]})
    """,
    """
    if line.startswith(response.prefix):
        print(json.loads(line.removeprefix("data: ")))
    """,
    """
    try:
        print(json.loads(line.lstrip(b"data: ")))
    except ValueError:
        continue
    """,
]
UNGUARDED = [
    "print(json.loads(line[6:]))",
    "print(json.loads(line[5:]))",
    "print(json.loads(line.decode()[6:]))",
    "print(json.loads(line[len('data: '):]))",
    "print(json.loads(line[len(START):]))",
    "print(json.loads(line[6:-1]))",
    "print(json.loads(line.removeprefix(START)))",
    """
    if line:
        print(json.loads(line[6:])["choices"][0]["delta"])
    """,
    """
    if line:
        print(json.loads(line[len(START):]))
    """,
    """
    line = line.decode()[6:]
    if line == "[DONE]":
        break
    print(json.loads(line))
    """,
    """
    text = line.decode().removeprefix("data: ")
    if text and text != "[DONE]":
        print(json.loads(text)["choices"][0]["delta"])
    """,
    "print(json.loads(line.lstrip(b'data: ')))",
    "print(json.loads(line.decode().strip('data: ')))",
    """
    if line:
        text = line.decode("utf-8").lstrip("data:").strip()
        print(json.loads(text))
    """,
]


@pytest.mark.parametrize("body", [*CUT_BY_COUNT, *GUARDED])
def test_lines_that_are_tested_are_parsed(body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize("body", UNGUARDED)
def test_a_cut_prefix_shows_the_lines_of_events(body: str) -> None:
    assert codes(body) == ["UNC104"]


ELSEWHERE = """
import json, queue, requests

class Reader:
    def __init__(self):
        self.waiting = queue.Queue()
        self.line = None

    def read(self, response: requests.Response):
        for line in response.iter_lines():
            {put}

    def parse(self):
        while True:
            print(json.loads(self.{take}))
"""
TESTED_BEFORE = [
    ('if line.startswith(b"data: {"): self.waiting.put(line[6:])', "waiting.get()"),
    ('if line.startswith(b"data: {"): self.line = line[6:]', "line"),
]
UNTESTED = [("self.waiting.put(line[6:])", "waiting.get()"), ("self.line = line[6:]", "line")]


@pytest.mark.parametrize(("put", "take"), TESTED_BEFORE)
def test_what_was_tested_may_be_parsed_elsewhere(put: str, take: str) -> None:
    assert [found.code for found in check_source(ELSEWHERE.format(put=put, take=take).encode(), "program.py")] == []


@pytest.mark.parametrize(("put", "take"), UNTESTED)
def test_what_was_not_tested_may_not(put: str, take: str) -> None:
    found = check_source(ELSEWHERE.format(put=put, take=take).encode(), "program.py")
    assert [each.code for each in found] == ["UNC104"]


@pytest.mark.parametrize("cut", ["lstrip(b'data: ')", "removeprefix(b'data: ')", "decode()[6:]"])
def test_a_line_that_is_picked_by_its_place_is_known(cut: str) -> None:
    program = "import json\ndef program(response):\n    lines = list(response.iter_lines())\n"
    assert check_source(f"{program}    return json.loads(lines[-4].{cut})\n".encode(), "program.py") == []
    each = f"{program}    return [json.loads(line.{cut}) for line in lines]\n"
    assert [found.code for found in check_source(each.encode(), "program.py")] == ["UNC104"]


def test_six_letters_of_the_line_of_a_file_are_any_prefix() -> None:
    assert codes("print(json.loads(line[6:]))", OF_A_FILE) == []
    assert codes("print(json.loads(line.lstrip('data: ')))", OF_A_FILE) == ["UNC104"]


@pytest.mark.parametrize("body", UNGUARDED)
def test_what_the_program_delimits_itself_is_no_line(body: str) -> None:
    assert codes(body, arguments='delimiter=b"\\n\\n"') == []
    assert codes(body, arguments="delimiter=None") == ["UNC104"]
