"""Films that browsers cannot play come as copies that they can, made once as a job."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import av
import httpx
import numpy as np
import pytest
from PIL import Image

from personae.adapters.clips.playable import browser_type
from tests.web.serving import Served
from tests.web.test_rest import over

FRAMES = 30


def film(path: Path, codec: str, pixels: str = "yuv420p") -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 120, pixels
        for number in range(FRAMES):
            picture = np.full((120, 160, 3), number * 8, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


@pytest.mark.parametrize(
    ("name", "codec", "pixels", "kind"),
    [
        ("a.mp4", "libx264", "yuv420p", "video/mp4"),
        ("a.webm", "libvpx-vp9", "yuv420p", "video/webm"),
        ("a.mp4", "libx264", "yuv444p", None),
        ("a.mkv", "libx264", "yuv420p", None),
        ("a.avi", "mpeg4", "yuv420p", None),
        ("a.mp4", "mpeg4", "yuv420p", None),
    ],
)
def test_what_browsers_play(
    tmp_path: Path, name: str, codec: str, pixels: str, kind: str | None
) -> None:
    assert browser_type(film(tmp_path / name, codec, pixels)) == kind


def test_a_copy_is_made_once(empty_server: Served, tmp_path: Path) -> None:
    old = film(tmp_path / "old.avi", "mpeg4")
    photo = BytesIO()
    Image.new("RGB", (80, 60), (9, 99, 9)).save(photo, "TIFF")
    with httpx.Client(base_url=f"{empty_server.url}/api/v1", timeout=60) as client:
        files = [("file", ("old.avi", old.read_bytes())), ("file", ("x.tif", photo.getvalue()))]
        jobs = client.post("/media", files=files).json()["jobs"]
        numbers = [over(client, job["id"])["media"][0] for job in jobs]  # type: ignore[index]
        address = f"/media/{numbers[0]}/file"
        first = client.get(address)
        assert (first.status_code, first.json()["kind"]) == (202, "playable")
        assert over(client, first.json()["id"])["state"] == "done"
        copy = client.get(address, headers={"Range": "bytes=0-"})
        assert (copy.status_code, copy.headers["content-type"]) == (206, "video/mp4")
        with av.open(BytesIO(copy.content)) as container:
            [stream] = container.streams.video
            assert stream.codec_context.name == "h264"
            assert sum(1 for _ in container.decode(stream)) == FRAMES
        assert client.get(address, params={"original": True}).content == old.read_bytes()
        made = client.get("/jobs", params={"kind": "playable"}).json()
        assert made["total"] == 1
        shown = client.get(f"/media/{numbers[1]}/file")
        assert shown.headers["content-type"] == "image/jpeg"
