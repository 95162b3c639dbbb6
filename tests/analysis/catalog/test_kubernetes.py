"""kubernetes against a server on loopback.

https://github.com/kubernetes-client/python/blob/master/kubernetes/base/watch/watch.py
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from unchunk.analysis.catalog.dsl import OBJECT

from .daemons import Daemon, as_json
from .facts import BODY, CUTS, LINES, check, pieces, row

kubernetes = pytest.importorskip("kubernetes")
watch = pytest.importorskip("kubernetes.watch")


def pod(name: str) -> dict[str, Any]:
    return {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": name, "resourceVersion": "1"}}


EVENTS = b"".join(as_json({"type": "ADDED", "object": pod(name)}) + b"\n" for name in "abc")


def api(server: Daemon) -> Any:
    configuration = kubernetes.client.Configuration(host=server.url.rstrip("/"))
    return kubernetes.client.CoreV1Api(kubernetes.client.ApiClient(configuration))


def test_a_watch_hands_out_decoded_events() -> None:
    with Daemon({"/pods": [EVENTS[start : start + 20] for start in range(0, len(EVENTS), 20)]}) as server:
        stream = watch.Watch().stream(api(server).list_namespaced_pod, "default", timeout_seconds=1)
        events = list(stream)
    assert [event["object"].metadata.name for event in events] == list("abc")
    assert [event["raw_object"] for event in events] == [pod(name) for name in "abc"]
    check(events, "kubernetes.watch.Watch", "stream")
    for part in ("object", "raw_object"):
        assert row("kubernetes.watch event", part).what is OBJECT
        with pytest.raises(TypeError):
            json.loads(events[0][part])


def test_a_watch_of_a_log_hands_out_lines_of_text() -> None:
    """The reason why the events of a watch are not said to be decoded."""
    with Daemon({"/log": list(pieces(BODY, CUTS))}, content_type="text/plain") as server:
        stream = watch.Watch().stream(api(server).read_namespaced_pod_log, "pod", "default")
        lines = [next(stream) for _ in LINES]
    assert lines == LINES


def test_a_log_is_whole_or_a_response_of_urllib3() -> None:
    owner = "kubernetes.client.CoreV1Api"
    with Daemon({"/log": list(pieces(BODY, CUTS))}, content_type="text/plain") as server:
        whole = api(server).read_namespaced_pod_log("pod", "default")
        check(whole, owner, "read_namespaced_pod_log")
        response = api(server).read_namespaced_pod_log("pod", "default", _preload_content=False)
        check(response, owner, "read_namespaced_pod_log", _preload_content=False)
        check(list(response.stream()), "urllib3.HTTPResponse", "stream")
