"""Signing in: in Chromium and by REST, with the cookies and headers that keep it safe."""

from __future__ import annotations

import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from personae.web.auth.access import COOKIE
from personae.web.auth.throttle import PAIR
from tests.chromium import chromium
from tests.web.access import PASSWORD, Guarded, guarded, with_users
from tests.web.access_table import PAGES, rows
from tests.web.conftest import DemoLibrary


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded") / "library"
    with_users(folder)
    with guarded(folder, "--behind-proxy") as one:
        yield one


@pytest.fixture
def client(served: Guarded) -> Iterator[httpx.Client]:
    """A browser that keeps cookies, behind a proxy that speaks TLS."""
    headers = {"origin": served.url}
    with httpx.Client(base_url=served.url, headers=headers, trust_env=False) as one:
        yield one


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            yield browser.new_page()
        finally:
            browser.close()


def sign_in(client: httpx.Client, name: str, **headers: str) -> httpx.Response:
    asked = {"name": name, "password": PASSWORD}
    return client.post("/api/v1/session", json=asked, headers=headers)


def test_the_cookie_is_for_the_server_alone(client: httpx.Client) -> None:
    plain = sign_in(client, "viewer").headers["set-cookie"]
    parts = {part.strip().casefold() for part in plain.split(";")[1:]}
    assert plain.startswith(f"{COOKIE}=")
    assert {"httponly", "samesite=lax", "path=/", "max-age=604800"} <= parts
    assert "secure" not in parts and not any(part.startswith("domain") for part in parts)
    over_tls = sign_in(client, "viewer", **{"x-forwarded-proto": "https"})
    assert "Secure" in over_tls.headers["set-cookie"]
    assert over_tls.headers["strict-transport-security"] == "max-age=31536000"


def test_a_session_from_sign_in_to_sign_out(client: httpx.Client) -> None:
    assert client.get("/api/v1/session").status_code == 401
    assert sign_in(client, "EDITOR").json() == {
        "name": "editor", "role": "editor", "how": "session"
    }  # fmt: skip
    key = client.cookies[COOKIE]
    assert client.get("/api/v1/session").json()["role"] == "editor"
    assert client.delete("/api/v1/session").status_code == 204
    assert COOKIE not in client.cookies
    stolen = client.get("/api/v1/session", headers={"cookie": f"{COOKIE}={key}"})
    assert (stolen.status_code, stolen.json()["code"]) == (401, "P801")


def test_another_site_gets_nowhere_with_the_cookie(client: httpx.Client) -> None:
    sign_in(client, "admin")
    for elsewhere in ("https://evil.example", "null", "http://127.0.0.1:1"):
        answer = client.post("/api/v1/people/undo", headers={"origin": elsewhere})
        assert (answer.status_code, answer.json()["code"]) == (403, "P804")
        answer = client.post("/login", data={"name": "x"}, headers={"origin": elsewhere})
        assert answer.status_code == 403, "a site could sign somebody in as another"
    answer = client.get("/api/v1/session", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_token_needs_no_origin_and_makes_no_tokens(served: Guarded) -> None:
    headers = {"authorization": f"Bearer {served.token('admin')}"}
    with httpx.Client(base_url=served.url, headers=headers, trust_env=False) as program:
        assert program.get("/api/v1/session").json()["how"] == "token"
        made = program.post("/api/v1/users/admin/tokens", json={"label": "more"})
        assert (made.status_code, made.json()["code"]) == (403, "P803")
        undone = program.post("/api/v1/people/undo")
        assert undone.json()["code"] == "P105"


def test_wrong_passwords_have_to_wait(client: httpx.Client, served: Guarded) -> None:
    asked = {"name": "nobody.at.all", "password": "wrong wrong wrong"}
    said = [client.post("/api/v1/session", json=asked) for _ in range(PAIR.free + 1)]
    assert [one.status_code for one in said] == [401] * PAIR.free + [429]
    assert int(said[-1].headers["retry-after"]) >= 1
    assert said[-1].json()["code"] == "P806"
    page = client.post("/login", data=asked)
    assert page.status_code == 429 and "try again in" in page.text
    assert sign_in(client, "viewer").status_code == 200


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_sign_in_leads_nowhere_else(client: httpx.Client, address: str) -> None:
    asked = {"name": "viewer", "password": PASSWORD, "next": address}
    answer = client.post("/login", data=asked)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_what_is_asked_for_comes_after_sign_in(client: httpx.Client) -> None:
    sent = client.get("/people?sort=name&q=%C3%A4", headers={"accept": "text/html"})
    assert sent.status_code == 303
    form = client.get(sent.headers["location"]).text
    wanted = re.search(r'name="next" value="([^"]*)"', form)
    assert wanted is not None and wanted[1] == "/people?sort=name&amp;q=%C3%A4"
    hostile = client.get('/login?next="><script>alert(1)</script>').text
    assert "<script" not in hostile


def test_headers_of_every_answer(client: httpx.Client) -> None:
    sign_in(client, "viewer")
    ids = set()
    for path in ("/people", "/login", "/api/v1/people", "/api/v1/nothing", "/assets/frame.js"):
        answer = client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "http:" not in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        ids.add(answer.headers["x-request-id"])
    assert len(ids) == 5
    assert client.get("/people").headers["cache-control"] == "no-store"
    mine = client.get("/api/v1/people", headers={"x-request-id": "trace-4711.a"})
    assert mine.headers["x-request-id"] == "trace-4711.a"
    forged = client.get("/api/v1/people", headers={"x-request-id": "<script>alert(1)</script>"})
    assert re.fullmatch("[0-9a-f]{16}", forged.headers["x-request-id"])


def test_only_marked_scripts_run_and_marks_are_never_the_same(client: httpx.Client) -> None:
    sign_in(client, "viewer")
    marks = set()
    for _ in range(3):
        answer = client.get("/people", headers={"x-forwarded-prefix": "/evil"})
        found = re.search(r"'nonce-([\w-]{22})'", answer.headers["content-security-policy"])
        assert found is not None
        policy = answer.headers["content-security-policy"]
        assert "'unsafe-inline'" not in policy.partition("style-src")[0]
        marks.add(found[1])
        tags = re.findall(r"<script\b[^>]*>", answer.text)
        assert len(tags) > 5 and all(f'nonce="{found[1]}"' in tag for tag in tags)
        assert "/evil" not in answer.text
    assert len(marks) == 3


def test_no_method_and_no_address_are_told_apart(client: httpx.Client) -> None:
    sign_in(client, "viewer")
    gone = client.get("/api/v2/people")
    assert (gone.status_code, gone.json()["code"]) == (404, "P701")
    wrong = client.patch("/api/v1/version")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "P702")
    assert wrong.headers["allow"] == "GET"
    bad = client.get("/api/v1/people", params={"limit": "many"})
    assert (bad.status_code, bad.json()["code"]) == (422, "P703")
    assert bad.json()["errors"][0]["where"] == ["query", "limit"]
    assert all(one.headers["content-type"] == "application/problem+json" for one in (gone, wrong))
    secret = client.post("/api/v1/session", json={"name": "x" * 99, "password": "hush hush"})
    assert secret.status_code == 422 and "hush" not in secret.text


def test_pages_work_under_the_policy_and_ask_nobody_else(served: Guarded, page: Page) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served.url + "/people")
    page.fill("input[name=name]", "editor")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_event("websocket") as socket:
        page.click("button")
    assert socket.value.url.startswith(served.url.replace("http", "ws", 1))
    page.wait_for_selector("h1")
    assert page.url == served.url + "/people"
    for _, method, route in rows(PAGES):
        if method == "GET" and "{" not in route and route not in ("/login", "/people"):
            with page.expect_event("websocket"):
                page.goto(served.url + route)
            page.wait_for_selector("h1")
            page.wait_for_timeout(300)
    assert said == []
    outside = [url for url in asked if not url.startswith((served.url, "data:", "blob:"))]
    assert outside == [] and len(asked) > 20
    assert page.evaluate("document.cookie") == ""
    page.click("text=Sign out editor")
    page.wait_for_url(served.url + "/login")
    page.goto(served.url + "/people")
    assert "/login?next=" in page.url


def test_a_viewer_sees_what_there_is(demo_library: DemoLibrary, page: Page, tmp_path: Path) -> None:
    """Pages read in threads and on events too; none of that may ask in nobody's name."""
    folder = tmp_path / "library"
    shutil.copytree(demo_library.folder, folder)
    with_users(folder)
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    with guarded(folder) as served:
        name, _, value = served.headers("viewer")["cookie"].partition("=")
        page.context.add_cookies([{"name": name, "value": value, "url": served.url}])
        for path, shown in (
            ("/", demo_library.film.name),
            ("/people", "Eileen Collins"),
            ("/people/suggested", ""),
            ("/people/1", ""),
            ("/video/1", ""),
            ("/measure", "Eileen Collins"),
            ("/measure?view=together", ""),
            ("/settings", ""),
        ):
            page.goto(served.url + path)
            page.wait_for_selector("h1")
            if shown:
                page.wait_for_selector(f"text={shown}")
            page.wait_for_timeout(500)
            assert "500" not in page.title() and said == [], (path, said)


def test_a_script_that_slips_into_a_page_does_not_run(served: Guarded, page: Page) -> None:
    page.goto(served.url + "/login?next=/people")
    page.fill("input[name=name]", "viewer")
    page.fill("input[name=password]", PASSWORD)
    page.click("button")
    page.wait_for_selector("h1")
    slip = """async () => {
        window.slipped = 0;
        document.body.insertAdjacentHTML("beforeend", '<img src="data:," onerror="slipped = 1">');
        const script = document.createElement("script");
        script.textContent = "window.slipped = 2";
        document.body.append(script);
        await new Promise((done) => setTimeout(done, 300));
        return window.slipped;
    }"""
    assert page.evaluate(slip) == 0


def test_a_form_on_another_site_changes_nothing(
    served: Guarded, page: Page, tmp_path: Path
) -> None:
    """A real browser that is signed in, on a page of somebody else's."""
    page.goto(served.url + "/login")
    page.fill("input[name=name]", "admin")
    page.fill("input[name=password]", PASSWORD)
    page.click("button")
    page.wait_for_url(served.url + "/**")
    form = f'<form method="post" action="{served.url}/logout"></form>'
    send = "<script>document.forms[0].submit()</script>"
    (tmp_path / "evil.html").write_text(form + send)
    with elsewhere(tmp_path) as address:
        with page.expect_response(served.url + "/logout") as answer:
            page.goto(address + "/evil.html", wait_until="commit")
        assert answer.value.status == 403
    page.goto(served.url + "/login")
    assert "Signed in as admin" in page.inner_text("main")


class elsewhere:
    """Another site on this machine."""

    def __init__(self, folder: Path) -> None:
        class Quiet(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *args: object) -> None:
                super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]

            def log_message(self, *args: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://localhost:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
