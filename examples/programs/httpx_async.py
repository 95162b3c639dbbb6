"""An asynchronous reader that takes every chunk for one document."""

import asyncio
import json
import sys

import httpx


async def main(url):
    async with httpx.AsyncClient() as client, client.stream("GET", url) as response:
        async for chunk in response.aiter_bytes():
            data = json.loads(chunk)
            print(data)


asyncio.run(main(sys.argv[1]))
