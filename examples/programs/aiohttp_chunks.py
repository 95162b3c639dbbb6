"""aiohttp: what `iter_any()` hands out is whatever has arrived."""

import asyncio
import json
import sys

import aiohttp


async def main(url):
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        async for chunk in response.content.iter_any():
            print(json.loads(chunk))


asyncio.run(main(sys.argv[1]))
