"""The server: it follows the client's edits, checks what has changed, and answers.

Everything is looked into by one worker thread, the latest version only; what comes out for a version that is past is
dropped. Whatever goes wrong in one document is told in the log and ends there.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

from unchunk import __version__
from unchunk.analysis import faults
from unchunk.lsp import actions, protocol
from unchunk.lsp.checks import Check, Checker
from unchunk.lsp.configurations import FILES
from unchunk.lsp.workspace import Subject, Workspace

if TYPE_CHECKING:
    from unchunk.lsp.checks import Options

PAUSE = 0.1
"""Seconds without a change before a document is looked into."""

_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [types.NotebookDocumentFilterWithCells(cells=[types.NotebookCellLanguage("python")])]
)

R = TypeVar("R")
_log = logging.getLogger(__name__)


class Protocol(LanguageServerProtocol):
    """The protocol, with an answer to requests whose parameters are invalid: a client would wait for it for ever."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Return the message that a client sent, as objects."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "method" in data and isinstance(data.get("id"), (int, str)):
                self._send_response(data["id"], error=error.to_response_error())
            raise


class Server(LanguageServer):
    """The language server of one editor.

    Args:
        options: of the command line, as `check` has them.

    Raises:
        ValueError: a code of the command line is none.
    """

    def __init__(self, options: Options) -> None:
        super().__init__(
            "unchunk", __version__, protocol_cls=Protocol, notebook_document_sync=_NOTEBOOKS, max_workers=2
        )
        self._texts = Workspace()
        self._looker = Checker(options)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="unchunk")
        self._pending: dict[str, asyncio.Task[None]] = {}
        self._looks: dict[str, Check] = {}
        self._told: dict[str, set[str]] = {}
        self._problems: set[str] = set()

    def ready(self) -> None:
        """Apply what was agreed on with the client, and ask it to watch the configuration files."""
        self._texts.codec = self.workspace.position_codec
        watching = self.client_capabilities.workspace and self.client_capabilities.workspace.did_change_watched_files
        if watching and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(f"**/{name}") for name in FILES]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = types.Registration(
                "unchunk-configuration", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options
            )
            self.client_register_capability(types.RegistrationParams([registration]))

    @property
    def texts(self) -> Workspace:
        """Return the open texts."""
        return self._texts

    def look_soon(self, uri: str, pause: float = PAUSE) -> None:
        """Check a document or notebook after a pause in its edits."""
        subject = self._texts.subject(uri)
        if subject is None:
            return
        earlier = self._pending.get(subject.uri)
        if earlier is not None:
            earlier.cancel()
        self._pending[subject.uri] = asyncio.ensure_future(self._look_and_tell(subject.uri, pause))

    def look_again(self) -> None:
        """Check everything once more: the configuration may have changed."""
        self._looks.clear()
        self._problems.clear()
        for subject in self._texts.subjects():
            self.look_soon(subject.uri, pause=0)

    def forget(self, uri: str) -> None:
        """Withdraw the diagnostics of a document or notebook that was closed."""
        if (task := self._pending.pop(uri, None)) is not None:
            task.cancel()
        self._looks.pop(uri, None)
        for told in self._told.pop(uri, set()):
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(told, []))

    async def look(self, uri: str) -> Check | None:
        """Return the findings in the present version; None if nothing is open, or it cannot be checked."""
        subject = self._texts.subject(uri)
        if subject is None:
            return None
        known = self._looks.get(subject.uri)
        if known is not None and known.subject == subject:
            return known
        try:
            look = await self.in_worker(lambda: self._looker.look(subject))
        except Exception as error:  # a fault of ours in one document; the others, and the server, are to live on
            self.tell_fault(subject.uri, error)
            look = Check(subject, None, "")
        if self._texts.subject(uri) == subject:
            self._looks[subject.uri] = look
        return look

    async def in_worker(self, work: Callable[[], R]) -> R:
        """Return the result of long work."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def shutdown(self) -> None:
        """Stop, without waiting for results that nobody will read any more."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        super().shutdown()  # type: ignore[no-untyped-call]

    async def _look_and_tell(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        look = await self.look(uri)
        if look is not None and self._texts.subject(uri) == look.subject:
            self._tell(look)

    def _tell(self, look: Check) -> None:
        """Publish the diagnostics, also for cells that have none any more."""
        subject = look.subject
        told = protocol.diagnostics(look, self._texts.codec) if look.findings else _nothing(subject)
        for uri in self._told.get(subject.uri, set()) - set(told):
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
        versions = {text.uri: text.version for text in subject.cells.values()}
        for uri, found in told.items():
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, versions[uri]))
        self._told[subject.uri] = set(told)
        if look.problem is not None and look.problem not in self._problems:
            self._problems.add(look.problem)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"unchunk: {look.problem}"))

    def tell_fault(self, uri: str, error: Exception) -> None:
        """Log an internal error, in one line, with the document in which it happened."""
        message = f"unchunk: {uri}: {faults.describe_fault(error)}"
        _log.error(message)
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, message))


def _nothing(subject: Subject) -> dict[str, list[types.Diagnostic]]:
    return {text.uri: [] for text in subject.cells.values()}


def serve(options: Options) -> None:
    """Serve a client over standard input and output until it says goodbye.

    Raises:
        ValueError: a code of the command line is none.
    """
    server = Server(options)
    _keep_up(server)
    _answer(server)
    # What is printed by accident is not to get into the conversation.
    with open(os.dup(sys.stdout.fileno()), "wb") as output, contextlib.redirect_stdout(sys.stderr):
        server.start_io(sys.stdin.buffer, output)


def _keep_up(server: Server) -> None:
    """Register the client's notifications."""

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        server.ready()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.texts.open(params.text_document)
        server.look_soon(params.text_document.uri, pause=0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(params: types.DidChangeTextDocumentParams) -> None:
        server.texts.change(params)
        server.look_soon(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.look_again()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        server.texts.close(params.text_document.uri)
        server.forget(params.text_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    async def opened_notebook(params: types.DidOpenNotebookDocumentParams) -> None:
        server.texts.open_notebook(params)
        server.look_soon(params.notebook_document.uri, pause=0)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    async def changed_notebook(params: types.DidChangeNotebookDocumentParams) -> None:
        server.texts.change_notebook(params)
        server.look_soon(params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    async def closed_notebook(params: types.DidCloseNotebookDocumentParams) -> None:
        server.texts.close_notebook(params)
        server.forget(params.notebook_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        server.look_again()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def settings_changed(params: types.DidChangeConfigurationParams) -> None:
        server.look_again()


def _answer(server: Server) -> None:
    """Register the client's requests."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        look = await server.look(params.text_document.uri)
        if look is None:
            return None
        return protocol.hover(look, params.text_document.uri, params.position, server.texts.codec)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(actions.KINDS, resolve_provider=True))
    async def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        look = await server.look(params.text_document.uri)
        if look is None or not look.findings:
            return []
        offered = await server.in_worker(lambda: list(actions.offered(look, params, server.texts.codec)))
        if _resolves_edits(server):
            return offered
        return [action for action in [await resolve(action) for action in offered] if action.edit]

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        data: dict[str, Any] = action.data or {}
        look = await server.look(data["uri"])
        if look is None or look.subject.version != data["version"]:
            return action
        codec, versioned = server.texts.codec, _takes_versions(server)
        try:
            return await server.in_worker(lambda: actions.resolved(look, action, codec, versioned=versioned))
        except ValueError as error:  # FixError, BorderError: the reason is for the user
            server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"unchunk: {error}"))
            return action
        except Exception as error:  # a fault of ours in one fix
            server.tell_fault(data["uri"], error)
            return action


def _resolves_edits(server: Server) -> bool:
    document = server.client_capabilities.text_document
    support = document and document.code_action and document.code_action.resolve_support
    return bool(support and "edit" in support.properties)


def _takes_versions(server: Server) -> bool:
    workspace = server.client_capabilities.workspace
    return bool(workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes)
