"""LlamaIndex: https://docs.llamaindex.ai/en/stable/module_guides/models/llms/"""

from __future__ import annotations

from .dsl import FRAGMENT, WHOLE, client
from .pydantic import BaseModel

CORE = client(
    "llama_index.core",
    distribution="llama-index-core",
    docs="https://docs.llamaindex.ai/en/stable/module_guides/models/llms/usage_standalone/",
)
LLM = CORE.type(
    "llms.LLM", "llms.CustomLLM", "llms.MockLLM", "base.llms.base.BaseLLM", "llms.function_calling.FunctionCallingLLM"
)
ChatChunk = CORE.type("streamed ChatResponse", bases=(BaseModel,), decoded=True)
Chat = CORE.type("llms.ChatResponse", bases=(BaseModel,), decoded=True)
TextChunk = CORE.type("streamed CompletionResponse", bases=(BaseModel,), decoded=True)
Text = CORE.type("llms.CompletionResponse", bases=(BaseModel,), decoded=True)
StreamingResponse = CORE.type("base.response.schema.StreamingResponse", "chat_engine.types.StreamingAgentChatResponse")
AsyncStreamingResponse = CORE.type("base.response.schema.AsyncStreamingResponse")

LLM.yields(ChatChunk, "stream_chat", "astream_chat")
LLM.yields(TextChunk, "stream_complete", "astream_complete")
LLM.returns(Chat, "chat", "achat")
LLM.returns(Text, "complete", "acomplete")
ChatChunk.part(FRAGMENT, "delta", text=True, note="message.content is what has come so far")
TextChunk.part(FRAGMENT, "delta", text=True, note="text is what has come so far")
Chat.part(WHOLE, "message.content", text=True)
Text.part(WHOLE, "text", text=True)
StreamingResponse.attribute_yields(FRAGMENT, "response_gen", text=True)
AsyncStreamingResponse.yields(FRAGMENT, "async_response_gen", text=True)

OPENAI = client(
    "llama_index.llms.openai",
    distribution="llama-index-llms-openai",
    docs="https://docs.llamaindex.ai/en/stable/api_reference/llms/openai/",
)
OPENAI.type("OpenAI", bases=(LLM,))
ANTHROPIC = client(
    "llama_index.llms.anthropic",
    distribution="llama-index-llms-anthropic",
    docs="https://docs.llamaindex.ai/en/stable/api_reference/llms/anthropic/",
)
ANTHROPIC.type("Anthropic", bases=(LLM,))
OLLAMA = client(
    "llama_index.llms.ollama",
    distribution="llama-index-llms-ollama",
    docs="https://docs.llamaindex.ai/en/stable/api_reference/llms/ollama/",
)
OLLAMA.type("Ollama", bases=(LLM,))
