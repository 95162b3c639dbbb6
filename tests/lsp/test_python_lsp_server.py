"""python-lsp-server shows what the flake8 plugin finds."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pylsp", reason="python-lsp-server is not installed")

from pylsp_jsonrpc.streams import JsonRpcStreamReader, JsonRpcStreamWriter

BUG = """\
import json

import requests

response = requests.get("http://127.0.0.1", stream=True)
for chunk in response.iter_content(None):
    data = json.loads(chunk)
    print(data)
"""
ONLY_FLAKE8 = {
    "flake8": {"enabled": True, "select": ["UNC"]},
    "pycodestyle": {"enabled": False},
    "pyflakes": {"enabled": False},
    "mccabe": {"enabled": False},
}


def conversation(uri: str) -> list[dict[str, Any]]:
    """Return an editor's messages from its start until a document is open."""
    document = {"uri": uri, "languageId": "python", "version": 1, "text": BUG}
    return [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {
            "method": "workspace/didChangeConfiguration",
            "params": {"settings": {"pylsp": {"plugins": ONLY_FLAKE8}}},
        },
        {"method": "textDocument/didOpen", "params": {"textDocument": document}},
    ]


def test_python_lsp_server_shows_the_findings_of_the_flake8_plugin(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_text(BUG)
    received: queue.Queue[dict[str, Any]] = queue.Queue()
    with subprocess.Popen([sys.executable, "-m", "pylsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        try:
            threading.Thread(target=JsonRpcStreamReader(server.stdout).listen, args=[received.put], daemon=True).start()
            writer = JsonRpcStreamWriter(server.stdin)
            for message in conversation(path.as_uri()):
                writer.write({"jsonrpc": "2.0", **message})
            found = diagnostics(received)
        finally:
            server.kill()
    assert [(each["code"], each["source"]) for each in found] == [("UNC101", "flake8")]
    assert found[0]["range"]["start"] == {"line": 6, "character": 11}
    assert "iter_content" in found[0]["message"]


def diagnostics(received: queue.Queue[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first diagnostics that are published."""
    while True:
        message = received.get(timeout=60)
        if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["diagnostics"]:
            return list(message["params"]["diagnostics"])
