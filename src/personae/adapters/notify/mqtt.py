"""Alerts and the state of every camera to an MQTT broker, found by Home Assistant on its own."""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from personae.adapters.notify.home_assistant import Topics, discovery, fit
from personae.core.errors import DeliveryError, ExtraMissing
from personae.core.events import Alert
from personae.core.live import LivePerson, LiveStatus, LiveStream

if TYPE_CHECKING:
    from paho.mqtt.client import Client

log = logging.getLogger(__name__)

ONLINE, OFFLINE = "online", "offline"
AT_LEAST_ONCE = 1


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """Where the broker is.

    Attributes:
        host: of the broker.
        port: of the broker.
        user: empty logs in without one.
        password: of the user.
        tls: whether the connection is encrypted and the broker's certificate checked.
        topics: where things are published.
        timeout_s: how long an alert may wait for the broker.
        longest_pause_s: between two tries to connect; pauses double from one second on.
        version: of Personae, as Home Assistant shows it.
    """

    host: str
    port: int = 1883
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    topics: Topics = field(default_factory=lambda: Topics("personae", "personae"))
    timeout_s: float = 10.0
    longest_pause_s: int = 60
    version: str = ""


class Mqtt:
    """Keeps a connection from when it is made until it is closed; it comes back by itself.

    Args:
        settings: where the broker is.

    Raises:
        ExtraMissing: paho-mqtt is not installed.
    """

    def __init__(self, settings: MqttSettings) -> None:
        self._settings = settings
        self._topics = settings.topics
        self._lock = threading.Lock()
        self._kept: dict[str, str] = {}
        self._last: dict[str, tuple[object, ...]] = {}
        self._connected = threading.Event()
        self._closed = False
        self._client = self._made()
        self._client.connect_async(settings.host, settings.port, keepalive=30)
        self._client.loop_start()

    def send(self, alert: Alert) -> None:
        """Publishes an alert, and its picture as a JPEG; waits until the broker has both.

        Raises:
            DeliveryError: there is no broker, or it does not answer in time.
        """
        ends = time.monotonic() + self._settings.timeout_s
        broker = f"MQTT broker {self._settings.host}:{self._settings.port}"
        if self._closed or not self._connected.wait(self._settings.timeout_s):
            raise DeliveryError(f"{broker}: not connected")
        parts: list[tuple[str, str | bytes]] = []
        if alert.snapshot is not None:
            parts.append((self._topics.of(alert.event.camera, "snapshot"), alert.snapshot))
        parts.append((self._topics.alerts, json.dumps(alert.as_json(), ensure_ascii=False)))
        for topic, payload in parts:
            message = self._client.publish(topic, payload, qos=AT_LEAST_ONCE)
            try:
                message.wait_for_publish(max(0.0, ends - time.monotonic()))
            except (RuntimeError, ValueError) as error:
                raise DeliveryError(f"{broker}: not sent ({error})") from error
            if not message.is_published():
                raise DeliveryError(f"{broker}: no answer")

    def show(self, status: LiveStatus) -> None:
        """Publishes what changed since the last time; all of it is retained by the broker."""
        fresh: dict[str, str] = {}
        for stream in status.streams:
            fresh.update(self._state(stream, status.timestamp))
        with self._lock:
            changed = {
                topic: text for topic, text in fresh.items() if self._kept.get(topic) != text
            }
            self._kept.update(changed)
            if self._connected.is_set():
                self._publish(changed)

    def close(self) -> None:
        """Says that the watch is over and leaves."""
        if self._closed:
            return
        self._closed = True
        if self._connected.is_set():
            said = self._client.publish(
                self._topics.availability, OFFLINE, qos=AT_LEAST_ONCE, retain=True
            )
            try:
                said.wait_for_publish(2.0)
            except (RuntimeError, ValueError):
                log.info("MQTT: the broker left before it was told")
        self._client.disconnect()
        self._client.loop_stop()

    def _made(self) -> Client:
        try:
            from paho.mqtt.client import Client
            from paho.mqtt.enums import CallbackAPIVersion
        except ImportError as error:
            raise ExtraMissing(
                "MQTT needs paho-mqtt", "Install it: pip install 'personae[mqtt]'."
            ) from error
        settings = self._settings
        client = Client(CallbackAPIVersion.VERSION2)
        if settings.user:
            client.username_pw_set(settings.user, settings.password or None)
        if settings.tls:
            client.tls_set()
        client.reconnect_delay_set(1, settings.longest_pause_s)
        client.will_set(self._topics.availability, OFFLINE, qos=AT_LEAST_ONCE, retain=True)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        return client

    def _on_connect(self, *told: Any) -> None:  # noqa: ANN401 - paho's arguments, of many types
        reason = told[3]
        if reason.is_failure:
            log.warning("MQTT: the broker refused the connection: %s", reason)
            return
        with self._lock:
            self._publish({self._topics.availability: ONLINE})
            self._publish(self._kept)  # a broker that was restarted may have lost it
            self._connected.set()

    def _on_disconnect(self, *told: Any) -> None:  # noqa: ANN401 - paho's arguments, of many types
        self._connected.clear()
        if not self._closed:
            log.warning("MQTT: the connection was lost: %s", told[3])

    def _publish(self, texts: dict[str, str]) -> None:
        for topic, text in texts.items():
            self._client.publish(topic, text, qos=AT_LEAST_ONCE, retain=True)

    def _state(self, stream: LiveStream, at: int) -> dict[str, str]:
        """Topics of one camera with what belongs on them, its discovery first."""
        of, camera = self._topics.of, stream.name
        made: dict[str, str] = {}
        if of(camera, "people") not in self._kept:
            for topic, config in discovery(self._topics, camera, self._settings.version).items():
                made[topic] = json.dumps(config, ensure_ascii=False)
        made[of(camera, "availability")] = ONLINE if stream.state == "live" else OFFLINE
        made[of(camera, "occupancy")] = "ON" if stream.people else "OFF"
        made[of(camera, "people")] = str(stream.people)
        known = [person for person in stream.persons if person.type == "known"]
        if known:
            newest = max(known, key=lambda person: person.since)
            told = (newest.id, newest.person, newest.name, newest.live)
            if self._last.get(camera) != told:
                self._last[camera] = told
                made[of(camera, "last_person")] = newest.name or ""
                made[of(camera, "last_person/attributes")] = _attributes(camera, newest, at)
        return made


def _attributes(camera: str, person: LivePerson, at: int) -> str:
    told = {
        "camera": camera,
        "person": person.person,
        "confidence": person.confidence,
        "live": person.live,
        "since": person.since,
        "seen": at,
    }
    return json.dumps(told, ensure_ascii=False)


def topics(prefix: str, node: str, listens: str) -> Topics:
    """Topics of an installation with a name of any kind."""
    return Topics(prefix, fit(node), listens)
