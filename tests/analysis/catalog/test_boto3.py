"""boto3 against a server on loopback: https://boto3.amazonaws.com/v1/documentation/api/latest/

Event streams are sent as AWS sends them, each event in a frame of its own, and the frames cut anywhere:
https://smithy.io/2.0/aws/amazon-eventstream.html
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from .daemons import Daemon, as_json
from .facts import BODY, DOCUMENT, FRAGMENTS, LINES, check, check_parts, fact, read_on, row

boto3 = pytest.importorskip("boto3")
botocore_client = pytest.importorskip("botocore.client")


def client(name: str, server: Daemon) -> Any:
    made = boto3.client(
        name,
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=botocore_client.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}),
    )
    assert row("boto3", "client", service_name=name).what.dotted == f"boto3.{name} client"  # type: ignore[union-attr]
    return made


def frame(kind: str, payload: bytes, content_type: str = "application/json") -> bytes:
    headers = b"".join(
        bytes([len(name)]) + name.encode() + b"\7" + len(value).to_bytes(2, "big") + value.encode()
        for name, value in (
            (":event-type", kind),
            (":content-type", content_type),
            (":message-type", "event"),
        )
    )
    prelude = (16 + len(headers) + len(payload)).to_bytes(4, "big") + len(headers).to_bytes(4, "big")
    message = prelude + zlib.crc32(prelude).to_bytes(4, "big") + headers + payload
    return message + zlib.crc32(message).to_bytes(4, "big")


def frames(kind: str, payloads: list[bytes], content_type: str = "application/json") -> Daemon:
    body = b"".join(frame(kind, payload, content_type) for payload in payloads)
    cut = [body[start : start + 20] for start in range(0, len(body), 20)]
    return Daemon({"/": cut}, content_type="application/vnd.amazon.eventstream", delay=0.0)


def in_base64(text: str) -> bytes:
    return as_json({"bytes": base64.b64encode(text.encode()).decode()})


BODIES = [
    fact("botocore.response.StreamingBody", "read", lambda body: body.read()),
    fact("botocore.response.StreamingBody", "read", lambda body: read_on(lambda: body.read(7)), amt=7),
    fact("botocore.response.StreamingBody", "iter_chunks", lambda body: list(body.iter_chunks(7))),
    fact("botocore.response.StreamingBody", "iter_lines", lambda body: list(body.iter_lines())),
]


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), BODIES)
def test_the_body_of_an_object_hands_out(
    owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]
) -> None:
    with Daemon({"/": [BODY]}) as server:
        body = client("s3", server).get_object(Bucket="b", Key="k")["Body"]
        check(take(body), owner, member, **arguments)
        body.close()


def test_iterating_over_the_body_of_an_object_gives_1024_bytes_at_a_time() -> None:
    whole = BODY * 20
    with Daemon({"/": [whole]}) as server:
        body = client("s3", server).get_object(Bucket="b", Key="k")["Body"]
        check(list(body), "botocore.response.StreamingBody", body=whole)
        body.close()


def test_a_model_of_bedrock_streams_whole_messages() -> None:
    with frames("chunk", [in_base64(line) for line in LINES]) as server:
        answer = client("bedrock-runtime", server).invoke_model_with_response_stream(modelId="m", body=b"{}")
        events = list(answer["body"])
    check_events(events, "invoke_model_with_response_stream", BODY)


def test_a_conversation_with_bedrock_streams_fragments() -> None:
    deltas = [{"text": item} for item in FRAGMENTS] + [{"toolUse": {"input": item}} for item in FRAGMENTS]
    payloads = [as_json({"contentBlockIndex": 0, "delta": delta}) for delta in deltas]
    with frames("contentBlockDelta", payloads) as server:
        asked = [{"role": "user", "content": [{"text": "?"}]}]
        answer = client("bedrock-runtime", server).converse_stream(modelId="m", messages=asked)
        events = list(answer["stream"])
    check_parts(events, "boto3.event of converse_stream")


def test_the_answer_of_a_model_that_is_not_streamed_is_whole() -> None:
    with Daemon({"/": [BODY]}) as server:
        body = client("bedrock-runtime", server).invoke_model(modelId="m", body=b"{}")["body"]
        check(body, "boto3.answer of invoke_model", "body")
        check(body.read(), "botocore.response.StreamingBody", "read")


def test_an_agent_of_bedrock_streams_fragments() -> None:
    with frames("chunk", [in_base64(item) for item in FRAGMENTS]) as server:
        answer = client("bedrock-agent-runtime", server).invoke_agent(
            agentId="AAAAAAAAAA", agentAliasId="AAAAAAAAAA", sessionId="aa", inputText="?"
        )
        events = list(answer["completion"])
    check_events(events, "invoke_agent", DOCUMENT.encode())


def test_a_function_streams_chunks() -> None:
    cut = [BODY[start : start + 20] for start in range(0, len(BODY), 20)]
    with frames("PayloadChunk", cut, "application/octet-stream") as server:
        answer = client("lambda", server).invoke_with_response_stream(FunctionName="f")
        events = list(answer["EventStream"])
    check_events(events, "invoke_with_response_stream", BODY)


def test_an_endpoint_of_sagemaker_streams_chunks() -> None:
    cut = [BODY[start : start + 20] for start in range(0, len(BODY), 20)]
    with frames("PayloadPart", cut, "application/octet-stream") as server:
        answer = client("sagemaker-runtime", server).invoke_endpoint_with_response_stream(EndpointName="e", Body=b"")
        events = list(answer["Body"])
    check_events(events, "invoke_endpoint_with_response_stream", BODY)


def test_a_selection_from_an_object_streams_chunks() -> None:
    cut = [BODY[start : start + 20] for start in range(0, len(BODY), 20)]
    with frames("Records", cut, "application/octet-stream") as server:
        answer = client("s3", server).select_object_content(
            Bucket="b",
            Key="k",
            Expression="select *",
            ExpressionType="SQL",
            InputSerialization={"JSON": {"Type": "LINES"}},
            OutputSerialization={"JSON": {}},
        )
        events = list(answer["Payload"])
    check_events(events, "select_object_content", BODY)


def test_the_records_of_kinesis_are_whole() -> None:
    records = [
        {"SequenceNumber": "1", "PartitionKey": "p", "Data": base64.b64encode(line.encode()).decode()} for line in LINES
    ]
    answer = {"Records": records, "NextShardIterator": "n", "MillisBehindLatest": 0}
    with Daemon({"/": [as_json(answer)]}, content_type="application/x-amz-json-1.1") as server:
        got = client("kinesis", server).get_records(ShardIterator="s")
    values = [record["Data"] for record in got["Records"]]
    check(values, "boto3.answer of get_records", "Records[].Data")


def test_the_messages_of_sqs_are_whole() -> None:
    messages = [{"MessageId": "1", "ReceiptHandle": "r", "Body": line} for line in LINES]
    with Daemon({"/": [as_json({"Messages": messages})]}, content_type="application/x-amz-json-1.0") as server:
        got = client("sqs", server).receive_message(QueueUrl=f"{server.url}1/q")
    check([message["Body"] for message in got["Messages"]], "boto3.answer of receive_message", "Messages[].Body")


def test_the_buffer_of_an_event_stream_hands_out_whole_payloads() -> None:
    eventstream = pytest.importorskip("botocore.eventstream")
    body = b"".join(frame("chunk", line.encode()) for line in LINES)
    buffer, got = eventstream.EventStreamBuffer(), []
    for start in range(0, len(body), 7):
        buffer.add_data(body[start : start + 7])
        got += list(buffer)
    check(got, "botocore.eventstream.EventStreamBuffer")
    check([message.payload for message in got], "botocore.eventstream.EventStreamMessage", "payload")
    assert [json.loads(message.payload) for message in got] == [json.loads(line) for line in LINES]


def check_events(events: list[Any], method: str, body: bytes) -> None:
    """Assert what the one part of the events of a method is."""
    owner = f"boto3.event of {method}"
    kind, field = {
        "invoke_model_with_response_stream": ("chunk", "bytes"),
        "invoke_agent": ("chunk", "bytes"),
        "invoke_with_response_stream": ("PayloadChunk", "Payload"),
        "invoke_endpoint_with_response_stream": ("PayloadPart", "Bytes"),
        "select_object_content": ("Records", "Payload"),
    }[method]
    check([event[kind][field] for event in events], owner, f"{kind}.{field}", body=body)
