"""The language server, as an editor meets it: findings while typing, the rule's page, fixes, and bad clients."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lsp.editor import Editor, editing, modern, run  # skips where pygls is not installed

from lsprotocol import types  # isort: skip

CLEAN = """\
import requests

for line in requests.get("http://127.0.0.1", stream=True).iter_lines():
    print(line)
"""
BUG = """\
import json

import requests

response = requests.get("http://127.0.0.1", stream=True)
for chunk in response.iter_content(None):
    data = json.loads(chunk)
    print(data["city"])
"""
EVERYWHERE = types.Range(types.Position(0, 0), types.Position(9999, 0))


def fixed(text: str, folder: Path, *arguments: str) -> str:
    """Return what `unchunk fix` makes of a text."""
    path = folder / "fixed_by_command.py"
    path.write_bytes(text.encode())
    subprocess.run(
        [sys.executable, "-m", "unchunk", "fix", "--no-dependency", *arguments, str(path)],
        check=False,
        capture_output=True,
    )
    return path.read_bytes().decode()


def address(folder: Path, name: str = "app.py") -> str:
    return (folder / name).as_uri()


async def codes(editor: Editor, uri: str) -> list[object]:
    return [each.code for each in await editor.diagnostics(uri)]


def test_a_clean_document_has_no_diagnostics(tmp_path: Path) -> None:
    async def test() -> None:
        async with editing() as editor:
            editor.open(address(tmp_path), CLEAN)
            assert await codes(editor, address(tmp_path)) == []

    run(test())


def test_a_finding_stands_at_its_parse_call_with_its_way_there(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, BUG)
            (found,) = await editor.diagnostics(uri)
            assert found.range == editor.place(uri, "json.loads(chunk)")
            assert (found.code, found.source) == ("UNC101", "unchunk")
            assert "iter_content" in found.message
            ranges = [each.location.range for each in found.related_information or []]
            assert editor.place(uri, "response.iter_content(None)") in ranges

    run(test())


def test_typing_brings_a_finding_and_takes_it_back(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, BUG)
            assert await codes(editor, uri) == ["UNC101"]
            start = BUG.index("iter_content(None)")
            editor.insert(uri, start, "iter_lines()", delete=len("iter_content(None)"))
            assert await codes(editor, uri) == []
            editor.insert(uri, start, "iter_content(None)", delete=len("iter_lines()"))
            assert await codes(editor, uri) == ["UNC101"]
            editor.insert(uri, start, "(((")  # no Python any more
            assert await codes(editor, uri) == []

    run(test())


ODD = 'é = "😀𝒳"\r\n\f\r\ns = "\u2028"; '


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-32"])
def test_positions_are_in_the_units_of_the_client(tmp_path: Path, encoding: str) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        capabilities = modern()
        capabilities.general = types.GeneralClientCapabilities(
            position_encodings=[types.PositionEncodingKind(encoding)]
        )
        text = (
            BUG.replace("\n", "\r\n")
            .replace("    data =", "    '😀é'; data =")
            .replace("import json", f"{ODD}import json")
        )
        async with editing(capabilities=capabilities) as editor:
            assert editor.encoding == encoding
            editor.open(uri, text)
            (found,) = await editor.diagnostics(uri)
            assert found.range == editor.place(uri, "json.loads(chunk)")
            editor.insert(uri, text.index("json.loads"), "str('😀'), ")
            (found,) = await editor.diagnostics(uri)
            assert found.range == editor.place(uri, "json.loads(chunk)")

    run(test())


def test_hovering_over_a_finding_shows_the_page_of_its_rule(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, BUG)
            assert await editor.hover(uri, types.Position(0, 0)) is None
            hover = await editor.hover(uri, editor.place(uri, "loads(chunk").start)
            assert hover is not None
            assert isinstance(hover.contents, types.MarkupContent)
            assert "# UNC101" in hover.contents.value
            assert hover.range == editor.place(uri, "json.loads(chunk)")

    run(test())


VARIANTS = {
    "as it is": BUG,
    "CRLF": BUG.replace("\n", "\r\n"),
    "no line end at the end": BUG.rstrip("\n"),
    "emoji before": BUG.replace("    data =", "    '😀'; data ="),
    "form feed": BUG.replace("import requests", "\fimport requests\n\f"),
}


@pytest.mark.parametrize("text", VARIANTS.values(), ids=VARIANTS.keys())
@pytest.mark.parametrize("old_client", [False, True])
def test_the_quick_fix_gives_the_bytes_of_the_command(tmp_path: Path, text: str, old_client: bool) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing(capabilities=types.ClientCapabilities() if old_client else None) as editor:
            editor.open(uri, text)
            (diagnostic,) = await editor.diagnostics(uri)
            (fix, silence) = await editor.actions(uri, diagnostic.range, [types.CodeActionKind.QuickFix])
            assert fix.title == "Fix UNC101 (chunk-parse)"
            assert fix.is_preferred
            assert (fix.edit is not None) == old_client
            fix = fix if old_client else await editor.resolve(fix)
            assert fix.edit is not None
            editor.apply(fix.edit)
            assert editor.texts[uri] == fixed(text, tmp_path) != text
            assert await codes(editor, uri) == []
            assert "Silence" in silence.title

    run(test())


TWICE = (
    BUG
    + """
for chunk in response.iter_content(1):
    print(json.loads(chunk)["x"])
    print(json.loads(chunk)["y"])
"""
)


def test_one_fix_leaves_the_other_finding_alone(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, TWICE)
            assert len(await editor.diagnostics(uri)) == 3
            (fix, _) = await editor.actions(
                uri, editor.place(uri, "json.loads(chunk)\n"), [types.CodeActionKind.QuickFix]
            )
            fix = await editor.resolve(fix)
            assert fix.edit is not None
            editor.apply(fix.edit)
            assert editor.texts[uri].endswith(TWICE[len(BUG) :])
            assert len(await editor.diagnostics(uri)) == 2

    run(test())


def test_fixing_all_gives_the_bytes_of_the_command(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, TWICE)
            (action,) = await editor.actions(uri, EVERYWHERE, ["source.fixAll"])
            assert action.kind == "source.fixAll.unchunk"
            action = await editor.resolve(action)
            assert action.edit is not None
            editor.apply(action.edit)
            assert editor.texts[uri] == fixed(TWICE, tmp_path) != TWICE

    run(test())


def test_a_finding_can_be_silenced(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, BUG)
            silence = (await editor.actions(uri, EVERYWHERE, [types.CodeActionKind.QuickFix]))[-1]
            silence = await editor.resolve(silence)
            assert silence.edit is not None
            editor.apply(silence.edit)
            assert "json.loads(chunk)  # noqa: UNC101" in editor.texts[uri]
            assert await codes(editor, uri) == []

    run(test())


def test_no_action_is_offered_where_nothing_is_found(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, BUG)
            start = types.Range(types.Position(0, 0), types.Position(0, 0))
            assert await editor.actions(uri, start, [types.CodeActionKind.QuickFix]) == []
            assert await editor.actions(uri, EVERYWHERE, [types.CodeActionKind.Refactor]) == []

    run(test())


def test_an_action_for_a_version_that_is_past_edits_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, BUG)
            (fix, _) = await editor.actions(uri, EVERYWHERE, [types.CodeActionKind.QuickFix])
            editor.insert(uri, 0, "# changed\n")
            assert (await editor.resolve(fix)).edit is None

    run(test())


def test_results_for_versions_that_are_past_are_dropped(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, BUG)
            for number in range(50):
                editor.insert(uri, 0, f"# {number}\n")
            assert await codes(editor, uri) == ["UNC101"]
            versions = [each.version for each in editor.published if each.uri == uri]
            assert versions[-1] == 51
            assert len(versions) <= 3, "each keystroke was looked into"

    run(test())


def test_configuration_changes_are_picked_up(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        configuration = tmp_path / "unchunk.toml"
        (tmp_path / "base.toml").write_text('ignore = ["UNC101"]\n')
        async with editing(folder=str(tmp_path)) as editor:
            await editor.until(lambda: editor.registered or None)
            editor.open(uri, BUG)
            assert await codes(editor, uri) == ["UNC101"]
            for content, expected in (
                ('ignore = ["UNC101"]\n', []),
                ('exclude = ["other.py"]\n', ["UNC101"]),
                ('exclude = ["app.py"]\n', []),
                ('extend = "base.toml"\n', []),
                (None, ["UNC101"]),
            ):
                configuration.write_text(content) if content else configuration.unlink()
                editor.published.clear()
                change = types.FileEvent(configuration.as_uri(), types.FileChangeType.Changed)
                editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
                assert await codes(editor, uri) == expected

    run(test())


def test_a_broken_configuration_is_told_and_the_server_lives_on(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        (tmp_path / "unchunk.toml").write_text("[[[")
        async with editing() as editor:
            editor.open(uri, BUG)
            assert await codes(editor, uri) == []
            message = await editor.until(lambda: next(iter(editor.said), None))
            assert "unchunk.toml" in message
            (tmp_path / "unchunk.toml").unlink()
            editor.insert(uri, 0, "#\n")
            assert await codes(editor, uri) == ["UNC101"]

    run(test())


def test_the_command_line_selects_rules(tmp_path: Path) -> None:
    async def test() -> None:
        async with editing("--ignore", "UNC1", "--isolated") as editor:
            editor.open(address(tmp_path), BUG)
            assert await codes(editor, address(tmp_path)) == []

    run(test())


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "file:///nowhere/at%20all/a%C3%A9.py", "git:/x.py?ref=1"])
def test_documents_outside_of_any_workspace_work(uri: str) -> None:
    async def test() -> None:
        async with editing() as editor:
            editor.open(uri, BUG)
            assert await codes(editor, uri) == ["UNC101"]
            (action,) = await editor.actions(uri, EVERYWHERE, ["source.fixAll.unchunk"])
            action = await editor.resolve(action)
            assert action.edit is not None
            editor.apply(action.edit)
            assert "from unchunk import iter_json" in editor.texts[uri]

    run(test())


def test_closing_takes_the_diagnostics_back(tmp_path: Path) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, BUG)
            assert await codes(editor, uri) == ["UNC101"]
            editor.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
            await editor.until(lambda: (editor.published[-1].version is None) or None)
            assert list(editor.published[-1].diagnostics) == []

    run(test())


HOSTILE = {
    "NUL bytes": "import json\0\njson.loads(chunk)\n",
    "half a surrogate pair": "s = '\ud800'\njson.loads(chunk)\n",
    "nests deep": f"json.loads({'(' * 5000}",
    "nests deep but parses": f"json.loads({'[' * 90}{']' * 90})\n" + "x = " + "-" * 3000 + "1\n",
    "a chain of calls": "json.loads(x)" + ".a()" * 5000 + "\n",
    "no Python": "<html>json.loads</html>",
    "empty": "",
}


def test_no_document_ends_the_server(tmp_path: Path) -> None:
    async def test() -> None:
        async with editing() as editor:
            for number, text in enumerate(HOSTILE.values()):
                editor.open(address(tmp_path, f"hostile{number}.py"), text)
            editor.open(address(tmp_path), BUG)
            assert await codes(editor, address(tmp_path)) == ["UNC101"]
            for number in range(len(HOSTILE)):
                await editor.diagnostics(address(tmp_path, f"hostile{number}.py"))
                assert await editor.actions(address(tmp_path, f"hostile{number}.py"), EVERYWHERE) == []

    run(test())


FAILING = """
import sys
from unchunk.lsp import checks
real = checks.Checker.look
def look(self, subject):
    if "fails" in subject.uri:
        raise SystemError("made to fail")
    return real(self, subject)
checks.Checker.look = look
from unchunk.cli.main import main
sys.exit(main(["lsp"]))
"""


def test_a_fault_of_ours_in_one_document_is_told_and_the_others_live_on(tmp_path: Path) -> None:
    async def test() -> None:
        async with editing(program=["-c", FAILING]) as editor:
            editor.open(address(tmp_path, "fails.py"), BUG)
            assert await codes(editor, address(tmp_path, "fails.py")) == []
            assert any("fails.py" in message for message in editor.said)
            assert await editor.actions(address(tmp_path, "fails.py"), EVERYWHERE) == []
            editor.open(address(tmp_path), BUG)
            assert await codes(editor, address(tmp_path)) == ["UNC101"]

    run(test())


def message(body: bytes, header: bytes | None = None) -> bytes:
    return (header or b"Content-Length: %d\r\n\r\n" % len(body)) + body


def changing(changes: list[object]) -> bytes:
    params = {"textDocument": {"uri": "file:///nowhere.py", "version": 2}, "contentChanges": changes}
    return message(json.dumps({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}).encode())


FAR = {"line": 9999, "character": 77}
GARBAGE = {
    "no JSON": message(b"{garbage"),
    "not UTF-8": message(b'{"a": "\xff\xfe"}'),
    "no object": message(b"[1, 2]"),
    "null": message(b"null"),
    "no JSON-RPC": message(b'{"method": "x"}'),
    "an unknown notification": message(b'{"jsonrpc": "2.0", "method": "x/y", "params": {}}'),
    "a notification without its parameters": message(b'{"jsonrpc": "2.0", "method": "textDocument/didChange"}'),
    "parameters of wrong types": message(
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": 3}}'
    ),
    "a document that is not open": changing([{"text": "x"}]),
    "a range beyond the end": changing([{"range": {"start": FAR, "end": {"line": 2, "character": 1}}, "text": "x"}]),
    "an answer to no question": message(b'{"jsonrpc": "2.0", "id": 77, "result": null}'),
    "deep JSON": message(b"[" * 100_000),
    "headers of something else": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "an action that was never offered": message(
        b'{"jsonrpc": "2.0", "id": 78, "method": "codeAction/resolve", "params": {"title": "x"}}'
    ),
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE.keys())
def test_no_client_ends_the_server(tmp_path: Path, garbage: bytes) -> None:
    async def test() -> None:
        uri = address(tmp_path)
        async with editing() as editor:
            editor.open(uri, CLEAN)
            server = editor.client._server
            assert server is not None
            assert server.stdin is not None
            server.stdin.write(garbage)
            other = address(tmp_path, "other.py")
            editor.open(other, BUG)
            assert await codes(editor, other) == ["UNC101"]

    run(test())


def test_a_client_that_goes_away_ends_the_server() -> None:
    server = subprocess.run(
        [sys.executable, "-m", "unchunk", "lsp"],
        input=b"Content-Length: 100\r\n\r\n{",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert server.returncode == 0
    assert b"unchunk/lsp" not in server.stderr


def test_an_unknown_rule_on_the_command_line_is_an_error_in_words() -> None:
    server = subprocess.run(
        [sys.executable, "-m", "unchunk", "lsp", "--select", "XYZ1"],
        capture_output=True,
        timeout=60,
        check=False,
        text=True,
    )
    assert server.returncode == 2
    assert "XYZ1" in server.stderr
    assert "Traceback" not in server.stderr


def test_without_pygls_the_command_says_what_to_install() -> None:
    program = "import sys; sys.modules['pygls'] = None; from unchunk.cli.main import main; sys.exit(main(['lsp']))"
    server = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False, text=True)
    assert server.returncode == 2
    assert "pip install 'unchunk[lsp]'" in server.stderr


def test_check_imports_nothing_of_the_server() -> None:
    program = (
        "import json, sys; from unchunk.cli.main import main; main(['check', '--isolated', sys.argv[1]]);"
        "print(json.dumps([name for name in sys.modules if name.split('.')[0] in ('pygls', 'lsprotocol')]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, __file__], capture_output=True, timeout=60, check=True, text=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []


BOOK = [
    "%pip install requests",
    "import json\nimport requests",
    "r = requests.get('x', stream=True)\n!ls",
    "%%time\nfor chunk in r.iter_content(1):\n    '😀'; print(json.loads(chunk))",
    "json.loads(( # not yet",
]


def test_a_notebook_is_looked_into_across_its_cells_and_fixed_in_them(tmp_path: Path) -> None:
    async def test() -> None:
        async with editing() as editor:
            cells = editor.open_notebook(address(tmp_path, "book.ipynb"), BOOK)
            (found,) = await editor.diagnostics(cells[3])
            assert found.range == editor.place(cells[3], "json.loads(chunk)")
            assert {each.location.uri for each in found.related_information or []} == {cells[3]}
            (fix, _) = await editor.actions(cells[3], found.range, [types.CodeActionKind.QuickFix])
            fix = await editor.resolve(fix)
            assert fix.edit is not None
            editor.apply(fix.edit)
            assert [editor.texts[cells[number]] for number in (0, 2, 4)] == [BOOK[0], BOOK[2], BOOK[4]]
            assert editor.texts[cells[1]].startswith("import json\nimport requests\nfrom unchunk import ")
            assert editor.texts[cells[3]].startswith("%%time\nfor chunk in ")
            assert "(r.iter_content(1)" in editor.texts[cells[3]]
            assert await codes(editor, cells[3]) == []

    run(test())


def test_a_finding_in_a_notebook_can_be_silenced_in_its_cell(tmp_path: Path) -> None:
    async def test() -> None:
        async with editing() as editor:
            cells = editor.open_notebook(address(tmp_path, "book.ipynb"), BOOK)
            silence = (await editor.actions(cells[3], EVERYWHERE, [types.CodeActionKind.QuickFix]))[-1]
            silence = await editor.resolve(silence)
            assert silence.edit is not None
            editor.apply(silence.edit)
            assert editor.texts[cells[3]] == f"{BOOK[3]}  # noqa: UNC101"
            assert await codes(editor, cells[3]) == []

    run(test())


def test_many_documents_at_once(tmp_path: Path) -> None:
    async def test() -> None:
        async with editing() as editor:
            uris = [address(tmp_path, f"m{number}.py") for number in range(30)]
            for uri in uris:
                editor.open(uri, BUG)
            found = await asyncio.gather(*(codes(editor, uri) for uri in uris))
            assert found == [["UNC101"]] * 30

    run(test())


@pytest.mark.parametrize("params", [{}, {"textDocument": 7}, [], None, "nothing"])
def test_a_request_whose_parameters_are_none_gets_an_answer(tmp_path: Path, params: object) -> None:
    def message(**fields: object) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **fields}).encode()
        return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)

    sent = [
        message(id=1, method="initialize", params={"processId": None, "rootUri": None, "capabilities": {}}),
        message(id="two", method="textDocument/hover", params=params),
        message(id=3, method="shutdown"),
        message(method="exit"),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "unchunk", "lsp"],
        cwd=tmp_path,
        input=b"".join(sent),
        capture_output=True,
        timeout=60,
        check=False,
    )
    bodies = [part.partition(b"\r\n\r\n")[2] for part in done.stdout.split(b"Content-Length: ")[1:]]
    answers = {body["id"]: body for body in map(json.loads, bodies) if "id" in body}
    assert answers["two"]["error"]["code"] in (-32602, -32603)
    assert 3 in answers
