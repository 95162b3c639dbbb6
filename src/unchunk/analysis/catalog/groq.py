"""groq: https://console.groq.com/docs/text-chat#streaming-a-chat-completion"""

from __future__ import annotations

from . import chat_shape
from .dsl import FRAGMENT, WHOLE, client, unless, when
from .pydantic import BaseModel
from .stainless import raw_answers

GROQ = client("groq", docs="https://console.groq.com/docs/text-chat#streaming-a-chat-completion")
Client = GROQ.type("Groq", "AsyncGroq", "Client", "AsyncClient")

Chunk = GROQ.type("types.chat.ChatCompletionChunk", bases=(BaseModel,), decoded=True)
Chat = GROQ.type("types.chat.ChatCompletion", bases=(BaseModel,), decoded=True)

Client.yields(Chunk, "chat.completions.create", only=when("stream"))
Client.returns(Chat, "chat.completions.create", only=unless("stream"))
raw_answers(GROQ, Client, {"chat.completions.create": Chunk})

ONE_CALL = "each tool call arrives complete in one chunk, says Groq: https://github.com/vercel/ai/pull/1653"
Chunk.part(FRAGMENT, chat_shape.CONTENT, chat_shape.FUNCTION_ARGUMENTS, text=True)
Chunk.part(WHOLE, chat_shape.TOOL_ARGUMENTS, text=True, note=ONE_CALL)
Chunk.part(FRAGMENT, "choices[].delta.reasoning", text=True)
Chat.part(WHOLE, chat_shape.WHOLE_CONTENT, chat_shape.WHOLE_FUNCTION_ARGUMENTS, text=True)
Chat.part(WHOLE, chat_shape.WHOLE_TOOL_ARGUMENTS, text=True)
