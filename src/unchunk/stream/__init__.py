"""The runtime helper: chunks with arbitrary boundaries in, whole JSON values out; standard library only."""
