"""boto3 and botocore: https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services/"""

from __future__ import annotations

from .dsl import CHUNK, FRAGMENT, LINE, MESSAGE, WHOLE, Type, absent, client, equals, given

BOTO3 = client("boto3", "aioboto3", docs="https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services/")
BOTOCORE = client("botocore", docs="https://botocore.amazonaws.com/v1/documentation/api/latest/reference/response.html")
Session = BOTO3.type("Session")
BotocoreSession = BOTOCORE.type("session.Session")

Body = BOTOCORE.type("response.StreamingBody")
Body.returns(WHOLE, "read", text=False, only=absent("amt", 0))
Body.read(CHUNK, "read", text=False, only=given("amt", 0), exact=True)
Body.yields(CHUNK, "iter_chunks", text=False)
Body.yields(LINE, "iter_lines", "readlines", text=False)
Body.iterates(CHUNK, text=False)

# The frames of an event stream are whole, whatever chunks they came in.
Buffer = BOTOCORE.type("eventstream.EventStreamBuffer")
Frame = BOTOCORE.type("eventstream.EventStreamMessage")
Buffer.iterates(Frame)
Frame.part(MESSAGE, "payload", text=False)


def service(name: str) -> Type:
    """Return the type of a service's client, by the name that `boto3.client` is given."""
    made = BOTO3.type(f"{name} client")
    for maker in (BOTO3, Session):
        maker.returns(made, "client", only=equals("service_name", name, 0))
    BotocoreSession.returns(made, "create_client", only=equals("service_name", name, 0))
    return made


def answer(of: Type, method: str, field: str, what: Type) -> None:
    """Declare that `client.method(...)["field"]` is `what`."""
    reply = BOTO3.type(f"answer of {method}")
    of.returns(reply, method)
    reply.part(what, field)


def events(name: str) -> tuple[Type, Type]:
    """Return the type of a stream of events, and the type of one of its events."""
    stream, event = BOTO3.type(f"events of {name}"), BOTO3.type(f"event of {name}")
    stream.iterates(event)
    return stream, event


Bedrock = service("bedrock-runtime")
answer(Bedrock, "invoke_model", "body", Body)
ModelStream, ModelEvent = events("invoke_model_with_response_stream")
answer(Bedrock, "invoke_model_with_response_stream", "body", ModelStream)
ModelEvent.part(MESSAGE, "chunk.bytes", text=False)
ConverseStream, ConverseEvent = events("converse_stream")
answer(Bedrock, "converse_stream", "stream", ConverseStream)
ConverseEvent.part(FRAGMENT, "contentBlockDelta.delta.text", "contentBlockDelta.delta.toolUse.input", text=True)

Agent = service("bedrock-agent-runtime")
AgentStream, AgentEvent = events("invoke_agent")
answer(Agent, "invoke_agent", "completion", AgentStream)
AgentEvent.part(FRAGMENT, "chunk.bytes", text=False, note="a piece of the agent's answer")

S3 = service("s3")
answer(S3, "get_object", "Body", Body)
SelectStream, SelectEvent = events("select_object_content")
answer(S3, "select_object_content", "Payload", SelectStream)
SelectEvent.part(CHUNK, "Records.Payload", text=False, note="records may be cut between events")

Kinesis = service("kinesis")
Records = BOTO3.type("answer of get_records")
Kinesis.returns(Records, "get_records")
Records.part(MESSAGE, "Records[].Data", text=False)
ShardStream, ShardEvent = events("subscribe_to_shard")
answer(Kinesis, "subscribe_to_shard", "EventStream", ShardStream)
ShardEvent.part(MESSAGE, "SubscribeToShardEvent.Records[].Data", text=False)

SQS = service("sqs")
Messages = BOTO3.type("answer of receive_message")
SQS.returns(Messages, "receive_message")
Messages.part(MESSAGE, "Messages[].Body", text=True)

Lambda = service("lambda")
answer(Lambda, "invoke", "Payload", Body)
LambdaStream, LambdaEvent = events("invoke_with_response_stream")
answer(Lambda, "invoke_with_response_stream", "EventStream", LambdaStream)
LambdaEvent.part(CHUNK, "PayloadChunk.Payload", text=False)

SageMaker = service("sagemaker-runtime")
answer(SageMaker, "invoke_endpoint", "Body", Body)
SageMakerStream, SageMakerEvent = events("invoke_endpoint_with_response_stream")
answer(SageMaker, "invoke_endpoint_with_response_stream", "Body", SageMakerStream)
SageMakerEvent.part(CHUNK, "PayloadPart.Bytes", text=False, note="one JSON line may span several parts")
