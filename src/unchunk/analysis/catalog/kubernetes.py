"""kubernetes: https://github.com/kubernetes-client/python/blob/master/kubernetes/base/watch/watch.py"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, OBJECT, WHOLE, client, equals, unless, when
from .urllib3 import HTTPResponse

KUBERNETES = client(
    "kubernetes", docs="https://github.com/kubernetes-client/python/blob/master/kubernetes/base/watch/watch.py"
)
Watch = KUBERNETES.type("watch.Watch")
Event = KUBERNETES.type("watch event")
CoreV1Api = KUBERNETES.type("client.CoreV1Api")
WSClient = KUBERNETES.type("stream.ws_client.WSClient")

Watch.yields(Event, "stream", note="a dictionary; a line of text for read_namespaced_pod_log")
Event.part(OBJECT, "object", "raw_object")
CoreV1Api.returns(HTTPResponse, "read_namespaced_pod_log", only=unless("_preload_content", default=True))
CoreV1Api.returns(WHOLE, "read_namespaced_pod_log", text=True, only=when("_preload_content", default=True))
KUBERNETES.returns(WSClient, "stream.stream", only=unless("_preload_content", default=True))
KUBERNETES.returns(WHOLE, "stream.stream", text=True, only=when("_preload_content", default=True))
for number in ("ERROR_CHANNEL", "3"):
    WSClient.read(
        MESSAGE, "read_channel", only=equals("channel", number, 0), note="the status of the command, in one message"
    )
WSClient.read(CHUNK, "read_stdout", "read_stderr", "read_channel", "peek_stdout", "read_all")
WSClient.read(LINE, "readline_stdout", "readline_stderr", "readline_channel")
