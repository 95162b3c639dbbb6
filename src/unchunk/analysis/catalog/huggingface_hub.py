"""huggingface_hub: https://huggingface.co/docs/huggingface_hub/package_reference/inference_client"""

from __future__ import annotations

from . import chat_shape
from .dsl import FRAGMENT, WHOLE, client, unless, when

HUGGINGFACE = client(
    "huggingface_hub",
    distribution="huggingface-hub",
    docs="https://huggingface.co/docs/huggingface_hub/package_reference/inference_client",
)
Client = HUGGINGFACE.type("InferenceClient", "AsyncInferenceClient")
Chunk = HUGGINGFACE.type("ChatCompletionStreamOutput", decoded=True)
Chat = HUGGINGFACE.type("ChatCompletionOutput", decoded=True)
Token = HUGGINGFACE.type("TextGenerationStreamOutput", decoded=True)

Client.yields(Chunk, "chat_completion", "chat.completions.create", only=when("stream"))
Client.returns(Chat, "chat_completion", "chat.completions.create", only=unless("stream"))
Client.returns(WHOLE, "text_generation", only=unless("stream"))
Client.yields(Token, "text_generation", only=when("details"))
Client.yields(FRAGMENT, "text_generation", text=True, only=when("stream"))
Chunk.part(FRAGMENT, chat_shape.CONTENT, chat_shape.TOOL_ARGUMENTS, text=True)
Chat.part(WHOLE, chat_shape.WHOLE_CONTENT, chat_shape.WHOLE_TOOL_ARGUMENTS, text=True)
Token.part(FRAGMENT, "token.text", text=True)
Token.part(WHOLE, "generated_text", text=True, note="of the last event")
