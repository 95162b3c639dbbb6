"""ollama: https://github.com/ollama/ollama-python#streaming-responses

The arguments of tool calls are dictionaries, not text.
"""

from __future__ import annotations

from .dsl import FRAGMENT, WHOLE, Type, client, unless, when
from .pydantic import BaseModel

OLLAMA = client("ollama", docs="https://github.com/ollama/ollama-python#streaming-responses")
Client = OLLAMA.type("Client", "AsyncClient")
ChatChunk = OLLAMA.type("streamed ChatResponse", bases=(BaseModel,), decoded=True)
Chat = OLLAMA.type("ChatResponse", bases=(BaseModel,), decoded=True)
TextChunk = OLLAMA.type("streamed GenerateResponse", bases=(BaseModel,), decoded=True)
Text = OLLAMA.type("GenerateResponse", bases=(BaseModel,), decoded=True)
Progress = OLLAMA.type("ProgressResponse", bases=(BaseModel,), decoded=True)


def talks(owner: Type) -> None:
    owner.yields(ChatChunk, "chat", only=when("stream"))
    owner.returns(Chat, "chat", only=unless("stream"))
    owner.yields(TextChunk, "generate", only=when("stream"))
    owner.returns(Text, "generate", only=unless("stream"))
    owner.yields(Progress, "pull", "push", "create", only=when("stream"))


talks(OLLAMA)
talks(Client)
ChatChunk.part(FRAGMENT, "message.content", "message.thinking", text=True)
Chat.part(WHOLE, "message.content", text=True)
TextChunk.part(FRAGMENT, "response", "thinking", text=True)
Text.part(WHOLE, "response", text=True)
