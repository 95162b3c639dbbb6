"""dashscope: https://www.alibabacloud.com/help/en/model-studio/stream

Every event holds all that has come so far, unless `incremental_output=True` is asked for.
"""

from __future__ import annotations

from .dsl import FRAGMENT, WHOLE, client, unless, when

DASHSCOPE = client("dashscope", docs="https://www.alibabacloud.com/help/en/model-studio/stream")
Generation = DASHSCOPE.type("Generation", "aigc.generation.AioGeneration", "Application")
Multimodal = DASHSCOPE.type("MultiModalConversation", "aigc.multimodal_conversation.AioMultiModalConversation")
Fragment = DASHSCOPE.type("incremental GenerationResponse", decoded=True)
SoFar = DASHSCOPE.type("streamed GenerationResponse", decoded=True)
Response = DASHSCOPE.type("api_entities.dashscope_response.GenerationResponse", decoded=True)

for kind in (Generation, Multimodal):
    kind.yields(Fragment, "call", only=when("incremental_output"))
    kind.yields(SoFar, "call", only=when("stream"))
    kind.returns(Response, "call", only=unless("stream"))
Fragment.part(FRAGMENT, "output.text", "output.choices[].message.content", text=True)
Fragment.part(FRAGMENT, "output.choices[].message.content[].text", text=True)
Fragment.part(FRAGMENT, "output.choices[].message.tool_calls[].function.arguments", text=True)
Response.part(WHOLE, "output.text", "output.choices[].message.content", text=True)
Response.part(WHOLE, "output.choices[].message.tool_calls[].function.arguments", text=True)
