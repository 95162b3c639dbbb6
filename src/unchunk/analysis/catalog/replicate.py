"""replicate: https://github.com/replicate/replicate-python#run-a-model-and-stream-its-output"""

from __future__ import annotations

from .pydantic import BaseModel
from .rows import FRAGMENT, client

REPLICATE = client("replicate", docs="https://github.com/replicate/replicate-python#run-a-model-and-stream-its-output")
Client = REPLICATE.type("Client")
Prediction = REPLICATE.type("prediction.Prediction")
Event = REPLICATE.type("stream.ServerSentEvent", bases=(BaseModel,), decoded=True)

REPLICATE.step(Event, "stream")
Client.step(Event, "stream")
REPLICATE.makes(Prediction, "predictions.create", "predictions.get")
Client.makes(Prediction, "predictions.create", "predictions.get")
Prediction.step(Event, "stream")
Event.part(FRAGMENT, "data", text=True)
