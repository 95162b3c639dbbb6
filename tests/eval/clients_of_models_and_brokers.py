"""SDKs of models, brokers, daemons and pipes, as the catalog knows them: what a step is decides, not what it is called."""

import json, socket, sys, subprocess, boto3, docker, redis, kafka, struct
from google import genai
import ollama, litellm, replicate, zhipuai, dashscope, cohere
from mistralai import Mistral
from langchain_openai import ChatOpenAI
from huggingface_hub import InferenceClient
from confluent_kafka import Consumer
import tornado.httpclient
from tornado.escape import json_decode
import asyncio, anthropic, openai, pydantic_core, jiter, websockets, io, curl_cffi
from kubernetes import client, watch
from llama_index.llms.openai import OpenAI as LOpenAI


def udp():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        json.loads(s.recv(1024))


def tcp():
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    while True:
        json.loads(s.recv(1024))  # error: UNC101


def lsp():
    while True:
        n = int(sys.stdin.readline().split(":")[1])
        sys.stdin.readline()
        json.loads(sys.stdin.read(n))


def native():
    while True:
        n = struct.unpack("I", sys.stdin.buffer.read(4))[0]
        json.loads(sys.stdin.buffer.read(n))


def fixed():
    with open("x") as f:
        while True:
            json.loads(f.read(4096))  # error: UNC101


def pipes():
    p = subprocess.Popen(["x"], stdout=subprocess.PIPE)
    for line in p.stdout:
        json.loads(line)
    out, err = p.communicate()
    json.loads(out)


def bedrock():
    c = boto3.client("bedrock-runtime")
    r = c.invoke_model_with_response_stream(modelId="m", body="{}")
    for event in r["body"]:
        json.loads(event["chunk"]["bytes"])
    r = c.converse_stream(modelId="m")
    for event in r.get("stream"):
        json.loads(event["contentBlockDelta"]["delta"]["toolUse"]["input"])  # error: UNC103
    json.loads(c.invoke_model(modelId="m")["body"].read())
    s3 = boto3.Session().client(service_name="s3")
    for chunk in s3.get_object(Bucket="b", Key="k")["Body"].iter_chunks():
        json.loads(chunk)  # error: UNC101


def dock():
    d = docker.from_env()
    for line in d.containers.get("x").logs(stream=True):
        json.loads(line)  # error: UNC101
    for line in d.api.build(path="."):
        json.loads(line)  # error: UNC101
    for line in d.api.build(path=".", decode=True):
        json.loads(line)  # error: UNC105
    json.loads(d.containers.run("x", "y"))


def red():
    r = redis.Redis()
    p = r.pubsub()
    for m in p.listen():
        json.loads(m["data"])
    for rec in kafka.KafkaConsumer("t"):
        json.loads(rec.value)
    c = Consumer({})
    while True:
        m = c.poll(1)
        json.loads(m.value())


def gem():
    c = genai.Client()
    for chunk in c.models.generate_content_stream(model="m", contents="x"):
        json.loads(chunk.text)  # error: UNC103
    json.loads(c.models.generate_content(model="m", contents="x").text)


def oll():
    for chunk in ollama.chat("m", [], stream=True):
        json.loads(chunk["message"]["content"])  # error: UNC103
    json.loads(ollama.chat("m", [])["message"]["content"])
    for c in litellm.completion(model="m", messages=[], stream=True):
        json.loads(c.choices[0].delta.content)  # error: UNC103
    for e in replicate.stream("m", input={}):
        json.loads(e.data)  # error: UNC103


def mis():
    with Mistral() as m:
        for e in m.chat.stream(model="m", messages=[]):
            json.loads(e.data.choices[0].delta.content)  # error: UNC103
            json.loads(e.data.choices[0].delta.tool_calls[0].function.arguments)


def lang():
    llm = ChatOpenAI()
    for c in llm.stream("x"):
        json.loads(c.content)  # error: UNC103
    for c in llm.bind_tools([]).stream("x"):
        for t in c.tool_call_chunks:
            json.loads(t["args"])  # error: UNC103
    json.loads(llm.invoke("x").content)
    for c in LOpenAI().stream_chat([]):
        json.loads(c.delta)  # error: UNC103


def hf():
    c = InferenceClient()
    for t in c.text_generation("x", stream=True):
        json.loads(t)  # error: UNC103
    for t in c.chat_completion([], stream=True):
        json.loads(t.choices[0].delta.content)  # error: UNC103


def cb(chunk):
    json_decode(chunk)  # error: UNC101


async def torn():
    await tornado.httpclient.AsyncHTTPClient().fetch("u", streaming_callback=cb)


async def serve(reader, writer):
    while True:
        json.loads(await reader.read(100))  # error: UNC101


async def main():
    await asyncio.start_server(serve, "x", 1)


def anth():
    c = anthropic.Anthropic()
    with c.messages.stream(model="m") as s:
        for t in s.text_stream:
            json.loads(t)  # error: UNC103
        json.loads(s.get_final_text())


def part():
    c = openai.OpenAI()
    with c.chat.completions.with_streaming_response.create(model="m", messages=[], stream=True) as r:
        for b in r.iter_bytes():
            pydantic_core.from_json(b)  # error: UNC101
            pydantic_core.from_json(b, allow_partial=True)
    for c2 in c.chat.completions.with_raw_response.create(stream=True).parse():
        json.loads(c2)  # error: UNC105
        json.loads(c2.model_dump_json())


async def ws():
    async with websockets.connect("x") as w:
        async for m in w:
            json.loads(m)


def curl():
    r = curl_cffi.get("x", stream=True)
    for c in r.iter_content():
        json.loads(c)  # error: UNC101


def kube():
    v1 = client.CoreV1Api()
    for e in watch.Watch().stream(v1.read_namespaced_pod_log, "x"):
        json.loads(e)


class H(openai.AssistantEventHandler):
    def on_text_delta(self, delta, snapshot):
        json.loads(delta.value)  # error: UNC103


def dash():
    for r in dashscope.Generation.call("m", stream=True, incremental_output=True):
        json.loads(r.output.text)  # error: UNC103
    for r in dashscope.Generation.call("m", stream=True):
        json.loads(r.output.text)


def conv():
    co = cohere.ClientV2()
    for e in co.chat_stream(model="m"):
        json.loads(e.delta.message.content.text)  # error: UNC103
