"""pyserial: https://pyserial.readthedocs.io/en/latest/pyserial_api.html#serial.Serial.read

A read waits for as much as it is asked for, or for the end of its timeout: what brings nothing is no end. A line may be
cut by a timeout as well, which is the rare case.
"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, client, constant, given, reader_sized

SERIAL = client(
    "serial",
    distribution="pyserial",
    docs="https://pyserial.readthedocs.io/en/latest/pyserial_api.html#serial.Serial.read",
)
Port = SERIAL.type("Serial")
Amount = SERIAL.type("number of bytes that have come")

SERIAL.returns(Port, "serial_for_url")
Port.attribute(Amount, "in_waiting")
Port.returns(Amount, "inWaiting", note="of old")
Port.read(CHUNK, "read", text=False, only=reader_sized(Amount, "size", 0), idle=True)
Port.read(CHUNK, "read", text=False, only=constant("size", 0), exact=True, idle=True)
Port.read(MESSAGE, "read", text=False, only=given("size", 0), note="a length that was read before")
Port.read(CHUNK, "read_all", text=False, idle=True, note="what has come")
Port.read(LINE, "readline", "read_until", text=False)
Port.yields(LINE, "readlines", text=False)
Port.iterates(LINE, text=False)
