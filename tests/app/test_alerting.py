"""From a status to who is told: nobody waits, nothing is lost in silence, order is kept."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from personae.adapters.notify.webhook import Webhook, WebhookSettings
from personae.app.alerting import Alerting, alerting_from
from personae.app.letters import Letters
from personae.app.mailbox import Mailbox
from personae.core.errors import AlertsUnclear, DeliveryError
from personae.core.events import Alert
from personae.core.live import LivePerson, LiveStatus, LiveStream
from personae.core.rules import Rule, Rules, Trigger
from personae.testing.fakes import FakeNotifier
from tests.adapters.notify.alerts import PICTURE, alert
from tests.adapters.notify.receiver import HANG, receiving


def status(*numbers: int, at: int = 0, running: bool = True) -> LiveStatus:
    """Somebody new of each number at the door."""
    persons = tuple(
        LivePerson(n, "known", n, f"P{n}", 0.99, 1e-5, "live", (), 0, (0, 0, 9, 9)) for n in numbers
    )
    door = LiveStream(
        "door", "rtsp://cam", "live", 0, "", 64, 48, 25.0, 5.0, 1, 0, 1, 9.0, len(persons), persons
    )
    return LiveStatus(at, 0, running, (door,))


def rules(*actions: str, snapshot: bool = False) -> Rules:
    return Rules([Rule("known", Trigger("known"), actions, snapshot=snapshot)])


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_who_comes_is_told_with_the_newest_picture(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "door.jpg").write_bytes(PICTURE)
    one, two = FakeNotifier(), FakeNotifier()
    alerts = Alerting(tmp_path, rules("one", "two", snapshot=True), {"one": one, "two": two})
    for at in range(5):
        alerts.observe(status(1, 2, at=at))
    alerts.observe(status(running=False))
    assert [a.event.name for a in one.told] == ["P1", "P2"]
    assert one.told == two.told and one.closed and two.closed
    assert {a.snapshot for a in one.told} == {PICTURE}
    assert len({a.id for a in one.told}) == 2
    told = lines(tmp_path / "alerts.jsonl")
    assert [(line["name"], line["actions"]) for line in told] == [
        ("P1", ["one", "two"]), ("P2", ["one", "two"]),
    ]  # fmt: skip
    assert not (tmp_path / "dead-letters.jsonl").exists()
    alerts.observe(status(running=False))


def test_without_a_picture_it_is_told_without(tmp_path: Path) -> None:
    one = FakeNotifier()
    alerts = Alerting(tmp_path, rules("one", snapshot=True), {"one": one})
    alerts.observe(status(1))
    alerts.close()
    assert [a.snapshot for a in one.told] == [None]


def test_a_receiver_that_hangs_delays_neither_the_watch_nor_another(tmp_path: Path) -> None:
    quick = FakeNotifier()
    with receiving(HANG) as receiver:
        slow = Webhook(WebhookSettings(receiver.url, timeout_s=30))
        alerts = Alerting(
            tmp_path, rules("slow", "quick"), {"slow": slow, "quick": quick}, closing_s=0.3
        )
        begun = time.monotonic()
        for number in range(1, 101):
            alerts.observe(status(number, at=number))
        assert time.monotonic() - begun < 0.5
        until = time.monotonic() + 5
        while len(quick.told) < 100 and time.monotonic() < until:
            time.sleep(0.01)
        assert len(quick.told) == 100
        begun = time.monotonic()
        alerts.close()
        assert time.monotonic() - begun < 3.0
        assert len(receiver.received) == 1
    dead = lines(tmp_path / "dead-letters.jsonl")
    assert {line["action"] for line in dead} == {"slow"}
    assert sorted(line["alert"]["id"] for line in dead) == sorted(a.id for a in quick.told), (
        "what was not delivered is written down, each once"
    )


def test_a_receiver_that_recovers_gets_all_in_order(tmp_path: Path) -> None:
    with receiving(500, HANG, 503, 204, 500) as receiver:
        settings = WebhookSettings(receiver.url, "key", timeout_s=0.3, pause_s=0.02)
        alerts = Alerting(tmp_path, rules("hook"), {"hook": Webhook(settings)}, closing_s=10)
        for number in (1, 2, 3):
            alerts.observe(status(number, at=number))
        alerts.close()
        names = [request.told["name"] for request in receiver.received]
    assert names == ["P1"] * 4 + ["P2"] * 2 + ["P3"]
    assert not (tmp_path / "dead-letters.jsonl").exists()


def test_what_cannot_be_delivered_is_a_dead_letter_and_the_next_goes_on(tmp_path: Path) -> None:
    with receiving(*[500] * 3, 404) as receiver:
        settings = WebhookSettings(f"{receiver.url}/T0KEN", "geheim", tries=3, pause_s=0.02)
        alerts = Alerting(tmp_path, rules("hook"), {"hook": Webhook(settings)})
        for number in (1, 2, 3):
            alerts.observe(status(number, at=number))
        alerts.close()
        assert [r.told["name"] for r in receiver.received] == ["P1"] * 3 + ["P2", "P3"]
    text = (tmp_path / "dead-letters.jsonl").read_text("utf-8")
    dead = lines(tmp_path / "dead-letters.jsonl")
    assert [(d["alert"]["name"], d["reason"].split(":")[0]) for d in dead] == [
        ("P1", "P600"), ("P2", "P601"),
    ]  # fmt: skip
    assert "T0KEN" not in text and "geheim" not in text


def test_a_plug_in_that_breaks_ends_nothing(tmp_path: Path) -> None:
    broken = FakeNotifier([ZeroDivisionError("x"), DeliveryError("no")])
    alerts = Alerting(tmp_path, rules("one"), {"one": broken})
    alerts.observe(status(1, 2, 3))
    alerts.close()
    assert [a.event.name for a in broken.told] == ["P3"]
    reasons = [line["reason"] for line in lines(tmp_path / "dead-letters.jsonl")]
    assert reasons == ["defect in the notifier: ZeroDivisionError", "P600: no"]


def test_a_full_mailbox_says_so_and_never_blocks() -> None:
    buried: list[tuple[str, str, str]] = []

    def bury(name: str, one: Alert, reason: str) -> None:
        buried.append((name, one.id, reason))

    with receiving(HANG) as receiver:
        box = Mailbox("hook", Webhook(WebhookSettings(receiver.url, timeout_s=30)), bury, room=2)
        box.put(alert(0))
        until = time.monotonic() + 5
        while not receiver.received and time.monotonic() < until:
            time.sleep(0.01)
        for number in range(1, 5):
            box.put(alert(number))
        assert buried == [("hook", f"id-{n}", "too many alerts wait") for n in (3, 4)]
        box.close(0.1)
    assert sorted(one for _, one, _ in buried) == [f"id-{n}" for n in range(5)]


def test_letters_never_grow_without_end(tmp_path: Path) -> None:
    letters = Letters(tmp_path / "x.jsonl", largest=200)
    for number in range(50):
        letters.add({"number": number, "name": "Ñandú"})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.jsonl", "x.jsonl.1"]
    assert all(p.stat().st_size <= 200 for p in tmp_path.iterdir())
    assert lines(tmp_path / "x.jsonl")[-1]["number"] == 49


def test_a_library_without_a_file_alerts_nobody_one_with_mistakes_says_so(tmp_path: Path) -> None:
    nobody = alerting_from(tmp_path)
    nobody.observe(status(1))
    nobody.close()
    assert not (tmp_path / "alerts.jsonl").exists()
    (tmp_path / "alerts.toml").write_text('[[rule]]\non = "known"\nactions = ["log"]\n')
    alerts = alerting_from(tmp_path)
    alerts.close()
    (tmp_path / "alerts.toml").write_text("[[rule]]\n")
    with pytest.raises(AlertsUnclear):
        alerting_from(tmp_path)
