"""A real MQTT broker on loopback, and a client that writes down what it hears."""

from __future__ import annotations

import contextlib
import getpass
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


@contextlib.contextmanager
def broker(folder: Path, port: int, *lines: str) -> Iterator[None]:
    """Mosquitto on a port until the block ends."""
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed (Debian: mosquitto)")
    file = folder / "mosquitto.conf"
    said = lines or ("allow_anonymous true",)
    # started by root it would become a user who cannot read the test's folder
    ours = [f"user {getpass.getuser()}", f"listener {port} 127.0.0.1", "persistence false"]
    file.write_text("\n".join([*ours, *said]) + "\n")
    process = subprocess.Popen(
        [MOSQUITTO, "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: _answers(port), "the broker does not come up")
        yield
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait_for(true: Callable[[], bool], otherwise: str, seconds: float = 15.0) -> None:
    """Returns as soon as it is true, fails if it never is."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, otherwise
        time.sleep(0.02)


@dataclass
class Ear:
    """What was heard: all messages in order, and what is retained by topic."""

    messages: list[tuple[str, bytes]] = field(default_factory=list)
    newest: dict[str, bytes] = field(default_factory=dict)
    retained: set[str] = field(default_factory=set)
    ready: bool = False

    def hears(self, topic: str, payload: str) -> None:
        """Waits until this is the newest on a topic."""
        wait_for(
            lambda: self.newest.get(topic) == payload.encode(),
            f"{topic} is {self.newest.get(topic)!r}, not {payload!r}",
        )


@contextlib.contextmanager
def ear(port: int, user: str = "", password: str = "") -> Iterator[Ear]:
    """Listens to everything until the block ends."""
    heard = Ear()

    def on_message(_client: object, _data: object, message: mqtt.MQTTMessage) -> None:
        heard.messages.append((message.topic, message.payload))
        heard.newest[message.topic] = message.payload
        if message.retain:
            heard.retained.add(message.topic)

    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    if user:
        client.username_pw_set(user, password)
    client.on_message = on_message
    client.on_subscribe = lambda *_: setattr(heard, "ready", True)
    client.on_connect = lambda *_: client.subscribe("#", qos=1)
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        wait_for(lambda: heard.ready, "nobody hears")
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()
