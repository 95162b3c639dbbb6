"""LangChain: https://python.langchain.com/docs/concepts/streaming/"""

from __future__ import annotations

from .dsl import FRAGMENT, WHOLE, client
from .pydantic import BaseModel

CORE = client(
    "langchain_core", distribution="langchain-core", docs="https://python.langchain.com/docs/concepts/streaming/"
)
ChatModel = CORE.type("language_models.BaseChatModel", "language_models.chat_models.BaseChatModel")
TextModel = CORE.type("language_models.BaseLLM", "language_models.llms.BaseLLM", "language_models.LLM")
Chunk = CORE.type("messages.AIMessageChunk", bases=(BaseModel,), decoded=True, sums=True)
Message = CORE.type("messages.AIMessage", bases=(BaseModel,), decoded=True)
Handler = CORE.type(
    "callbacks.BaseCallbackHandler",
    "callbacks.AsyncCallbackHandler",
    "callbacks.StreamingStdOutCallbackHandler",
)

ChatModel.yields(Chunk, "stream", "astream")
ChatModel.returns(Message, "invoke", "ainvoke")
ChatModel.returns(ChatModel, "bind_tools", "bind", "with_config", "with_retry")
TextModel.yields(FRAGMENT, "stream", "astream", text=True)
TextModel.returns(WHOLE, "invoke", "ainvoke", text=True)
Chunk.part(FRAGMENT, "content", "content[].text", "tool_call_chunks[].args", text=True)
Chunk.part(FRAGMENT, "additional_kwargs.tool_calls[].function.arguments", text=True)
Message.part(WHOLE, "content", "content[].text", text=True)
Message.part(WHOLE, "additional_kwargs.tool_calls[].function.arguments", text=True)
Handler.callback(FRAGMENT, "on_llm_new_token", text=True)

OPENAI = client(
    "langchain_openai",
    distribution="langchain-openai",
    docs="https://python.langchain.com/docs/integrations/chat/openai/",
)
OPENAI.type("ChatOpenAI", "AzureChatOpenAI", bases=(ChatModel,))
OPENAI.type("OpenAI", "AzureOpenAI", bases=(TextModel,))
ANTHROPIC = client(
    "langchain_anthropic",
    distribution="langchain-anthropic",
    docs="https://python.langchain.com/docs/integrations/chat/anthropic/",
)
ANTHROPIC.type("ChatAnthropic", bases=(ChatModel,))
GROQ = client(
    "langchain_groq", distribution="langchain-groq", docs="https://python.langchain.com/docs/integrations/chat/groq/"
)
GROQ.type("ChatGroq", bases=(ChatModel,))
OLLAMA = client(
    "langchain_ollama",
    distribution="langchain-ollama",
    docs="https://python.langchain.com/docs/integrations/chat/ollama/",
)
OLLAMA.type("ChatOllama", bases=(ChatModel,))
OLLAMA.type("OllamaLLM", bases=(TextModel,))
MISTRALAI = client(
    "langchain_mistralai",
    distribution="langchain-mistralai",
    docs="https://python.langchain.com/docs/integrations/chat/mistralai/",
)
MISTRALAI.type("ChatMistralAI", bases=(ChatModel,))
GOOGLE = client(
    "langchain_google_genai",
    distribution="langchain-google-genai",
    docs="https://python.langchain.com/docs/integrations/chat/google_generative_ai/",
)
GOOGLE.type("ChatGoogleGenerativeAI", bases=(ChatModel,))
LANGCHAIN = client("langchain", docs="https://python.langchain.com/docs/how_to/chat_models_universal_init/")
LANGCHAIN.returns(ChatModel, "chat_models.init_chat_model")
