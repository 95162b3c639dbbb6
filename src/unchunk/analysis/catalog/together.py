"""together: https://docs.together.ai/docs/chat-overview#streaming-responses"""

from __future__ import annotations

from . import chat_shape
from .dsl import FRAGMENT, WHOLE, client, unless, when
from .pydantic import BaseModel
from .stainless import raw_answers

TOGETHER = client(
    "together", distribution="together>=2", docs="https://docs.together.ai/docs/chat-overview#streaming-responses"
)
Client = TOGETHER.type("Together", "AsyncTogether", "Client", "AsyncClient")

Chunk = TOGETHER.type("types.chat.ChatCompletionChunk", bases=(BaseModel,), decoded=True)
Chat = TOGETHER.type("types.chat.ChatCompletion", bases=(BaseModel,), decoded=True)
TextChunk = TOGETHER.type("types.CompletionChunk", bases=(BaseModel,), decoded=True)
Completion = TOGETHER.type("types.Completion", bases=(BaseModel,), decoded=True)

Client.yields(Chunk, "chat.completions.create", only=when("stream"))
Client.returns(Chat, "chat.completions.create", only=unless("stream"))
Client.yields(TextChunk, "completions.create", only=when("stream"))
Client.returns(Completion, "completions.create", only=unless("stream"))
raw_answers(TOGETHER, Client, {"chat.completions.create": Chunk, "completions.create": TextChunk})

Chunk.part(FRAGMENT, chat_shape.CONTENT, chat_shape.TOOL_ARGUMENTS, text=True)
Chunk.part(FRAGMENT, "choices[].delta.reasoning", "choices[].delta.reasoning_content", text=True)
Chat.part(WHOLE, chat_shape.WHOLE_CONTENT, chat_shape.WHOLE_TOOL_ARGUMENTS, text=True)
TextChunk.part(FRAGMENT, "choices[].text", "choices[].delta.content", text=True)
Completion.part(WHOLE, "choices[].text", text=True)

# Before 1. (1 has the paths of 2, and its events have the same names.)
TOGETHER_0 = client(
    "together", distribution="together<1", docs="https://github.com/togethercomputer/together-python/tree/v0.2.11"
)
TOGETHER_0.yields(FRAGMENT, "Complete.create_streaming", text=True)
