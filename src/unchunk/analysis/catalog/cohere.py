"""cohere: https://docs.cohere.com/docs/streaming"""

from __future__ import annotations

from .dsl import FRAGMENT, WHOLE, client
from .pydantic import BaseModel

COHERE = client("cohere", docs="https://docs.cohere.com/docs/streaming")
Client = COHERE.type("Client", "AsyncClient", "BedrockClient", "SagemakerClient")
ClientV2 = COHERE.type("ClientV2", "AsyncClientV2", "BedrockClientV2", "SagemakerClientV2")

Event = COHERE.type("StreamedChatResponse", bases=(BaseModel,), decoded=True)
Chat = COHERE.type("NonStreamedChatResponse", bases=(BaseModel,), decoded=True)
Text = COHERE.type("GenerateStreamedResponse", bases=(BaseModel,), decoded=True)
EventV2 = COHERE.type("V2ChatStreamResponse", bases=(BaseModel,), decoded=True)
ChatV2 = COHERE.type("V2ChatResponse", bases=(BaseModel,), decoded=True)

Client.yields(Event, "chat_stream")
Client.yields(Text, "generate_stream")
Client.returns(Chat, "chat")
Event.part(FRAGMENT, "text", "tool_call_delta.parameters", text=True)
Event.part(WHOLE, "response.text", text=True, note="of stream-end")
Text.part(FRAGMENT, "text", text=True)
Chat.part(WHOLE, "text", text=True)

ClientV2.yields(EventV2, "chat_stream", "v2.chat_stream")
ClientV2.returns(ChatV2, "chat", "v2.chat")
Client.yields(EventV2, "v2.chat_stream")
Client.returns(ChatV2, "v2.chat")
EventV2.part(
    FRAGMENT,
    "delta.message.content.text",
    "delta.message.content.thinking",
    "delta.message.tool_plan",
    "delta.message.tool_calls.function.arguments",
    text=True,
)
ChatV2.part(WHOLE, "message.content[].text", "message.tool_calls[].function.arguments", text=True)
