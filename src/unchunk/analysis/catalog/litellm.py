"""litellm: https://docs.litellm.ai/docs/completion/stream"""

from __future__ import annotations

from . import chat_shape
from .dsl import FRAGMENT, WHOLE, Type, client, unless, when
from .openai import Event
from .pydantic import BaseModel

LITELLM = client("litellm", docs="https://docs.litellm.ai/docs/completion/stream")
Router = LITELLM.type("Router")
Chunk = LITELLM.type("ModelResponseStream", "types.utils.ModelResponseStream", bases=(BaseModel,), decoded=True)
Chat = LITELLM.type("ModelResponse", bases=(BaseModel,), decoded=True)
TextChunk = LITELLM.type("streamed TextCompletionResponse", bases=(BaseModel,), decoded=True)
Stream = LITELLM.type("CustomStreamWrapper")
Stream.iterates(Chunk)


def talks(owner: Type) -> None:
    owner.returns(Stream, "completion", "acompletion", only=when("stream"))
    owner.returns(Chat, "completion", "acompletion", only=unless("stream"))
    owner.yields(TextChunk, "text_completion", "atext_completion", only=when("stream"))
    owner.yields(Event, "responses", "aresponses", only=when("stream"))


talks(LITELLM)
talks(Router)
LITELLM.returns(Chat, "stream_chunk_builder")
Chunk.part(FRAGMENT, chat_shape.CONTENT, chat_shape.TOOL_ARGUMENTS, chat_shape.FUNCTION_ARGUMENTS, text=True)
Chunk.part(FRAGMENT, "choices[].delta.reasoning_content", text=True)
Chat.part(WHOLE, chat_shape.WHOLE_CONTENT, chat_shape.WHOLE_TOOL_ARGUMENTS, text=True)
TextChunk.part(FRAGMENT, "choices[].text", text=True)
