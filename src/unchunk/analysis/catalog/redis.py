"""redis, sync and async: https://redis.readthedocs.io/en/stable/advanced_features.html#publish-subscribe"""

from __future__ import annotations

from .dsl import MESSAGE, client

REDIS = client("redis", docs="https://redis.readthedocs.io/en/stable/advanced_features.html#publish-subscribe")
Redis = REDIS.type("Redis", "StrictRedis", "asyncio.Redis", "asyncio.StrictRedis", "RedisCluster")
PubSub = REDIS.type("client.PubSub", "asyncio.client.PubSub")
Message = REDIS.type("pub/sub message")

REDIS.returns(Redis, "from_url", "asyncio.from_url")
Redis.returns(PubSub, "pubsub")
PubSub.yields(Message, "listen")
PubSub.read(Message, "get_message")
Message.part(MESSAGE, "data")
