"""An editor for the tests: a real client that starts a real server and speaks with it over its standard streams."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any, TypeVar

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'unchunk[lsp]'")

from lsprotocol import types
from pygls.lsp.client import LanguageClient

R = TypeVar("R")
SECONDS = 120  # a server that never answers; how fast it does is for the benchmarks

UNITS: dict[str, Callable[[str], int]] = {
    "utf-8": lambda text: len(text.encode()),
    "utf-16": lambda text: len(text.encode("utf-16-le")) // 2,
    "utf-32": len,
}


class Editor:
    """An editor's open documents, and the server's messages about them.

    Attributes:
        texts: every open document or cell as the editor shows it.
        said: every message of the server to the user or the log.
    """

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.encoding = "utf-16"
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.said: list[str] = []
        self.registered: list[types.Registration] = []
        self.published: list[types.PublishDiagnosticsParams] = []
        self._news = asyncio.Condition()
        self._notebook_of: dict[str, str] = {}

    def open(self, uri: str, text: str, language: str = "python") -> None:
        self.texts[uri], self.versions[uri] = text, 1
        document = types.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))

    def open_notebook(self, uri: str, texts: Sequence[str]) -> list[str]:
        """Open a notebook with these code cells; the result is their addresses."""
        cells = [f"vscode-notebook-cell:{uri.removeprefix('file:')}#C{number}" for number in range(len(texts))]
        self.texts |= dict(zip(cells, texts, strict=True))
        self.versions |= dict.fromkeys([uri, *cells], 1)
        self._notebook_of |= dict.fromkeys(cells, uri)
        documents = [types.TextDocumentItem(cell, "python", 1, self.texts[cell]) for cell in cells]
        listed = [types.NotebookCell(types.NotebookCellKind.Code, cell) for cell in cells]
        book = types.NotebookDocument(uri, "jupyter-notebook", 1, listed)
        self.client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(book, documents))
        return cells

    def _change_notebook(self, uri: str, change: types.NotebookDocumentCellChanges) -> None:
        self.versions[uri] += 1
        document = types.VersionedNotebookDocumentIdentifier(self.versions[uri], uri)
        event = types.NotebookDocumentChangeEvent(cells=change)
        self.client.notebook_document_did_change(types.DidChangeNotebookDocumentParams(document, event))

    def type(self, uri: str, change: types.TextDocumentContentChangeEvent) -> None:
        """Send a change; the editor's own text is `become`'s matter."""
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        if (notebook := self._notebook_of.get(uri)) is not None:
            content = types.NotebookDocumentCellContentChanges(document, [change])
            self._change_notebook(notebook, types.NotebookDocumentCellChanges(text_content=[content]))
            return
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def become(self, uri: str, text: str) -> None:
        """Replace all of a document."""
        self.texts[uri] = text
        self.type(uri, types.TextDocumentContentChangeWholeDocument(text))

    def insert(self, uri: str, offset: int, text: str, *, delete: int = 0) -> None:
        """Type into a document, told as a change of a range."""
        old = self.texts[uri]
        range = types.Range(self.position(uri, offset), self.position(uri, offset + delete))
        self.texts[uri] = old[:offset] + text + old[offset + delete :]
        self.type(uri, types.TextDocumentContentChangePartial(range, text))

    def position(self, uri: str, offset: int) -> types.Position:
        before = self.texts[uri][:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return types.Position(len(before) - 1, UNITS[self.encoding](before[-1]))

    def place(self, uri: str, text: str) -> types.Range:
        """Return the range of a text that occurs once."""
        assert self.texts[uri].count(text) == 1
        start = self.texts[uri].index(text)
        return types.Range(self.position(uri, start), self.position(uri, start + len(text)))

    async def diagnostics(self, uri: str, version: int | None = None) -> list[types.Diagnostic]:
        """Return what the server publishes for this version (the present one by default), once it does."""
        version = self.versions.get(uri) if version is None else version
        return list((await self.until(lambda: self._published(uri, version))).diagnostics)

    async def until(self, look: Callable[[], R | None]) -> R:
        """Return the first result that is something."""

        async def wait() -> R:
            while (found := look()) is None:
                async with self._news:
                    await self._news.wait()
            return found

        return await asyncio.wait_for(wait(), SECONDS)

    def _published(self, uri: str, version: int | None) -> types.PublishDiagnosticsParams | None:
        return next((each for each in reversed(self.published) if (each.uri, each.version) == (uri, version)), None)

    async def hover(self, uri: str, position: types.Position) -> types.Hover | None:
        params = types.HoverParams(types.TextDocumentIdentifier(uri), position)
        return await asyncio.wait_for(self.client.text_document_hover_async(params), SECONDS)

    async def actions(
        self, uri: str, range: types.Range, only: Sequence[types.CodeActionKind | str] | None = None
    ) -> list[types.CodeAction]:
        context = types.CodeActionContext([], only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), range, context)
        found = await asyncio.wait_for(self.client.text_document_code_action_async(params), SECONDS)
        return [action for action in found or [] if isinstance(action, types.CodeAction)]

    async def resolve(self, action: types.CodeAction) -> types.CodeAction:
        return await asyncio.wait_for(self.client.code_action_resolve_async(action), SECONDS)

    def apply(self, edit: types.WorkspaceEdit) -> None:
        """Make the edits, in texts and in what the server knows."""
        for uri, edits in self._edits(edit):
            offsets = sorted(
                (
                    (self.offset(uri, each.range.start), self.offset(uri, each.range.end), each.new_text)
                    for each in edits
                ),
                reverse=True,
            )
            text = self.texts[uri]
            for start, end, new in offsets:
                text = text[:start] + new + text[end:]
            self.become(uri, text)

    def _edits(self, edit: types.WorkspaceEdit) -> list[tuple[str, Sequence[Any]]]:
        if edit.changes is not None:
            return list(edit.changes.items())
        changes: list[tuple[str, Sequence[Any]]] = []
        for change in edit.document_changes or []:
            assert isinstance(change, types.TextDocumentEdit)
            assert change.text_document.version == self.versions[change.text_document.uri]
            changes.append((change.text_document.uri, change.edits))
        return changes

    def offset(self, uri: str, position: types.Position) -> int:
        """Return the offset of a position, which has to exist."""
        offsets = [offset for offset in range(len(self.texts[uri]) + 1) if self.position(uri, offset) == position]
        return offsets[-1]  # the one after the whole of a CRLF

    async def news(self) -> None:
        async with self._news:
            self._news.notify_all()


def _listen(editor: Editor) -> None:
    client = editor.client

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    async def published(params: types.PublishDiagnosticsParams) -> None:
        editor.published.append(params)
        await editor.news()

    @client.feature(types.WINDOW_LOG_MESSAGE)
    async def logged(params: types.LogMessageParams) -> None:
        editor.said.append(params.message)
        await editor.news()

    @client.feature(types.WINDOW_SHOW_MESSAGE)
    async def shown(params: types.ShowMessageParams) -> None:
        editor.said.append(params.message)
        await editor.news()

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    async def registered(params: types.RegistrationParams) -> None:
        editor.registered += params.registrations
        await editor.news()


@contextlib.asynccontextmanager
async def editing(
    *arguments: str,
    capabilities: types.ClientCapabilities | None = None,
    folder: str | None = None,
    program: Sequence[str] = ("-m", "unchunk", "lsp"),
) -> AsyncIterator[Editor]:
    """Yield an editor with a ready server, stopped by the protocol in the end."""
    editor = Editor(LanguageClient("editor", "1"))
    _listen(editor)
    await editor.client.start_io(sys.executable, *program, *arguments, cwd=folder)
    server = editor.client._server
    assert server is not None
    try:
        wanted = capabilities or modern()
        params = types.InitializeParams(wanted, root_uri=folder and f"file://{folder}")
        result = await asyncio.wait_for(editor.client.initialize_async(params), SECONDS)
        encoding = result.capabilities.position_encoding
        editor.encoding = encoding.value if isinstance(encoding, types.PositionEncodingKind) else encoding or "utf-16"
        editor.client.initialized(types.InitializedParams())
        yield editor
        await asyncio.wait_for(editor.client.shutdown_async(None), SECONDS)
        editor.client.exit(None)
        assert await asyncio.wait_for(server.wait(), SECONDS) == 0
    finally:
        if server.returncode is None:
            server.kill()
        await editor.client.stop()


def modern() -> types.ClientCapabilities:
    """Return the capabilities of an editor of today."""
    return types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        ),
        text_document=types.TextDocumentClientCapabilities(
            code_action=types.CodeActionClientCapabilities(
                resolve_support=types.ClientCodeActionResolveOptions(["edit"]),
                data_support=True,
            )
        ),
    )


def run(test: Coroutine[Any, Any, None]) -> None:
    """Run a test that awaits."""
    asyncio.run(test)
