"""Google's Gemini SDKs: https://googleapis.github.io/python-genai/#streaming-for-text-content"""

from __future__ import annotations

from .dsl import FRAGMENT, WHOLE, client, unless, when
from .pydantic import BaseModel

GENAI = client(
    "google.genai",
    distribution="google-genai",
    docs="https://googleapis.github.io/python-genai/#streaming-for-text-content",
)
Client = GENAI.type("Client")
Chat = GENAI.type("chats.Chat", "chats.AsyncChat")
Chunk = GENAI.type("streamed GenerateContentResponse", bases=(BaseModel,), decoded=True)
Response = GENAI.type("types.GenerateContentResponse", bases=(BaseModel,), decoded=True)

Client.yields(Chunk, "models.generate_content_stream", "aio.models.generate_content_stream")
Client.returns(Response, "models.generate_content", "aio.models.generate_content")
Client.returns(Chat, "chats.create", "aio.chats.create")
Chat.yields(Chunk, "send_message_stream")
Chat.returns(Response, "send_message")
Chunk.part(FRAGMENT, "text", "candidates[].content.parts[].text", "parts[].text", text=True)
Response.part(WHOLE, "text", "candidates[].content.parts[].text", "parts[].text", text=True)

GENERATIVEAI = client(
    "google.generativeai",
    distribution="google-generativeai",
    docs="https://ai.google.dev/api/generate-content#text-stream",
)
Model = GENERATIVEAI.type("GenerativeModel")
Session = GENERATIVEAI.type("ChatSession")
OldStream = GENERATIVEAI.type("stream of GenerateContentResponse")
OldChunk = GENERATIVEAI.type("streamed GenerateContentResponse", decoded=True)
OldResponse = GENERATIVEAI.type("types.GenerateContentResponse", "types.AsyncGenerateContentResponse", decoded=True)
for member in ("generate_content", "generate_content_async"):
    Model.returns(OldStream, member, only=when("stream"))
    Model.returns(OldResponse, member, only=unless("stream"))
for member in ("send_message", "send_message_async"):
    Session.returns(OldStream, member, only=when("stream"))
    Session.returns(OldResponse, member, only=unless("stream"))
Model.returns(Session, "start_chat")
OldStream.iterates(OldChunk)
OldStream.attribute(WHOLE, "text", text=True, note="once the stream has ended")
OldChunk.part(FRAGMENT, "text", "candidates[].content.parts[].text", "parts[].text", text=True)
OldResponse.part(WHOLE, "text", "candidates[].content.parts[].text", "parts[].text", text=True)

VERTEXAI = client(
    "vertexai",
    distribution="google-cloud-aiplatform",
    docs="https://cloud.google.com/python/docs/reference/vertexai/latest/vertexai.generative_models.GenerativeModel",
)
VertexModel = VERTEXAI.type("generative_models.GenerativeModel", "preview.generative_models.GenerativeModel")
VertexSession = VERTEXAI.type("generative_models.ChatSession", "preview.generative_models.ChatSession")
VertexChunk = VERTEXAI.type("streamed GenerationResponse", decoded=True)
VertexResponse = VERTEXAI.type("generative_models.GenerationResponse", decoded=True)
for member in ("generate_content", "generate_content_async"):
    VertexModel.yields(VertexChunk, member, only=when("stream"))
    VertexModel.returns(VertexResponse, member, only=unless("stream"))
for member in ("send_message", "send_message_async"):
    VertexSession.yields(VertexChunk, member, only=when("stream"))
    VertexSession.returns(VertexResponse, member, only=unless("stream"))
VertexModel.returns(VertexSession, "start_chat")
VertexChunk.part(FRAGMENT, "text", "candidates[].text", "candidates[].content.parts[].text", text=True)
VertexResponse.part(WHOLE, "text", "candidates[].text", "candidates[].content.parts[].text", text=True)
