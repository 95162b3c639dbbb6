"""Programs over docker-py, whose streams are cut as the daemon's answer happens to arrive."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from textwrap import dedent, indent

import pytest

from .running import run
from .streams import offsets
from .test_shapes import fixed

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "tests")]

from cuts import at_random, at_sizes, one_at_a_time  # noqa: E402
from server import CuttingServer  # noqa: E402

STATUS = [json.dumps({"status": text, "id": text[:1]}, ensure_ascii=False) for text in ("Pulling", "Größe", "Done")]
PIECES = [f"{status}\r\n".encode() for status in STATUS]
LOOPS = {
    "each document": """
        for line in client.pull("image", stream=True):
            status = json.loads(line)
            print(status["status"])
        """,
    "decoded and stripped": """
        for line in client.push("image", stream=True):
            output = json.loads(line.decode("utf-8").strip())
            if "status" in output:
                print(output)
        """,
    "split by hand": """
        for chunk in client.pull("image", stream=True):
            for line in chunk.decode("utf-8").split("\\r\\n"):
                if line:
                    print(json.loads(line)["id"])
        """,
    "handed to a function": """
        def show(events):
            for event in events:
                for line in event.splitlines():
                    print(json.loads(line))

        show(client.push("image", stream=True))
        """,
    "kept in a list": """
        payload = [line for line in client.pull("image", stream=True)]
        print([json.loads(line) for part in payload for line in part.split(b"\\r\\n") if line])
        """,
}


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)
def test_fixed_program_prints_the_same_at_every_cut(loop: str) -> None:
    pytest.importorskip("docker")
    head = 'client = docker.APIClient(base_url=url.replace("http:", "tcp:"), version="1.41")\n'
    body = indent(head + dedent(loop).strip(), "    ")
    program = f"import json\n\nimport docker\n\n\ndef main(url):\n{body}\n"
    repaired = fixed(program)
    whole = b"".join(PIECES)
    with CuttingServer(whole, cuts=offsets(PIECES), delay=0.02) as server:
        wanted = run(program, server.url)
        assert wanted
        server.delay = 0.0
        for parts in ([whole], one_at_a_time(whole), at_sizes(whole, 40), at_random(whole, 1), at_random(whole, 2)):
            server.cuts = tuple(offsets(parts))
            assert run(repaired, server.url) == wanted, repaired
