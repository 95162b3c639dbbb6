"""HTTP clients, sockets, protocols and parsers, as the catalog knows them: what a step is decides, not what it is called."""

import json, httpx, httpx2, niquests, primp, requests_html, treq, trio, anyio, aiodocker, urllib.request, http.client, ssl, os, gzip
import requests, aiohttp, groq, together, msgspec, orjson, ijson, unchunk
from pydantic import BaseModel, TypeAdapter
import google.generativeai as old
import vertexai.generative_models as vx
from twisted.internet.protocol import Protocol
from twisted.protocols.basic import LineReceiver
from sseclient import SSEClient
from httpx_sse import connect_sse
from multiprocessing import Pipe
import socketserver, http.server
from botocore.eventstream import EventStreamBuffer


class P(Protocol):
    def dataReceived(self, data):
        json.loads(data)  # error: UNC101


class L(LineReceiver):
    def lineReceived(self, line):
        json.loads(line)


class S(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            json.loads(self.request.recv(100))  # error: UNC101


class T(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            json.loads(line)


class W(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        json.loads(self.rfile.read(int(self.headers["Content-Length"])))


def h2():
    with httpx2.Client() as c:
        with c.sse("x") as events:
            for e in events:
                json.loads(e.data)
        with c.stream("GET", "x") as r:
            for t in r.iter_text():
                json.loads(t)  # error: UNC101
            for t in r.iter_lines():
                json.loads(t)


async def niq():
    async with niquests.AsyncSession() as s:
        r = await s.get("x", stream=True)
        async for c in await r.iter_content():
            json.loads(c)  # error: UNC101
    for c in requests_html.HTMLSession().get("x").iter_content():
        json.loads(c)  # error: UNC101
    for c in primp.get("x").iter_bytes():
        json.loads(c)  # error: UNC101


def got(data):
    json.loads(data)  # error: UNC101


def tr():
    treq.collect(treq.get("x"), got)


async def tri():
    s = await trio.open_tcp_stream("x", 1)
    async for c in s:
        json.loads(c)  # error: UNC101
    async with await anyio.connect_tcp("x", 1) as st:
        while True:
            json.loads(await st.receive())  # error: UNC101


def urls():
    with urllib.request.urlopen("x") as r:
        json.loads(r.read())
        while True:
            json.loads(r.read(100))  # error: UNC101
        for line in r:
            json.loads(line)
    c = http.client.HTTPSConnection("x")
    json.loads(c.getresponse().read())


def tls():
    ctx = ssl.create_default_context()
    import socket

    with socket.create_connection(("x", 1)) as sock:
        with ctx.wrap_socket(sock) as s:
            while True:
                json.loads(s.recv(9))  # error: UNC101


def gz():
    with gzip.open("x") as f:
        for line in f:
            orjson.loads(line)
        json.load(f)


class M(BaseModel):
    a: int


def typed(resp: aiohttp.ClientResponse):
    M.model_validate_json(resp.content)


async def typed2(resp: aiohttp.ClientResponse):
    async for c in resp.content.iter_any():
        M.model_validate_json(c)  # error: UNC101
        TypeAdapter(M).validate_json(c)  # error: UNC101
        msgspec.json.decode(c)  # error: UNC101
        msgspec.json.Decoder(M).decode(c)  # error: UNC101
    async for c in resp.content:
        M.model_validate_json(c)


def gro():
    for c in groq.Groq().chat.completions.create(messages=[], model="x", stream=True):
        json.loads(c.choices[0].delta.content)  # error: UNC103
    for c in groq.Groq().chat.completions.create(messages=[], model="x", stream=True):
        json.loads(c.choices[0].delta.tool_calls[0].function.arguments)
    c = together.Together().chat.completions.create(messages=[], model="x")
    json.loads(c.choices[0].message.content)
    for tool in c.choices[0].message.tool_calls:
        json.loads(tool.function.arguments)


def gen():
    m = old.GenerativeModel("x")
    r = m.generate_content("x", stream=True)
    for c in r:
        json.loads(c.text)  # error: UNC103
    json.loads(r.text)
    for c in vx.GenerativeModel("x").generate_content("x", stream=True):
        json.loads(c.text)  # error: UNC103


def sse():
    for e in SSEClient(requests.get("x", stream=True)).events():
        json.loads(e.data)
    with connect_sse(httpx.Client(), "GET", "x") as source:
        for e in source.iter_sse():
            json.loads(e.data)


def pip():
    a, b = Pipe()
    while True:
        json.loads(a.recv_bytes())


def safe():
    r = requests.get("x", stream=True)
    for x in unchunk.rechunk(r.iter_content(None), at="line"):
        json.loads(x)
    for x in unchunk.iter_json(r.iter_content(None)):
        json.loads(x)
    for x in ijson.items(r.raw, "item"):
        json.loads(x)
    buf = EventStreamBuffer()
    for c in r.iter_content(10):
        buf.add_data(c)
        for m in buf:
            json.loads(m.payload)
    for line in r.raw:
        json.loads(line)
    for c in r.raw.stream():
        json.loads(c)  # error: UNC101
    dec = json.JSONDecoder()
    for c in r.iter_content(10):
        dec.raw_decode(c.decode())


def fd():
    while True:
        json.loads(os.read(0, 1024))  # error: UNC101


async def aiod():
    d = aiodocker.Docker()
    c = await d.containers.get("x")
    async for l in c.log(follow=True, stdout=True):
        json.loads(l)  # error: UNC101
    async for l in d.images.pull("x", stream=True):
        json.loads(l)  # error: UNC105
