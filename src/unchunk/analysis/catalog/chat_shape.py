"""The shape of chat APIs that OpenAI set and many others follow: paths in their events, and calls that stream.

https://platform.openai.com/docs/api-reference/chat-streaming/streaming
"""

from __future__ import annotations

from .dsl import CHUNK, ENDS_WITH_DONE, EVENT_LINES, FRAGMENT, LINE, Type, client, when

CONTENT = "choices[].delta.content"
TOOL_ARGUMENTS = "choices[].delta.tool_calls[].function.arguments"
FUNCTION_ARGUMENTS = "choices[].delta.function_call.arguments"

WHOLE_CONTENT = "choices[].message.content"
WHOLE_TOOL_ARGUMENTS = "choices[].message.tool_calls[].function.arguments"
WHOLE_FUNCTION_ARGUMENTS = "choices[].message.function_call.arguments"

FRAGMENTS = (CONTENT, TOOL_ARGUMENTS, FUNCTION_ARGUMENTS, "choices[].text", "delta.text", "delta.partial_json")
"""Paths of fragments in the events of any of these clients."""

# What a client streams that no table lists is text as it comes, or events that it has decoded: neither is a document.
UNLISTED = client("any client", distribution="", docs="https://platform.openai.com/docs/api-reference/chat")
UNLISTED.roots = ()
Client = UNLISTED.type("client that no table lists")
Chat = UNLISTED.type("event of chat.completions.create", decoded=True)
Completion = UNLISTED.type("event of completions.create", decoded=True)
Response = UNLISTED.type("event of responses.create", decoded=True)
Message = UNLISTED.type("event of messages.create", decoded=True)
Delta = UNLISTED.type("delta of messages.create", decoded=True)
Generated = UNLISTED.type("event of generate_content", decoded=True)
Progress = UNLISTED.type("event of a daemon", decoded=True)

Chat.part(FRAGMENT, CONTENT, TOOL_ARGUMENTS, FUNCTION_ARGUMENTS, text=True)
Completion.part(FRAGMENT, "choices[].text", text=True)
Response.part(FRAGMENT, "delta", text=True)
Message.part(FRAGMENT, "delta", text=True, event=Delta)
Delta.part(FRAGMENT, "text", "partial_json", text=True)
Generated.part(FRAGMENT, "text", "candidates[].content.parts[].text", text=True)


def streams(event: Type, *members: str, asked: bool = True, doubt: tuple[str, ...] = ()) -> None:
    """Declare that calls of these names stream on any object; with `asked`, only when given `stream=True`."""
    Client.yields(CHUNK, *members, only=when("stream") if asked else None, untyped=True, event=event, doubt=doubt)


Answer = UNLISTED.type("answer of with_streaming_response")
Answer.yields(CHUNK, "iter_bytes", "iter_text")
Answer.yields(LINE, "iter_lines")
for owner, lines in (
    ("chat.completions", {EVENT_LINES, ENDS_WITH_DONE}),
    ("completions", {EVENT_LINES, ENDS_WITH_DONE}),
    ("responses", {EVENT_LINES}),
    ("messages", {EVENT_LINES}),
):
    member = f"{owner}.with_streaming_response.create"
    Client.returns(Answer, member, only=when("stream"), untyped=True, known=frozenset(lines))
streams(Chat, "chat.completions.create", "ChatCompletion.create", "ChatCompletion.acreate")
streams(Completion, "completions.create")
streams(Response, "responses.create")
streams(Response, "responses.stream", asked=False)
streams(Message, "messages.create")
streams(Message, "messages.stream", asked=False)
streams(Generated, "generate_content")
streams(Progress, "build", "pull", "push", doubt=("podman",))  # podman hands out lines
