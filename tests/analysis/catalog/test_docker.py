"""docker and aiodocker against a daemon on loopback: https://docs.docker.com/reference/api/engine/version/v1.41/

The daemon sends each message as a line, and what goes over the network cuts them anywhere.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from unchunk.analysis.catalog.docker import RESULT

from .daemons import Daemon, as_json
from .facts import BODY, CUTS, LINES, check, collect, fact, pieces, run

INSPECTED = as_json({"Id": "1", "Name": "/c", "Config": {"Tty": False}, "State": {"Running": True}, "Image": "i"})
CUT = list(pieces(BODY, CUTS))
FRAMES = [b"\1\0\0\0" + len(piece).to_bytes(4, "big") + piece for piece in CUT]


def imported(name: str) -> Any:
    """Return the package, in a version that has this name."""
    docker = pytest.importorskip("docker")
    return docker if hasattr(docker, name) else pytest.skip(f"this version of docker has no {name}")


def daemon(whole: bool = False) -> Daemon:
    """Return a daemon whose messages are cut, unless they are to be `whole`."""
    messages = [f"{line}\n".encode() for line in LINES] if whole else CUT
    return Daemon(
        {
            "/logs": FRAMES,
            "/stats": messages,
            "/events": messages,
            "/build": messages,
            "/images/create": messages,
            "/push": messages,
            "/containers/1/json": INSPECTED,
            "/containers/json": as_json([{"Id": "1"}]),
            "/version": as_json({"ApiVersion": "1.41"}),
        }
    )


DOCKERFILE = {"fileobj": io.BytesIO(b"FROM scratch\n")}
API = [
    fact("docker.APIClient", "events", lambda api: list(api.events())),
    fact("docker.APIClient", "events", lambda api: list(api.events(decode=True)), decode=True),
    fact("docker.APIClient", "build", lambda api: list(api.build(**DOCKERFILE))),
    fact("docker.APIClient", "build", lambda api: list(api.build(**DOCKERFILE, decode=True)), decode=True),
    fact("docker.APIClient", "pull", lambda api: list(api.pull("i", stream=True)), stream=True),
    fact(
        "docker.APIClient",
        "pull",
        lambda api: list(api.pull("i", stream=True, decode=True)),
        stream=True,
        decode=True,
    ),
    fact("docker.APIClient", "pull", lambda api: api.pull("i")),
    fact("docker.APIClient", "push", lambda api: list(api.push("i", stream=True)), stream=True),
    fact("docker.APIClient", "stats", lambda api: list(api.stats("1"))),
    fact("docker.APIClient", "stats", lambda api: list(api.stats("1", decode=True)), decode=True),
    fact("docker.APIClient", "logs", lambda api: list(api.logs("1", stream=True)), stream=True),
    fact("docker.APIClient", "logs", lambda api: api.logs("1")),
]
HIGH_LEVEL = [
    fact("docker.DockerClient", "api", lambda docker: docker.api),
    fact("docker.DockerClient", "events", lambda docker: list(docker.events())),
    fact("docker.DockerClient", "events", lambda docker: list(docker.events(decode=True)), decode=True),
    fact("docker.DockerClient", "images.push", lambda docker: list(docker.images.push("i", stream=True)), stream=True),
    fact("docker.DockerClient", "containers.get", lambda docker: docker.containers.get("1")),
    fact("docker.DockerClient", "containers.list", lambda docker: docker.containers.list()),
    fact(
        "docker.models.containers.Container",
        "logs",
        lambda docker: list(docker.containers.get("1").logs(stream=True)),
        stream=True,
    ),
    fact("docker.models.containers.Container", "logs", lambda docker: docker.containers.get("1").logs()),
    fact("docker.models.containers.Container", "stats", lambda docker: list(docker.containers.get("1").stats())),
    fact(
        "docker.models.containers.Container",
        "stats",
        lambda docker: list(docker.containers.get("1").stats(decode=True)),
        decode=True,
    ),
]


OLD_API = [
    fact("docker.Client", "events", lambda api: list(api.events())),
    fact("docker.Client", "events", lambda api: list(api.events(decode=True)), decode=True),
    fact("docker.Client", "build", lambda api: list(api.build(**DOCKERFILE))),
    fact("docker.Client", "pull", lambda api: list(api.pull("i", stream=True)), stream=True),
    fact("docker.Client", "pull", lambda api: api.pull("i")),
    fact("docker.Client", "push", lambda api: list(api.push("i", stream=True)), stream=True),
    fact("docker.Client", "push", lambda api: api.push("i")),
    fact("docker.Client", "stats", lambda api: list(api.stats("1"))),
    fact("docker.Client", "stats", lambda api: list(api.stats("1", decode=True)), decode=True),
    fact("docker.Client", "logs", lambda api: list(api.logs("1", stream=True)), stream=True),
    fact("docker.Client", "logs", lambda api: api.logs("1")),
]


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), API)
def test_the_api_of_docker_hands_out(
    owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]
) -> None:
    docker = imported("APIClient")
    DOCKERFILE["fileobj"].seek(0)
    with daemon() as server:
        api = docker.APIClient(base_url=f"tcp://{server.host}:{server.port}", version="1.41")
        check(take(api), owner, member, **arguments)
        api.close()


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), OLD_API)
def test_docker_before_2_hands_out(
    owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]
) -> None:
    """Held against docker-py 1.10.6, whose place docker has taken. What it decodes, it decodes chunk by chunk.

    `attach` and `exec_start` read frames off the bare connection there as they do today (`frames_iter`).
    """
    docker = imported("AutoVersionClient")
    DOCKERFILE["fileobj"].seek(0)
    with daemon(whole="decode" in arguments) as server:
        api = docker.Client(base_url=f"tcp://{server.host}:{server.port}", version="1.21")
        check(take(api), owner, member, **arguments)
        api.close()


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), HIGH_LEVEL)
def test_docker_hands_out(owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]) -> None:
    docker = imported("DockerClient")
    with daemon() as server:
        client = docker.DockerClient(base_url=f"tcp://{server.host}:{server.port}", version="1.41")
        check(take(client), owner, member, **arguments)
        client.close()


def test_what_exec_run_gives_can_be_unpacked() -> None:
    imported("DockerClient")
    containers = pytest.importorskip("docker.models.containers")
    assert containers.ExecResult._fields == RESULT


def test_aiodocker_hands_out() -> None:
    aiodocker = pytest.importorskip("aiodocker")

    async def program() -> None:
        async with aiodocker.Docker(url=server.url.rstrip("/"), api_version="v1.41") as docker:
            container = await docker.containers.get("1")
            check(container, "aiodocker.Docker", "containers.get")
            owner = "aiodocker.containers.DockerContainer"
            check(await collect(container.log(stdout=True, follow=True)), owner, "log", follow=True)
            stats = await collect(container.stats())
            check(stats, owner, "stats")
            pulled = await collect(docker.images.pull("i", stream=True))
            check(pulled, "aiodocker.Docker", "images.pull", stream=True)
            assert stats == pulled == [json.loads(line) for line in LINES]

    with daemon() as server:
        run(program)
