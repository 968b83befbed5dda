"""MQTT against a real broker: discovery, state, last will, coming back, alerts."""

from __future__ import annotations

import json
import logging
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from personae.adapters.notify.home_assistant import Topics, discovery, fit
from personae.adapters.notify.mqtt import Mqtt, MqttSettings
from personae.core.errors import DeliveryError
from personae.core.live import LivePerson, LiveStatus, LiveStream
from tests.adapters.notify.alerts import PICTURE, alert
from tests.adapters.notify.broker import broker, ear, wait_for
from tests.ports import free_port

TOPICS = Topics("personae", "house")
AVAILABLE = "personae/house/availability"
ANA = LivePerson(3, "known", 7, "Ana", 0.98, 1e-5, "live", (), 17, (1, 2, 3, 4))

CLIENT = """
import sys, time
from personae.adapters.notify.mqtt import Mqtt, MqttSettings
from personae.adapters.notify.home_assistant import Topics
Mqtt(MqttSettings("127.0.0.1", int(sys.argv[1]), topics=Topics("personae", "house")))
time.sleep(60)
"""


def status(*streams: LiveStream) -> LiveStatus:
    return LiveStatus(99, 0, True, streams)


def camera(*persons: LivePerson, name: str = "door") -> LiveStream:
    return LiveStream(
        name, "rtsp://cam", "live", 0, "", 64, 48, 25.0, 5.0, 1, 0, 1, 9.0, len(persons), persons
    )


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Of a broker that runs as long as the test."""
    port = free_port()
    with broker(tmp_path, port):
        yield port


@pytest.fixture
def client(port: int) -> Iterator[Mqtt]:
    """A client of the broker."""
    made = Mqtt(MqttSettings("127.0.0.1", port, topics=TOPICS, timeout_s=5.0, version="0.1"))
    yield made
    made.close()


def test_home_assistant_finds_each_camera_and_its_state(client: Mqtt, port: int) -> None:
    with ear(port) as heard:
        client.show(
            status(camera(ANA, replace(ANA, id=4, since=18, name="Ben")), camera(name="Höf"))
        )
        heard.hears("personae/house/door/people", "2")
        heard.hears("personae/house/door/occupancy", "ON")
        heard.hears("personae/house/door/availability", "online")
        heard.hears("personae/house/door/last_person", "Ben")
        yard = fit("Höf")
        heard.hears(f"personae/house/{yard}/people", "0")
        heard.hears(f"personae/house/{yard}/occupancy", "OFF")
        heard.hears(AVAILABLE, "online")
        configs = {t: json.loads(p) for t, p in heard.newest.items() if t.endswith("/config")}
    assert sorted(configs) == sorted(
        f"homeassistant/{kind}/personae_house_{one}/{what}/config"
        for one in ("door", yard)
        for kind, what in (
            ("binary_sensor", "occupancy"), ("sensor", "people"), ("sensor", "last_person"),
        )
    )  # fmt: skip
    occupancy = configs["homeassistant/binary_sensor/personae_house_door/occupancy/config"]
    assert occupancy["device_class"] == "occupancy"
    assert occupancy["device"]["name"] == "door"
    assert {one["topic"] for one in occupancy["availability"]} == {
        AVAILABLE, "personae/house/door/availability",
    }  # fmt: skip
    assert len({one["unique_id"] for one in configs.values()}) == 6
    silent = {c["state_topic"] for c in configs.values()} - heard.newest.keys()
    assert silent == {f"personae/house/{yard}/last_person"}, "nobody was seen there yet"


def test_state_is_retained_and_only_what_changed_is_said(client: Mqtt, port: int) -> None:
    with ear(port) as heard:
        client.show(status(camera(ANA)))
        heard.hears("personae/house/door/last_person/attributes", _attributes())
        for step in range(20):
            moved = replace(ANA, box=(step, 2, 30, 40), confidence=0.9)
            client.show(replace(status(camera(moved)), timestamp=100 + step))
        client.show(status(camera()))
        heard.hears("personae/house/door/people", "0")
        topics = [topic for topic, _ in heard.messages]
        assert topics.count("personae/house/door/people") == 2
        assert topics.count("personae/house/door/last_person/attributes") == 1
    with ear(port) as late:
        late.hears("personae/house/door/last_person", "Ana")
        late.hears("personae/house/door/occupancy", "OFF")
        late.hears(AVAILABLE, "online")
        assert {t for t in late.newest} == late.retained


def _attributes() -> str:
    told = {
        "camera": "door", "person": 7, "confidence": 0.98, "live": "live", "since": 17, "seen": 99,
    }  # fmt: skip
    return json.dumps(told)


def test_a_dark_camera_is_not_available(client: Mqtt, port: int) -> None:
    with ear(port) as heard:
        client.show(status(camera(), camera(name="yard")))
        heard.hears("personae/house/door/availability", "online")
        client.show(status(replace(camera(), state="dark"), camera(name="yard")))
        heard.hears("personae/house/door/availability", "offline")
        assert heard.newest["personae/house/yard/availability"] == b"online"


def test_the_last_will_speaks_when_the_watch_is_killed(port: int) -> None:
    with ear(port) as heard:
        process = subprocess.Popen([sys.executable, "-c", CLIENT, str(port)])
        try:
            heard.hears(AVAILABLE, "online")
            process.send_signal(signal.SIGKILL)
            process.wait(10)
            heard.hears(AVAILABLE, "offline")
        finally:
            process.kill()
            process.wait(10)
    with ear(port) as late:
        late.hears(AVAILABLE, "offline")
        assert AVAILABLE in late.retained


def test_an_orderly_end_says_offline_too(client: Mqtt, port: int) -> None:
    with ear(port) as heard:
        heard.hears(AVAILABLE, "online")
        client.close()
        client.close()
        heard.hears(AVAILABLE, "offline")
        with pytest.raises(DeliveryError, match="not connected"):
            client.send(alert())


def test_an_alert_and_its_picture_arrive_and_are_not_retained(client: Mqtt, port: int) -> None:
    with ear(port) as heard:
        client.send(alert(1, PICTURE))
        client.send(alert(2))
        wait_for(lambda: len(heard.messages) >= 4, "alerts are missing")
        told = [json.loads(p) for t, p in heard.messages if t == "personae/house/alerts"]
        assert told == [alert(1).as_json(), alert(2).as_json()]
        assert heard.newest[f"personae/house/{fit('Haustür')}/snapshot"] == PICTURE
    with ear(port) as late:
        late.hears(AVAILABLE, "online")
        assert set(late.newest) == {AVAILABLE}, "pictures of people must not stay on the broker"


def test_a_broker_that_comes_back_knows_all_again(tmp_path: Path) -> None:
    port = free_port()
    settings = MqttSettings("127.0.0.1", port, topics=TOPICS, timeout_s=0.3, longest_pause_s=1)
    client = Mqtt(settings)
    try:
        client.show(status(camera(ANA)))
        with pytest.raises(DeliveryError, match="not connected"):
            client.send(alert())
        with broker(tmp_path, port), ear(port) as heard:
            heard.hears("personae/house/door/people", "1")
        time.sleep(0.2)
        client.show(status(camera()))
        client.show(status(camera(ANA, replace(ANA, id=9, person=8, name="Ben"))))
        with broker(tmp_path, port), ear(port) as heard:
            heard.hears("personae/house/door/people", "2")
            heard.hears(AVAILABLE, "online")
            time.sleep(0.5)
            assert heard.newest["personae/house/door/people"] == b"2", "nothing old comes after"
            assert any(topic.endswith("/config") for topic in heard.newest)
    finally:
        client.close()


def test_a_password_is_asked_for_and_never_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    port, secret = free_port(), "gehéim-4711"
    passwords = tmp_path / "passwords"
    if shutil.which("mosquitto_passwd") is None:
        pytest.skip("mosquitto_passwd is not installed (Debian: mosquitto)")
    subprocess.run(
        ["mosquitto_passwd", "-c", "-b", str(passwords), "ana", secret],
        capture_output=True,
        check=True,
    )
    passwords.chmod(0o644)
    lines = ("allow_anonymous false", f"password_file {passwords}")
    with broker(tmp_path, port, *lines), ear(port, "ana", secret) as heard:
        right = MqttSettings("127.0.0.1", port, "ana", secret, topics=TOPICS)
        wrong = replace(right, password="falsch-0815", timeout_s=1.0)
        refused = Mqtt(wrong)
        with pytest.raises(DeliveryError, match="not connected"):
            refused.send(alert())
        refused.close()
        client = Mqtt(right)
        client.send(alert())
        client.close()
        wait_for(lambda: "personae/house/alerts" in heard.newest, "nothing was heard")
    assert "refused" in caplog.text
    for text in (caplog.text, repr(right), repr(wrong)):
        assert secret not in text and "falsch-0815" not in text


def test_names_that_look_alike_on_a_topic_are_told_apart() -> None:
    names = ["front door", "front_door", "front/door", "front+door", "#", "Höf", "Hof"]
    assert len({fit(name) for name in names}) == len(names)
    assert all(set(fit(name)).isdisjoint("/+# ") for name in names)
    assert fit("front_door") == "front_door"
    made = [topic for name in names for topic in discovery(TOPICS, name, "")]
    assert len(set(made)) == 3 * len(names)
