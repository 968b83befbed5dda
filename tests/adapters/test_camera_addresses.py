"""No credential of a camera is ever shown."""

from __future__ import annotations

import pytest

from personae.adapters.sources.addresses import is_address, shown


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("rtsp://admin:geheim@cam.local:554/live", "rtsp://cam.local:554/live"),
        ("rtsp://admin:ge@heim@cam/live", "rtsp://cam/live"),
        ("http://cam/video?user=a&password=geheim&x=1", "http://cam/video?user=a&password=…&x=1"),
        ("http://cam/?access_token=geheim", "http://cam/?access_token=…"),
        ("refused: 'rtsp://a:geheim@cam/x'", "refused: 'rtsp://cam/x'"),
        ("films/one.mp4", "films/one.mp4"),
    ],
)
def test_shown_addresses_hold_no_secret(address: str, wanted: str) -> None:
    assert shown(address) == wanted
    assert "geheim" not in shown(address) and "heim" not in shown(address).replace("cam", "")


def test_files_are_no_addresses() -> None:
    assert is_address("rtsp://x/y") and is_address("HTTP://x")
    assert not is_address("/dev/video0") and not is_address("film.mp4")
