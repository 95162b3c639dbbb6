"""docker and aiodocker: https://docker-py.readthedocs.io/en/stable/api.html

What a daemon streams is handed out as it arrives, unless `decode=True` is asked for.
"""

from __future__ import annotations

from .dsl import CHUNK, WHOLE, Type, client, unless, when

DOCKER = client("docker", distribution="docker>=2", docs="https://docker-py.readthedocs.io/en/stable/api.html")
APIClient = DOCKER.type("APIClient")
DockerClient = DOCKER.type("DockerClient")
Container = DOCKER.type("models.containers.Container")
Image = DOCKER.type("models.images.Image")
Message = DOCKER.type("decoded message of the daemon", decoded=True)
RESULT = ("exit_code", "output")
Output = DOCKER.type("output of exec_run", places=RESULT)
SeparateOutput = DOCKER.type("output of exec_run with demux=True", places=RESULT)
WholeOutput = DOCKER.type("output of exec_run without stream=True", places=RESULT)

DOCKER.returns(DockerClient, "from_env")
DockerClient.attribute(APIClient, "api")


def decodes_if_asked(owner: Type, *members: str, streams: bool = False) -> None:
    """Declare members that return raw bytes, or decoded messages with `decode=True`."""
    if not streams:
        owner.returns(WHOLE, *members, only=unless("stream"))
    owner.yields(Message, *members, only=when("decode"))
    owner.yields(CHUNK, *members, text=False, only=unless("decode"))


decodes_if_asked(APIClient, "build", "events", streams=True)
decodes_if_asked(APIClient, "pull", "push")
decodes_if_asked(DockerClient, "events", streams=True)
decodes_if_asked(DockerClient, "images.push")


def tells_of_containers(owner: Type, *more: str) -> None:
    """Declare that statistics stream unless told otherwise, and that logs come whole unless told otherwise."""
    owner.yields(Message, "stats", only=when("decode"))
    owner.yields(CHUNK, "stats", text=False, only=when("stream", default=True))
    for member in ("logs", "attach", *more):
        owner.yields(CHUNK, member, text=False, only=when("stream"))
        owner.returns(WHOLE, member, text=False, only=unless("stream"))


tells_of_containers(APIClient, "exec_start")
tells_of_containers(Container)

DockerClient.returns(Container, "containers.get", "containers.create")
DockerClient.yields(Container, "containers.list")
DockerClient.returns(Container, "containers.run", only=when("detach"))
DockerClient.yields(CHUNK, "containers.run", text=False, only=when("stream"))
DockerClient.returns(WHOLE, "containers.run", text=False, only=unless("stream"))
Container.returns(WholeOutput, "exec_run", only=unless("stream"))
Container.returns(SeparateOutput, "exec_run", only=when("demux"))
Container.returns(Output, "exec_run", only=when("stream"))
Output.attribute_yields(CHUNK, "output", text=False)
SeparateOutput.attribute_yields((CHUNK, CHUNK), "output", text=False)
WholeOutput.attribute(WHOLE, "output", text=False)

# Before 2, where the package was called docker-py.
DOCKER_1 = client("docker", distribution="docker-py<2", docs="https://docker-py.readthedocs.io/en/1.10.0/api/")
OldClient = DOCKER_1.type("Client", "AutoVersionClient")
decodes_if_asked(OldClient, "build", "events", streams=True)
decodes_if_asked(OldClient, "pull", "push")
tells_of_containers(OldClient, "exec_start")

AIODOCKER = client("aiodocker", docs="https://aiodocker.readthedocs.io/en/latest/containers.html")
Docker = AIODOCKER.type("Docker")
AioContainer = AIODOCKER.type("containers.DockerContainer", "docker.DockerContainer")
Exec = AIODOCKER.type("execs.Exec")
AioStream = AIODOCKER.type("stream.Stream")
AioOutput = AIODOCKER.type("stream.Message")
AioMessage = AIODOCKER.type("decoded message of the daemon", decoded=True)
Docker.returns(AioContainer, "containers.get", "containers.create", "containers.run", "containers.container")
AioContainer.yields(CHUNK, "log", text=True, only=when("follow"))
AioContainer.yields(AioMessage, "stats", only=when("stream", default=True))
AioContainer.returns(AioStream, "attach")
AioContainer.returns(Exec, "exec")
Exec.returns(AioStream, "start", only=unless("detach"))
AioStream.read(AioOutput, "read_out")
AioOutput.part(CHUNK, "data", text=False)
Docker.yields(AioMessage, "images.pull", "images.push", "images.build", only=when("stream"))
