"""The REST API on the demo library: the same answers as the library gives, and undo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO

import av
import httpx
import pytest
from PIL import Image

import personae
from tests.system.command import answer
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served

API = "/api/v1"


@pytest.fixture
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server + API, timeout=60) as one:
        yield one


@pytest.fixture
def writer(fresh_server: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=fresh_server.url + API, timeout=60) as one:
        yield one


def everything(client: httpx.Client, address: str, limit: int) -> list[dict[str, object]]:
    """All entries of a list, page by page."""
    found: list[dict[str, object]] = []
    cursor = None
    while True:
        query = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = client.get(address, params=query).raise_for_status().json()
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            assert len(found) == page["total"]
            return found


def person(client: httpx.Client, name: str) -> int:
    items = client.get("/people", params={"q": name}).json()["items"]
    assert len(items) == 1, items
    return int(items[0]["id"])


def film(client: httpx.Client) -> int:
    [only] = client.get("/media", params={"kind": "film"}).json()["items"]
    return int(only["id"])


def test_people_are_those_of_the_library(client: httpx.Client, demo_library: DemoLibrary) -> None:
    with personae.open(demo_library.folder, create=False) as library:
        known = [(p.id, p.name, p.gender, round(p.seconds, 4)) for p in library.people()]
    told = everything(client, "/people", 2)
    assert [(p["id"], p["name"], p["gender"], p["seconds"]) for p in told] == known
    assert len(known) >= 3


@pytest.mark.parametrize("address", ["/media", "/sightings", "/intervals", "/people"])
def test_pages_join_to_the_whole_list(client: httpx.Client, address: str) -> None:
    whole = client.get(address, params={"limit": 500}).json()["items"]
    assert len(whole) > 2
    assert everything(client, address, 2) == whole


def test_a_cursor_of_nobody_is_refused(client: httpx.Client) -> None:
    for cursor in ("x", "W10", "eyJhIjoxfQ", "%00"):
        answered = client.get("/people", params={"cursor": cursor})
        assert (answered.status_code, answered.json()["code"]) == (422, "P703"), cursor


def test_intervals_are_those_of_the_library(
    client: httpx.Client, demo_library: DemoLibrary
) -> None:
    name = "Eileen Collins"
    told = client.get("/intervals", params={"person": person(client, name)}).json()["items"]
    films = [(one["start"], one["end"]) for one in told if one["end"] > 0]
    with personae.open(demo_library.folder, create=False) as library:
        known = [(i.start, i.end) for i in library.appearances(name) if i.end > i.start]
    assert films == [(round(a, 4), round(b, 4)) for a, b in known]
    late = client.get("/intervals", params={"person": person(client, name), "start": 4}).json()
    assert [one["start"] for one in late["items"]] == [a for a, b in films if b >= 4]


def test_a_sighting_says_where_it_was(client: httpx.Client) -> None:
    found = client.get("/sightings", params={"media": film(client), "kind": "face"}).json()["items"]
    assert found
    for one in found:
        path = client.get(f"/sightings/{one['id']}/path").json()
        assert path["sighting"] == one == client.get(f"/sightings/{one['id']}").json()
        assert len(path["times"]) == len(path["boxes"]) > 0
        assert one["start"] <= path["times"][0] <= path["times"][-1] <= one["end"]
        assert all(x1 < x2 and y1 < y2 for x1, y1, x2, y2 in path["boxes"])


def test_pictures_are_pictures(client: httpx.Client) -> None:
    number = film(client)
    [face, *_] = client.get("/sightings", params={"kind": "face"}).json()["items"]
    for address, height in (
        (f"/people/{person(client, 'Joe Biden')}/crop", None),
        (f"/sightings/{face['id']}/crop", None),
        (f"/media/{number}/thumbnail?t=3&height=90", 90),
        (f"/media/{number}/thumbnail?t=99999&height=90", 90),
    ):
        answered = client.get(address)
        assert answered.headers["content-type"] == "image/jpeg", address
        with Image.open(BytesIO(answered.content)) as image:
            assert image.format == "JPEG"
            assert height in (None, image.height), address


def test_two_moments_of_a_film_are_two_pictures(client: httpx.Client) -> None:
    one, two = (client.get(f"/media/{film(client)}/thumbnail?t={t}").content for t in (1.5, 7))
    assert one != two


def test_films_come_in_parts(client: httpx.Client, demo_library: DemoLibrary) -> None:
    whole = demo_library.film.read_bytes()
    address = f"/media/{film(client)}/file"
    part = client.get(address, headers={"Range": "bytes=1000-1999"})
    assert part.status_code == 206
    assert part.content == whole[1000:2000]
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(whole)}"
    assert client.get(address).content == whole
    assert client.get(address, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


def test_a_clip_has_the_frames_asked_for(client: httpx.Client) -> None:
    asked = {"media": film(client), "start": 2.0, "end": 3.0}
    clip = client.get("/clips", params=asked)
    assert clip.headers["content-type"] == "video/mp4"
    with av.open(BytesIO(clip.content)) as container:
        assert abs(float(container.duration or 0) / 1e6 - 1.0) < 0.1
    for wrong in ({"end": 2.0}, {"end": 9999}, {"media": 10**6}):
        assert client.get("/clips", params={**asked, **wrong}).status_code in (404, 422), wrong


def test_search_finds_who_is_in_the_photo(client: httpx.Client, demo_library: DemoLibrary) -> None:
    photo = (demo_library.stills / "obama-podium.jpg").read_bytes()
    found = client.post("/search", files={"image": ("x", photo)}).json()
    assert len(found["faces"]) == 1
    assert found["matches"][0]["name"] == "Barack Obama"
    assert found["total"] == len(found["matches"]) > 1
    assert found["expected_false_matches"] == pytest.approx(1e-4 * found["comparisons"])
    only = client.post(
        "/search", files={"image": ("x", photo)}, params={"media": film(client), "limit": 1}
    ).json()
    assert [one["media"] for one in only["matches"]] == [film(client)]
    assert only["total"] >= 1


def test_one_face_of_several_is_chosen(client: httpx.Client, demo_library: DemoLibrary) -> None:
    photo = (demo_library.stills / "two-people.jpg").read_bytes()
    unsaid = client.post("/search", files={"image": ("x", photo)})
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "P102")
    faces = client.post("/search/faces", files={"image": ("x", photo)}).json()["faces"]
    assert [one["number"] for one in faces] == [1, 2]
    assert all(one["crop"].startswith("data:image/jpeg;base64,") for one in faces)
    names = [
        client.post("/search", files={"image": ("x", photo)}, params={"face": n}).json()
        for n in (1, 2)
    ]
    assert [one["matches"][0]["name"] for one in names] == ["Joe Biden", "Barack Obama"]


def test_a_threshold_is_a_cosine(client: httpx.Client, demo_library: DemoLibrary) -> None:
    photo = (demo_library.stills / "obama-podium.jpg").read_bytes()
    files = {"image": ("x", photo)}
    loose = client.post("/search", files=files, params={"threshold": -1, "limit": 1000}).json()
    strict = client.post("/search", files=files, params={"threshold": 0.9}).json()
    assert all(one["score"] >= 0.9 for one in strict["matches"])
    assert strict["total"] < loose["total"]


@pytest.mark.parametrize("by", ["person", "gender"])
def test_screen_time_is_that_of_the_command(
    client: httpx.Client, demo_library: DemoLibrary, by: str
) -> None:
    told = client.get("/reports/screen-time", params={"by": by}).json()
    words = ("report", "screen-time", "--by", by, "--library", demo_library.folder)
    assert told == answer(*words, cwd=demo_library.folder)


@pytest.mark.parametrize("report", ["screen-time", "presence", "together", "crowd"])
@pytest.mark.parametrize(
    ("form", "kind", "begins"),
    [
        ("json", "application/json", b"{"),
        ("csv", "text/csv", b""),
        ("html", "text/html", b"<!"),
        ("png", "image/png", b"\x89PNG"),
        ("svg", "image/svg+xml", b"<?xml"),
    ],
)
def test_reports_come_in_every_form(
    client: httpx.Client, report: str, form: str, kind: str, begins: bytes
) -> None:
    answered = client.get(f"/reports/{report}", params={"format": form})
    assert answered.status_code == 200, answered.text
    assert answered.headers["content-type"].startswith(kind)
    assert answered.content.startswith(begins) and answered.content


def test_a_name_is_given_and_taken_back(writer: httpx.Client) -> None:
    number = person(writer, "Joe Biden")
    named = writer.post(f"/people/{number}/name", json={"name": "  Joseph  R. "}).json()
    assert named["name"] == "Joseph R."
    assert writer.get(f"/people/{number}").json() == named
    act = writer.post("/people/undo").json()
    assert (act["verb"], act["undone"]) == ("name", True)
    assert writer.get(f"/people/{number}").json()["name"] == "Joe Biden"


def test_two_people_are_merged_and_parted_again(writer: httpx.Client) -> None:
    one, two = person(writer, "Joe Biden"), person(writer, "Barack Obama")
    before = [writer.get(f"/people/{who}").json() for who in (one, two)]
    merged = writer.post(f"/people/{one}/merge", json={"others": [two]}).json()
    assert merged["sightings"] == before[0]["sightings"] + before[1]["sightings"]
    assert writer.get(f"/people/{two}").status_code == 404
    writer.post("/people/undo").raise_for_status()
    assert [writer.get(f"/people/{who}").json() for who in (one, two)] == before
    assert writer.post(f"/people/{one}/not-same", json={"other": two}).status_code == 200
    verbs = [act["verb"] for act in writer.get("/people/history").json()["acts"]]
    assert verbs[:2] == ["not-same", "merge"]


def test_wrong_faces_are_split_off_and_people_hidden(writer: httpx.Client) -> None:
    number = person(writer, "Barack Obama")
    faces = writer.get("/sightings", params={"person": number, "kind": "face"}).json()["items"]
    wrong = [one["id"] for one in faces[:2]]
    asked = {"sightings": wrong, "name": "Somebody Else"}
    new = writer.post(f"/people/{number}/split", json=asked).json()
    assert (new["sightings"], new["name"]) == (2, "Somebody Else")
    assert writer.post(f"/people/{new['id']}/hide", json={}).json()["kind"] == "hidden"
    shown = {p["id"] for p in writer.get("/people").json()["items"]}
    every = {p["id"] for p in writer.get("/people", params={"hidden": True}).json()["items"]}
    assert every - shown == {new["id"]}


def test_tags_and_gender_are_what_a_person_says(writer: httpx.Client) -> None:
    number = person(writer, "Eileen Collins")
    tagged = writer.post(f"/people/{number}/tag", json={"gender": "Woman", "tags": ["pilot"]})
    assert (tagged.json()["gender"], tagged.json()["tags"]) == ("Woman", ["pilot"])


def test_a_number_is_never_taken_for_a_name(writer: httpx.Client) -> None:
    one, two = person(writer, "Joe Biden"), person(writer, "Barack Obama")
    writer.post(f"/people/{one}/name", json={"name": f"#{two}"}).raise_for_status()
    named = writer.post(f"/people/{two}/name", json={"name": "Right"}).raise_for_status().json()
    assert named["id"] == two


def test_the_same_key_acts_once(writer: httpx.Client) -> None:
    number = person(writer, "Joe Biden")
    address, key = f"/people/{number}/name", {"Idempotency-Key": "a"}
    first = writer.post(address, json={"name": "Once"}, headers=key)
    acts = len(writer.get("/people/history").json()["acts"])
    again = writer.post(address, json={"name": "Once"}, headers=key)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert len(writer.get("/people/history").json()["acts"]) == acts
    other = writer.post(address, json={"name": "Twice"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "P706")
    fresh = writer.post(address, json={"name": "Twice"}, headers={"Idempotency-Key": "b"})
    assert fresh.json()["name"] == "Twice"


def test_what_was_refused_may_be_tried_again_with_the_same_key(writer: httpx.Client) -> None:
    number, key = person(writer, "Joe Biden"), {"Idempotency-Key": "c"}
    address = f"/people/{number}/merge"
    refused = writer.post(address, json={"others": [10**9]}, headers=key)
    assert refused.status_code == 404
    other = person(writer, "Barack Obama")
    assert writer.post(address, json={"others": [other]}, headers=key).status_code == 200


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/people/1/name", {"name": ""}),
        ("/people/1/name", {"name": "x", "more": 1}),
        ("/people/1/hide", {"hidden": 1}),
        ("/people/1/merge", {"others": []}),
        ("/people/1/merge", {"others": ["2"]}),
        ("/exports", {"format": "exe"}),
        ("/clips", {"person": 1, "handles": -1}),
        ("/media/by-address", {"address": "file:///etc/passwd"}),
    ],
)
def test_what_is_not_described_is_refused(
    client: httpx.Client, address: str, body: dict[str, object]
) -> None:
    answered = client.post(address, json=body)
    assert (answered.status_code, answered.json()["code"]) == (422, "P703"), answered.text
    assert answered.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("form", "suffix"), [("otio", "otio"), ("edl", "zip"), ("csv", "csv"), ("vtt", "vtt")]
)
def test_exports_are_made_as_jobs(client: httpx.Client, form: str, suffix: str) -> None:
    job = client.post("/exports", json={"format": form}).raise_for_status().json()
    told = over(client, job["id"])
    assert (told["state"], told["progress"], told["error"]) == ("done", 1.0, None)
    file = client.get(f"/jobs/{job['id']}/file")
    assert file.status_code == 200 and file.content
    assert file.headers["content-disposition"].endswith(f'.{suffix}"')


def test_a_supercut_is_made_as_a_job(client: httpx.Client) -> None:
    number = person(client, "Eileen Collins")
    job = client.post("/supercuts", json={"person": number}).raise_for_status().json()
    assert over(client, job["id"])["state"] == "done"
    file = client.get(f"/jobs/{job['id']}/file")
    assert file.headers["content-type"] == "video/mp4"
    seconds = client.get(f"/people/{number}").json()["seconds"]
    with av.open(BytesIO(file.content)) as container:
        assert abs(float(container.duration or 0) / 1e6 - seconds) < 0.3


def test_what_is_over_is_neither_cancelled_nor_tried_again(client: httpx.Client) -> None:
    job = client.post("/exports", json={"format": "csv"}).json()["id"]
    over(client, job)
    for verb in ("cancel", "retry"):
        assert client.post(f"/jobs/{job}/{verb}").json()["code"] == "P706"
    assert client.get(f"/jobs/{'0' * 32}").json()["code"] == "P701"


def test_a_medium_is_forgotten_and_its_own_file_left_alone(
    writer: httpx.Client, demo_library: DemoLibrary
) -> None:
    number = film(writer)
    assert writer.delete(f"/media/{number}").status_code == 204
    assert writer.get(f"/media/{number}").status_code == 404
    assert demo_library.film.is_file()
    left = writer.get("/intervals").json()["items"]
    assert left and all(one["media"] != number for one in left)


def over(client: httpx.Client, job: str) -> dict[str, object]:
    """The job when it is over, as its events tell."""
    with client.stream("GET", f"/jobs/{job}/events") as events:
        told = [json.loads(line[6:]) for line in events.iter_lines() if line.startswith("data: ")]
    assert told, "no event came"
    assert told[-1] == client.get(f"/jobs/{job}").json()
    return dict(told[-1])
