"""urllib3: `stream()` hands out pieces of the body."""

import json
import sys

import urllib3

response = urllib3.PoolManager().request("GET", sys.argv[1], preload_content=False)

for chunk in response.stream():
    value = json.loads(chunk.decode())
    print(value)
