"""Twisted's protocols, and treq: https://docs.twisted.org/en/stable/core/howto/servers.html"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, client

TWISTED = client("twisted", distribution="Twisted", docs="https://docs.twisted.org/en/stable/core/howto/servers.html")
Protocol = TWISTED.type("internet.protocol.Protocol")
ProcessProtocol = TWISTED.type("internet.protocol.ProcessProtocol")
DatagramProtocol = TWISTED.type("internet.protocol.DatagramProtocol")
LineReceiver = TWISTED.type("protocols.basic.LineReceiver", "protocols.basic.LineOnlyReceiver")
StringReceiver = TWISTED.type("protocols.basic.Int32StringReceiver", "protocols.basic.NetstringReceiver")

Protocol.callback(CHUNK, "dataReceived", text=False)
ProcessProtocol.callback(CHUNK, "outReceived", "errReceived", text=False)
ProcessProtocol.callback(CHUNK, "childDataReceived", parameter=1, text=False)
DatagramProtocol.callback(MESSAGE, "datagramReceived", text=False)
LineReceiver.callback(LINE, "lineReceived", text=False)
LineReceiver.callback(CHUNK, "rawDataReceived", text=False)
StringReceiver.callback(MESSAGE, "stringReceived", text=False)

TREQ = client("treq", docs="https://treq.readthedocs.io/en/latest/api.html#treq.collect")
Response = TREQ.type("response._Response")
HTTPClient = TREQ.type("client.HTTPClient")
VERBS = ("get", "post", "put", "patch", "delete", "head", "request")
TREQ.returns(Response, *VERBS)
HTTPClient.returns(Response, *VERBS)
TREQ.invokes(CHUNK, "collect", argument=1, text=False)
TREQ.returns(WHOLE, "content", text=False)
TREQ.returns(WHOLE, "text_content", text=True)
Response.invokes(CHUNK, "collect", argument=0, text=False)
Response.returns(WHOLE, "content", text=False)
Response.returns(WHOLE, "text", text=True)
