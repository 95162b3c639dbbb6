"""replicate: https://github.com/replicate/replicate-python#run-a-model-and-stream-its-output"""

from __future__ import annotations

from .dsl import FRAGMENT, client
from .pydantic import BaseModel

REPLICATE = client("replicate", docs="https://github.com/replicate/replicate-python#run-a-model-and-stream-its-output")
Client = REPLICATE.type("Client")
Prediction = REPLICATE.type("prediction.Prediction")
Event = REPLICATE.type("stream.ServerSentEvent", bases=(BaseModel,), decoded=True)

REPLICATE.yields(Event, "stream")
Client.yields(Event, "stream")
REPLICATE.returns(Prediction, "predictions.create", "predictions.get")
Client.returns(Prediction, "predictions.create", "predictions.get")
Prediction.yields(Event, "stream")
Event.part(FRAGMENT, "data", text=True)
