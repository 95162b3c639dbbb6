"""anthropic: https://docs.anthropic.com/en/api/messages-streaming"""

from __future__ import annotations

from .dsl import FRAGMENT, WHOLE, client, unless, when
from .pydantic import BaseModel
from .stainless import raw_answers

ANTHROPIC = client("anthropic", docs="https://docs.anthropic.com/en/api/messages-streaming")
Client = ANTHROPIC.type(
    "Anthropic",
    "AsyncAnthropic",
    "AnthropicBedrock",
    "AsyncAnthropicBedrock",
    "AnthropicVertex",
    "AsyncAnthropicVertex",
    "Client",
    "AsyncClient",
)

Event = ANTHROPIC.type(
    "types.RawMessageStreamEvent",
    "types.MessageStreamEvent",
    "types.RawContentBlockDeltaEvent",
    "types.ContentBlockDeltaEvent",
    "types.beta.BetaRawMessageStreamEvent",
    "types.beta.BetaRawContentBlockDeltaEvent",
    bases=(BaseModel,),
    decoded=True,
)
HelperEvent = ANTHROPIC.type(
    "lib.streaming.MessageStreamEvent",
    "lib.streaming.ParsedMessageStreamEvent",
    "lib.streaming.BetaMessageStreamEvent",
    "lib.streaming.ParsedBetaMessageStreamEvent",
    "lib.streaming.TextEvent",
    "lib.streaming.InputJsonEvent",
    bases=(BaseModel,),
    decoded=True,
)
Message = ANTHROPIC.type("types.Message", "types.beta.BetaMessage", bases=(BaseModel,), decoded=True)
MessageStream = ANTHROPIC.type(
    "lib.streaming.MessageStream",
    "lib.streaming.AsyncMessageStream",
    "lib.streaming.BetaMessageStream",
    "lib.streaming.BetaAsyncMessageStream",
)

Client.yields(Event, "messages.create", "beta.messages.create", only=when("stream"))
Client.returns(Message, "messages.create", "beta.messages.create", only=unless("stream"))
Client.returns(MessageStream, "messages.stream", "beta.messages.stream")
raw_answers(ANTHROPIC, Client, {"messages.create": Event})

Event.part(FRAGMENT, "delta.partial_json", text=True, untyped=True)
Event.part(FRAGMENT, "delta.text", "delta.thinking", text=True)
HelperEvent.part(FRAGMENT, "delta.text", "delta.partial_json", "delta.thinking", text=True)
HelperEvent.part(FRAGMENT, "text", "partial_json", "thinking", text=True)
Message.part(WHOLE, "content[].text", text=True)
MessageStream.iterates(HelperEvent)
MessageStream.attribute_yields(FRAGMENT, "text_stream", text=True)
MessageStream.returns(Message, "get_final_message")
MessageStream.returns(WHOLE, "get_final_text", text=True)

# Before 1: the text completions.
ANTHROPIC_0 = client(
    "anthropic", distribution="anthropic<1", docs="https://docs.anthropic.com/en/api/completing-text#streaming"
)
OldClient = ANTHROPIC_0.type("Anthropic", "AsyncAnthropic")
Completion = ANTHROPIC_0.type("types.Completion", bases=(BaseModel,), decoded=True)
OldClient.yields(Completion, "completions.create", only=when("stream"))
Completion.part(FRAGMENT, "completion", text=True)
