"""A served library with users, and requests in the name of each."""

from __future__ import annotations

import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

import personae
from personae.web.auth.access import COOKIE
from personae.web.auth.keys import Keys
from personae.web.auth.roles import ROLES
from personae.web.auth.store import UserStore
from tests.ports import free_port
from tests.system.command import start
from tests.web.serving import PATIENCE_S

PASSWORD = "correct horse battery staple"
ENDLESS = ("text/event-stream", "multipart/x-mixed-replace")
WEEKS_AGO = 15 * 24 * 3600


@dataclass(frozen=True)
class Guarded:
    """A running ``personae serve`` with a user for each role, who is called like it.

    Attributes:
        url: without a slash at the end.
        folder: of its library.
        process: itself.
    """

    url: str
    folder: Path
    process: subprocess.Popen[str] = field(repr=False)

    def session(self, name: str, age_s: float = 0.0) -> str:
        """The key of a session that began so long ago."""
        users = UserStore(self.folder, lambda: time.time() - age_s)
        return Keys(users).open_session(name)

    def token(self, name: str) -> str:
        """The key of a token."""
        return Keys(UserStore(self.folder)).make_token(name, "of a test")[1]

    def headers(self, who: str) -> dict[str, str]:
        """What a browser or program of somebody sends; each time with a session of its own."""
        browser = {"origin": self.url, "accept": "text/html,*/*"}
        if who == "wrong token":
            return {"authorization": "Bearer psn_" + "x" * 43}
        if who == "expired session":
            return {**browser, "cookie": f"{COOKIE}={self.session('admin', WEEKS_AGO)}"}
        if who in ROLES:
            return {**browser, "cookie": f"{COOKIE}={self.session(who)}"}
        return browser

    def ask(self, who: str, method: str, path: str) -> httpx.Response:
        """The beginning of the answer; streams go on for ever."""
        asked = httpx.stream(
            method, self.url + path, headers=self.headers(who), timeout=60, trust_env=False
        )
        with asked as answer:
            if answer.headers.get("content-type", "").startswith(ENDLESS):
                return answer
            answer.read()
            return answer


def with_users(folder: Path) -> None:
    """Makes a library with a user for each role."""
    personae.open(folder).close()
    users = UserStore(folder)
    for role in reversed(ROLES):
        users.add(role, PASSWORD, role)


@contextmanager
def guarded(folder: Path, *options: str) -> Iterator[Guarded]:
    """Serves the library of this folder with the real command."""
    port = free_port()
    process = start("serve", "--library", folder, "--port", str(port), *options, cwd=folder.parent)
    served = Guarded(f"http://127.0.0.1:{port}", folder, process)
    try:
        until = time.monotonic() + PATIENCE_S
        while not _answers(served.url):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)
        yield served
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url + "/api/v1/health", timeout=10):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def filled(route: str) -> str:
    """An address of a route, of things that are not there."""
    values = {"name": "nobody.here", "version": "0.0.0"}
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "999999999"), route)
