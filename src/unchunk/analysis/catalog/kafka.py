"""Clients of Kafka, which hand out whole messages.

https://kafka-python.readthedocs.io/en/master/apidoc/KafkaConsumer.html
"""

from __future__ import annotations

from .dsl import MESSAGE, client

KAFKA = client(
    "kafka",
    distribution="kafka-python",
    docs="https://kafka-python.readthedocs.io/en/master/apidoc/KafkaConsumer.html",
)
Consumer = KAFKA.type("KafkaConsumer")
Record = KAFKA.type("consumer.fetcher.ConsumerRecord")
Consumer.iterates(Record)
Record.part(MESSAGE, "value", "key", text=False)

CONFLUENT = client(
    "confluent_kafka",
    distribution="confluent-kafka",
    docs="https://docs.confluent.io/platform/current/clients/confluent-kafka-python/html/index.html#message",
)
ConfluentConsumer = CONFLUENT.type("Consumer")
Message = CONFLUENT.type("Message")
ConfluentConsumer.read(Message, "poll")
ConfluentConsumer.yields(Message, "consume")
Message.part(MESSAGE, "value()", "key()", text=False)

AIOKAFKA = client("aiokafka", docs="https://aiokafka.readthedocs.io/en/stable/consumer.html")
AioConsumer = AIOKAFKA.type("AIOKafkaConsumer")
AioRecord = AIOKAFKA.type("structs.ConsumerRecord", "ConsumerRecord")
AioConsumer.iterates(AioRecord)
AioConsumer.read(AioRecord, "getone")
AioRecord.part(MESSAGE, "value", "key", text=False)
