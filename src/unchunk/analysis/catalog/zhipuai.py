"""zhipuai: https://docs.bigmodel.cn/cn/guide/capabilities/streaming"""

from __future__ import annotations

from . import chat_shape
from .dsl import FRAGMENT, WHOLE, client, unless, when
from .pydantic import BaseModel

ZHIPUAI = client("zhipuai", docs="https://docs.bigmodel.cn/cn/guide/capabilities/streaming")
Client = ZHIPUAI.type("ZhipuAI")
Chunk = ZHIPUAI.type("types.chat.chat_completion_chunk.ChatCompletionChunk", bases=(BaseModel,), decoded=True)
Chat = ZHIPUAI.type("types.chat.chat_completion.Completion", bases=(BaseModel,), decoded=True)

Client.yields(Chunk, "chat.completions.create", only=when("stream"))
Client.returns(Chat, "chat.completions.create", only=unless("stream"))
Chunk.part(FRAGMENT, chat_shape.CONTENT, chat_shape.TOOL_ARGUMENTS, "choices[].delta.reasoning_content", text=True)
Chat.part(WHOLE, chat_shape.WHOLE_CONTENT, chat_shape.WHOLE_TOOL_ARGUMENTS, text=True)
