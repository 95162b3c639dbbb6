"""The paths in chat completions that OpenAI set and many others follow.

https://platform.openai.com/docs/api-reference/chat-streaming/streaming
"""

from __future__ import annotations

CONTENT = "choices[].delta.content"
TOOL_ARGUMENTS = "choices[].delta.tool_calls[].function.arguments"
FUNCTION_ARGUMENTS = "choices[].delta.function_call.arguments"

WHOLE_CONTENT = "choices[].message.content"
WHOLE_TOOL_ARGUMENTS = "choices[].message.tool_calls[].function.arguments"
WHOLE_FUNCTION_ARGUMENTS = "choices[].message.function_call.arguments"
