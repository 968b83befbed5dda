"""Webhooks against a real receiver: signed, patient, bounded, and silent about secrets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import socket
import threading
import time

import pytest

from personae.adapters.notify.webhook import Webhook, WebhookSettings, signature
from personae.core.errors import DeliveryError, DeliveryRefused
from tests.adapters.notify.alerts import PICTURE, alert
from tests.adapters.notify.receiver import DAWDLE, HANG, Received, receiving

SECRET = "gehéim-4711"


def webhook(url: str, secret: str = SECRET, tries: int = 4, timeout_s: float = 0.5) -> Webhook:
    settings = WebhookSettings(
        url=url, secret=secret, timeout_s=timeout_s, tries=tries, pause_s=0.05
    )
    return Webhook(settings)


def is_ours(request: Received, secret: str) -> bool:
    """What a receiver does, written down here anew from the documentation."""
    stamp = request.headers["X-Personae-Timestamp"]
    signed = f"{stamp}.".encode() + request.body
    wanted = "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    fresh = abs(time.time() - int(stamp)) < 300
    return fresh and hmac.compare_digest(wanted, request.headers["X-Personae-Signature"])


def test_a_signature_is_that_of_another_program() -> None:
    """``printf '1700000000.{}' | openssl dgst -sha256 -hmac key``."""
    assert signature("key", "1700000000", b"{}") == (
        "sha256=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
    )


def test_an_alert_arrives_whole_and_signed() -> None:
    with receiving() as receiver:
        webhook(f"{receiver.url}/hook?token=abc").send(alert(snapshot=PICTURE))
    (request,) = receiver.received
    assert request.path == "/hook?token=abc"
    assert request.headers["Content-Type"] == "application/json"
    assert is_ours(request, SECRET)
    assert not is_ours(request, "another")
    told = request.told
    assert base64.b64decode(told.pop("snapshot")["base64"]) == PICTURE
    assert told == alert().as_json()
    assert (told["name"], told["camera"], told["kind"]) == ("Ana Ñandú", "Haustür", "known")
    changed = Received(request.path, request.headers, request.body.replace(b"known", b"other"))
    assert not is_ours(changed, SECRET)


def test_no_secret_no_signature() -> None:
    with receiving() as receiver:
        webhook(receiver.url, secret="").send(alert())
    assert "X-Personae-Signature" not in receiver.received[0].headers
    assert "snapshot" not in receiver.received[0].told


@pytest.mark.parametrize("trouble", [[500, 503], [HANG], [DAWDLE], [429, 408], [HANG, 502]])
def test_trouble_that_passes_is_waited_out_under_one_id(trouble: list[int | str]) -> None:
    with receiving(*trouble) as receiver:
        begun = time.monotonic()
        webhook(receiver.url).send(alert())
        took = time.monotonic() - begun
    assert len(receiver.received) == len(trouble) + 1
    assert {r.headers["X-Personae-Event-Id"] for r in receiver.received} == {"id-1"}
    assert {r.told["id"] for r in receiver.received} == {"id-1"}
    assert all(is_ours(request, SECRET) for request in receiver.received)
    assert took < 3.0, "a receiver that dawdles is cut off after the timeout"


def test_a_receiver_that_is_not_there_yet_is_found_when_it_comes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    came: list[bytes] = []

    def come() -> None:
        time.sleep(0.3)
        with socket.create_server(("127.0.0.1", port)) as server:
            line, _ = server.accept()
            with line:
                came.append(line.recv(65536))
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    late = threading.Thread(target=come)
    late.start()
    webhook(f"http://127.0.0.1:{port}", tries=10).send(alert())
    late.join()
    assert came and came[0].startswith(b"POST / HTTP/1.1")


def test_pauses_grow_and_are_never_the_same() -> None:
    """Each is half to all of a doubling time; the pauses of two senders differ."""
    settings = WebhookSettings(url="http://127.0.0.1:9/", pause_s=1.0, longest_pause_s=10.0)
    pauses = [[Webhook(settings)._pause(n) for n in range(1, 7)] for _ in range(2)]
    assert pauses[0] != pauses[1]
    for made in pauses:
        for pause, longest in zip(made, (1, 2, 4, 8, 10, 10), strict=True):
            assert longest / 2 <= pause <= longest


def test_it_gives_up_after_so_many_tries_and_after_so_long() -> None:
    with receiving(*[500] * 20) as receiver:
        with pytest.raises(DeliveryError, match="given up after 3 tries: answer 500") as failure:
            webhook(receiver.url, tries=3).send(alert())
        assert not isinstance(failure.value, DeliveryRefused)
        assert len(receiver.received) == 3
        settings = WebhookSettings(url=receiver.url, tries=20, pause_s=0.2, total_s=0.5)
        begun = time.monotonic()
        with pytest.raises(DeliveryError, match="given up"):
            Webhook(settings).send(alert())
        assert time.monotonic() - begun < 1.0
        assert len(receiver.received) < 3 + 6


@pytest.mark.parametrize("answer", [301, 302, 307, 308, 400, 401, 403, 404, 410])
def test_what_another_try_will_not_change_is_tried_once_and_not_followed(answer: int) -> None:
    with receiving(answer) as receiver:
        with pytest.raises(DeliveryRefused, match=f"answer {answer}"):
            webhook(receiver.url).send(alert())
        assert [request.path for request in receiver.received] == ["/"]


def test_what_answers_no_http_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            line, _ = server.accept()
            with line:
                line.recv(65536)
                line.sendall(b"220 mail.example ESMTP\r\n")

        odd = threading.Thread(target=talk)
        odd.start()
        with pytest.raises(DeliveryError, match="BadStatusLine"):
            webhook(f"http://127.0.0.1:{server.getsockname()[1]}", tries=1).send(alert())
        odd.join()


@pytest.mark.parametrize("answers", [[HANG], [500] * 9])
def test_closing_ends_a_try_and_a_pause(answers: list[int | str]) -> None:
    with receiving(*answers) as receiver:
        settings = WebhookSettings(url=receiver.url, timeout_s=20, pause_s=20)
        sender = Webhook(settings)
        failed: list[DeliveryError] = []

        def send() -> None:
            try:
                sender.send(alert())
            except DeliveryError as error:
                failed.append(error)

        sending = threading.Thread(target=send)
        sending.start()
        until = time.monotonic() + 5
        while not receiver.received and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.1)
        sender.close()
        sending.join(3)
        assert not sending.is_alive()
        assert len(failed) == len(receiver.received) == 1


def test_secrets_reach_no_log_no_error_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with receiving(500, HANG, 500) as receiver:
        url = f"{receiver.url}/services/T0KEN?key=SESAME"
        with pytest.raises(DeliveryError) as failure:
            webhook(url, tries=3).send(alert())
    settings = WebhookSettings(url=url, secret=SECRET)
    said = caplog.text + str(failure.value) + failure.value.hint + repr(settings)
    assert "try 1 failed: answer 500" in said
    for secret in (SECRET, "T0KEN", "SESAME"):
        assert secret not in said
