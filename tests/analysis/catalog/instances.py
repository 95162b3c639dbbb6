"""Instances of clients, for what only instances have. None of them connects to anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Any

Make = Callable[[Any], Any]


def _with_key(**options: Any) -> Make:
    return lambda kind: kind(api_key="key", **options)


def _openai_module(module: ModuleType) -> ModuleType:
    """Return the module, whose functions stand for those of a client created on first use."""
    module.api_key = "key"  # type: ignore[attr-defined]
    return module


def _aiodocker(kind: Any) -> Any:
    async def make() -> Any:
        async with kind(url="http://127.0.0.1:1") as made:
            return made

    return asyncio.run(make())


def _reply(kind: Any) -> Any:
    """Return a reply, which only its manager makes."""
    network = __import__(kind.__module__, fromlist=["QtNetwork"])
    return network.QNetworkAccessManager().get(network.QNetworkRequest())


INSTANCES: dict[str, Make] = {
    "openai": _openai_module,
    **dict.fromkeys(("openai.OpenAI", "openai.AsyncOpenAI", "openai.Client", "openai.AsyncClient"), _with_key()),
    **dict.fromkeys(
        ("openai.AzureOpenAI", "openai.AsyncAzureOpenAI"), _with_key(api_version="1", azure_endpoint="http://127.0.0.1")
    ),
    **dict.fromkeys(("together.Together", "together.AsyncTogether"), _with_key()),
    **dict.fromkeys(("together.Client", "together.AsyncClient"), _with_key()),
    **dict.fromkeys(("groq.Groq", "groq.AsyncGroq", "groq.Client", "groq.AsyncClient"), _with_key()),
    **dict.fromkeys(("anthropic.Anthropic", "anthropic.AsyncAnthropic"), _with_key()),
    **dict.fromkeys(("anthropic.Client", "anthropic.AsyncClient"), _with_key()),
    "cohere.Client": _with_key(),
    "cohere.ClientV2": _with_key(),
    "aiodocker.Docker": _aiodocker,
    **dict.fromkeys(("Qt.QtNetwork.QTcpSocket", "Qt.QtCore.QProcess"), lambda kind: kind()),
    "Qt.QtNetwork.QNetworkReply": _reply,
    "docker.DockerClient": lambda kind: kind(base_url="tcp://127.0.0.1:1", version="1.41"),
    "google.genai.Client": _with_key(),
    "huggingface_hub.InferenceClient": _with_key(),
    "mistralai.Mistral": _with_key(),
    "replicate.Client": lambda kind: kind(api_token="key"),
    "zhipuai.ZhipuAI": _with_key(),
}
