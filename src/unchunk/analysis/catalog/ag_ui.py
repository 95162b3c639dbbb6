"""AG-UI, the protocol between agents and their users' interfaces: https://docs.ag-ui.com/concepts/events"""

from __future__ import annotations

from .dsl import FRAGMENT, client
from .pydantic import BaseModel

AG_UI = client("ag_ui", distribution="ag-ui-protocol", docs="https://docs.ag-ui.com/concepts/events#toolcallargs")
Arguments = AG_UI.type("core.ToolCallArgsEvent", bases=(BaseModel,), decoded=True)

Arguments.part(FRAGMENT, "delta", text=True)
