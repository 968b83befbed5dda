"""Films are fetched from a site on this machine: once, whole, one after another."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from email.utils import formatdate
from ipaddress import ip_address
from pathlib import Path

import pytest

from personae.adapters.web_media.fetch import Fetched, Fetcher
from personae.adapters.web_media.options import WebSettings
from personae.core.origin import Subtitle
from tests.media.films import Recipe, film
from tests.media.site import Site, serving

QUICK = WebSettings(retries=3, timeout_s=5)
PUBLISHED = 1_704_189_600


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving() as made:
        yield made


@pytest.fixture(scope="session")
def mp4(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return film(tmp_path_factory.mktemp("film") / "a.mp4", Recipe()).read_bytes()


@pytest.fixture(scope="session")
def ts(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    recipe = Recipe(format="mpegts")
    return film(tmp_path_factory.mktemp("film") / "a.ts", recipe).read_bytes()


def fetch(folder: Path, address: str, settings: WebSettings = QUICK) -> list[Fetched]:
    """As a command of its own would: what is known is read from the folder."""
    return list(Fetcher(folder, settings).fetch(address))


def only(folder: Path, address: str, settings: WebSettings = QUICK) -> Fetched:
    [found] = fetch(folder, address, settings)
    return found


def code(found: Fetched) -> str:
    assert found.error is not None and found.download is None, found
    return found.error.code


def page(title: str, *films: str, more: str = "") -> str:
    shown = "".join(f'<video src="{src}">{more}</video>' for src in films)
    return f"<html><head><title>{title}</title></head><body>{shown}</body></html>"


def feed(*items: tuple[str, str]) -> bytes:
    listed = "".join(
        f"<item><title>{title}</title><enclosure url='{url}' type='video/mp4'/>"
        f"<pubDate>{formatdate(PUBLISHED)}</pubDate></item>"
        for title, url in items
    )
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>All of them</title>'
    return f"{head}{listed}</channel></rss>".encode()


def test_a_film_is_fetched_whole_and_only_once(site: Site, mp4: bytes, tmp_path: Path) -> None:
    address = site.film("/films/one.mp4", mp4)
    found = only(tmp_path, address)
    assert found.fresh and found.download is not None
    assert found.download.file.parent == tmp_path and found.download.file.read_bytes() == mp4
    asked = len(site.asked)
    again = only(tmp_path, address)
    assert again.download == found.download and not again.fresh
    assert len(site.asked) == asked, "the site was not asked again"
    found.download.file.unlink()
    assert only(tmp_path, address).fresh, "what is gone is fetched again"


def test_a_page_gives_its_film_title_and_subtitles(site: Site, mp4: bytes, tmp_path: Path) -> None:
    site.film("/one.mp4", mp4)
    site.pages["/one.vtt"] = ("text/vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n")
    tracks = (
        '<track kind="subtitles" srclang="en" src="/one.vtt">'
        '<track kind="subtitles" srclang="de" src="/gone.vtt">'
    )
    address = site.page("/page.html", page("A/../../day", "/one.mp4", more=tracks))
    found = only(tmp_path, address).download
    assert found is not None and found.file.read_bytes() == mp4
    assert found.origin.title.startswith("A/../../day") and found.origin.url == address
    assert found.file.parent == tmp_path, "a title leads nowhere else"
    name = f"{found.file.stem}.en.vtt"
    assert found.origin.subtitles == (Subtitle("en", name),), "one that is gone costs no film"
    assert "hello" in (tmp_path / name).read_text()
    [beside] = tmp_path.glob("*.origin.json")
    said = json.loads(beside.read_text())
    assert said["title"] == found.origin.title and said["url"] == address
    assert said["file"] == found.file.name and said["subtitles"][0]["language"] == "en"
    none = WebSettings(subtitles="")
    [without] = Fetcher(tmp_path / "none", none).fetch(address)
    assert without.download is not None and without.download.origin.subtitles == ()


def test_a_connection_that_breaks_is_taken_up_where_it_broke(site: Site, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1200
    address = site.film("/long.mp4", content)
    site.cuts["/long.mp4"] = [100_000, 50_000]
    found = only(tmp_path, address)
    assert found.download is not None and found.download.file.read_bytes() == content
    # The first look, the fetch, and twice the rest
    assert site.ranges("/long.mp4")[2:] == ["bytes=100000-", "bytes=150000-"]


def test_the_next_call_goes_on_where_the_last_one_stopped(site: Site, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1200
    address = site.film("/long.mp4", content)
    site.cuts["/long.mp4"] = [100_000]
    assert code(only(tmp_path, address, WebSettings(retries=0))) == "P223"
    assert not list(tmp_path.glob("*.origin.json")) and len(list(tmp_path.glob("*.part"))) == 1
    before = len(site.asked)
    found = only(tmp_path, address)
    assert found.download is not None and found.download.file.read_bytes() == content
    assert [a.range for a in site.asked[before:]] == [None, "bytes=100000-"]
    assert not list(tmp_path.glob("*.part"))


def test_one_bad_film_of_a_playlist_stops_no_other(site: Site, mp4: bytes, tmp_path: Path) -> None:
    one, two = site.film("/one.mp4", mp4), site.film("/two.mp4", mp4 + b"\0" * 100)
    listed = feed(("First", one), ("Gone", f"{site.address}/gone.mp4"), ("Second", two))
    site.pages["/feed.xml"] = ("application/rss+xml", listed)
    first, gone, second = fetch(tmp_path, f"{site.address}/feed.xml")
    assert code(gone) == "P222" and gone.address == f"{site.address}/gone.mp4"
    assert first.download is not None and second.download is not None
    assert [d.origin.title for d in (first.download, second.download)] == ["First", "Second"]
    assert first.download.origin.published_at == PUBLISHED * 1000
    before = len(site.asked)
    again = fetch(tmp_path, f"{site.address}/feed.xml")
    assert [each.fresh for each in again] == [False] * 3
    assert {a.path for a in site.asked[before:]} == {"/feed.xml", "/gone.mp4"}
    chosen = fetch(tmp_path / "some", f"{site.address}/feed.xml", WebSettings(playlist_items="3,1"))
    assert [f.download.origin.title for f in chosen if f.download] == ["Second", "First"]


def test_every_film_of_a_page_is_one(site: Site, mp4: bytes, tmp_path: Path) -> None:
    site.film("/one.mp4", mp4)
    site.film("/two.mp4", mp4 + b"\0" * 100)
    address = site.page("/both.html", page("Both", "/one.mp4", "/gone.mp4", "/two.mp4"))
    one, gone, two = fetch(tmp_path, address)
    assert code(gone) == "P222" and one.download is not None and two.download is not None
    assert two.download.file.stat().st_size == len(mp4) + 100
    before = len(site.asked)
    assert [each.fresh for each in fetch(tmp_path, address)] == [False] * 3
    assert "/one.mp4" not in {a.path for a in site.asked[before:]}


def test_the_same_name_on_two_pages_is_two_films(site: Site, mp4: bytes, tmp_path: Path) -> None:
    first = only(tmp_path, site.film("/a/film.mp4", mp4)).download
    second = only(tmp_path, site.film("/b/film.mp4", mp4 + b"\0")).download
    assert first is not None and second is not None and first.file != second.file
    for folder in "ab":
        site.film(f"/{folder}/inner.mp4", mp4 + folder.encode())
        address = site.page(f"/{folder}/page.html", page("Page", f"/{folder}/inner.mp4"))
        inner = only(tmp_path, address).download
        assert inner is not None and inner.file.read_bytes().endswith(folder.encode())


HLS = "#EXTM3U\n#EXT-X-VERSION:5\n#EXT-X-TARGETDURATION:2\n{key}#EXT-X-MEDIA-SEQUENCE:0\n"
PIECE = "#EXTINF:2.0,\n{name}\n"
M3U8 = "application/vnd.apple.mpegurl"


def test_a_stream_in_pieces_is_one_film(site: Site, ts: bytes, tmp_path: Path) -> None:
    site.film("/hls/a.ts", ts, "video/mp2t")
    site.film("/hls/b.ts", ts, "video/mp2t")
    pieces = PIECE.format(name="a.ts") + PIECE.format(name="b.ts") + "#EXT-X-ENDLIST\n"
    site.pages["/hls/list.m3u8"] = (M3U8, (HLS.format(key="") + pieces).encode())
    found = only(tmp_path, f"{site.address}/hls/list.m3u8").download
    assert found is not None and found.file.read_bytes() == ts + ts
    del site.pages["/hls/b.ts"]
    part = only(tmp_path / "other", f"{site.address}/hls/list.m3u8", WebSettings(retries=0))
    assert code(part) == "P222", "a film without its second half is no film"


def test_a_protected_film_is_left_alone(site: Site, ts: bytes, tmp_path: Path) -> None:
    site.film("/hls/a.ts", ts, "video/mp2t")
    key = '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://x",KEYFORMAT="com.apple.streamingkeydelivery"\n'
    pieces = HLS.format(key=key) + PIECE.format(name="a.ts") + "#EXT-X-ENDLIST\n"
    site.pages["/hls/drm.m3u8"] = (M3U8, pieces.encode())
    assert code(only(tmp_path, f"{site.address}/hls/drm.m3u8")) == "P225"
    assert "/hls/a.ts" not in {a.path for a in site.asked}


def test_no_other_program_is_started(
    site: Site, ts: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streams that yt-dlp would hand to FFmpeg are refused, though there is one to be found."""
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho started >> {tmp_path}/started\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    site.film("/hls/a.ts", ts, "video/mp2t")
    key = f'#EXT-X-KEY:METHOD=SAMPLE-AES,URI="{site.address}/key"\n'
    pieces = HLS.format(key=key) + PIECE.format(name="a.ts") + "#EXT-X-ENDLIST\n"
    site.pages["/hls/odd.m3u8"] = (M3U8, pieces.encode())
    assert code(only(tmp_path / "films", f"{site.address}/hls/odd.m3u8")).startswith("P22")
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/gone", "P222"),
        ("/410", "P222"),
        ("/403", "P225"),
        ("/401", "P225"),
        ("/500", "P223"),
        ("/loop", "P223"),
        ("/elsewhere", "P221"),
        ("/text.html", "P224"),
    ],
)
def test_what_a_site_answers_has_a_code(path: str, wanted: str, site: Site, tmp_path: Path) -> None:
    site.statuses |= {"/410": 410, "/403": 403, "/401": 401, "/500": 500}
    site.redirects |= {"/loop": "/loop", "/elsewhere": "ftp://127.0.0.1/x.mp4"}
    site.page("/text.html", page("Nothing here"))
    found = only(tmp_path, site.address + path)
    assert code(found) == wanted, found.error
    assert found.error is not None and "please report" not in found.error.message


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("ftp://127.0.0.1/x.mp4", "P221"),
        ("file:///etc/passwd", "P221"),
        ("http://", "P221"),
        ("http://[::1/x", "P221"),
        ("http://127.0.0.1:1/x.mp4", "P223"),
    ],
)
def test_what_is_no_address_has_a_code(address: str, wanted: str, tmp_path: Path) -> None:
    assert code(only(tmp_path, address)) == wanted


def test_what_is_too_large_is_not_kept(site: Site, tmp_path: Path) -> None:
    address = site.film("/large.mp4", b"\0" * 300_000)
    assert code(only(tmp_path, address, WebSettings(max_gigabytes=0.0002))) == "P226"
    assert list(tmp_path.iterdir()) == []
    assert only(tmp_path, address, WebSettings(max_gigabytes=0.0004)).download is not None


def test_a_public_page_does_not_lead_into_a_private_network(
    site: Site, mp4: bytes, tmp_path: Path
) -> None:
    """127.0.0.2 stands for the neighbour, 127.0.0.1 for the public web."""
    with serving("127.0.0.2") as neighbour:
        secret = neighbour.film("/secret.mp4", mp4)
        site.redirects["/jump"] = secret
        site.film("/fine.mp4", mp4)
        inside = site.page("/page.html", page("Page", secret, "/fine.mp4"))
        inner = neighbour.address.rpartition(":")[0].rpartition("/")[2]

        def fetched(address: str) -> list[Fetched]:
            private = Fetcher(tmp_path, QUICK, private=lambda found: found == ip_address(inner))
            return list(private.fetch(address))

        [jumped] = fetched(f"{site.address}/jump")
        hidden, fine = fetched(inside)
        assert code(jumped) == code(hidden) == "P221" and fine.download is not None
        assert neighbour.asked == [], "not a byte was sent there"
        [meant] = fetched(secret)
        assert meant.download is not None, "whoever types the neighbour's address means it"


def test_no_cookie_is_kept_from_one_address_to_the_next(site: Site, tmp_path: Path) -> None:
    for name in ("one", "two"):
        only(tmp_path, site.film(f"/{name}.mp4", name.encode() * 1000))
    first = next(a.cookie for a in site.asked if a.path == "/two.mp4")
    assert first is None and len(site.asked) >= 4


def test_the_password_of_an_address_is_written_nowhere(
    site: Site, mp4: bytes, tmp_path: Path
) -> None:
    site.film("/one.mp4", mp4)
    secret = site.address.replace("://", "://ann:s3cret@")
    found = [*fetch(tmp_path, f"{secret}/one.mp4"), *fetch(tmp_path, f"{secret}/gone.mp4")]
    assert [f.error is None for f in found] == [True, False]
    assert "s3cret" not in repr(found) + "".join(
        path.name + path.read_text(errors="ignore") for path in tmp_path.iterdir()
    )
