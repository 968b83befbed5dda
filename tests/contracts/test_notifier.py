"""What every notifier promises, on real receivers; and that the promise can be broken."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

import pytest

from personae.adapters.notify.home_assistant import Topics
from personae.adapters.notify.log import LogNotifier
from personae.adapters.notify.mqtt import Mqtt, MqttSettings
from personae.adapters.notify.webhook import Webhook, WebhookSettings
from personae.core.events import Alert
from personae.testing.contracts import ContractBroken, check_notifier
from personae.testing.fakes import FakeNotifier
from tests.adapters.notify.broker import broker, ear, wait_for
from tests.adapters.notify.receiver import receiving
from tests.ports import free_port


def test_a_webhook() -> None:
    with receiving() as receiver:
        check_notifier(
            lambda: Webhook(WebhookSettings(receiver.url)),
            lambda _: [request.told["id"] for request in receiver.received],
        )


def test_mqtt(tmp_path: Path) -> None:
    port = free_port()
    with broker(tmp_path, port), ear(port) as heard:

        def arrived(count: int) -> Sequence[str]:
            def ids() -> list[str]:
                told = [p for topic, p in heard.messages if topic == "p/n/alerts"]
                return [json.loads(one)["id"] for one in told]

            wait_for(lambda: len(ids()) >= count, "alerts are missing")
            return ids()

        settings = MqttSettings("127.0.0.1", port, topics=Topics("p", "n"), timeout_s=3.0)
        check_notifier(lambda: Mqtt(settings), arrived)


def test_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "personae")
    check_notifier(
        LogNotifier,
        lambda _: [
            json.loads(record.getMessage().removeprefix("alert "))["id"]
            for record in caplog.records
        ],
    )


def test_the_fake() -> None:
    fake = FakeNotifier()
    check_notifier(lambda: fake, lambda _: [alert.id for alert in fake.told])


class Twice(FakeNotifier):
    """Delivers everything twice."""

    def send(self, alert: Alert) -> None:
        super().send(alert)
        super().send(alert)


class Deaf(FakeNotifier):
    """Cannot be closed."""

    def close(self) -> None:
        """Goes on."""


class Forgetful(FakeNotifier):
    """Loses one."""

    def send(self, alert: Alert) -> None:
        if alert.id != "alert-3":
            super().send(alert)


@pytest.mark.parametrize("kind", [Twice, Deaf, Forgetful])
def test_a_broken_promise_is_seen(kind: type[FakeNotifier]) -> None:
    fake = kind()
    with pytest.raises(ContractBroken):
        check_notifier(lambda: fake, lambda _: [alert.id for alert in fake.told])
