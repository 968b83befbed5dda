"""Starts the web server of a library as a process, and ends it; also what that process runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port
from tests.shared import REPOSITORY
from tests.system.command import environment

PATIENCE_S = 60.0
"""Until a server answers; a busy machine takes its time to import everything."""


@dataclass(frozen=True)
class Served:
    """A running server.

    Attributes:
        url: without a slash at the end.
        library: folder of its library.
        log: what it printed.
        process: itself.
    """

    url: str
    library: Path
    log: Path
    process: subprocess.Popen[bytes]


@contextmanager
def serving(library: Path, **web: object) -> Iterator[Served]:
    """A server of this library on a free port, in a process of its own.

    Args:
        library: its folder; made if it is not there.
        web: values of `WebSettings` that differ, such as ``max_upload_bytes``.
    """
    port = free_port()
    log = library.parent / f"server-{port}.log"
    words = [str(library), json.dumps({"port": port, **web})]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.web.serving", *words],
            cwd=REPOSITORY,
            env=environment({"PYTHONPATH": f"{REPOSITORY / 'src'}{os.pathsep}{REPOSITORY}"}),
            stdout=sink,
            stderr=sink,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    one = Served(f"http://127.0.0.1:{port}", library, log, process)
    try:
        _await(one)
        yield one
    finally:
        _end(process)


def _await(one: Served) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if one.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(one.url + "/api/v1/openapi.json", timeout=10):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{one.log.read_text()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def main(folder: str, web: str) -> None:
    """What the process runs."""
    import uvicorn

    import personae
    from personae.web.server import create_app
    from personae.web.site import Site, WebSettings

    settings = personae.Settings(library=Path(folder), workers=1)
    told = json.loads(web)
    told["media_folders"] = tuple(Path(each) for each in told.get("media_folders", ()))
    chosen = WebSettings(**told)
    site = Site(settings, chosen, personae.Library(settings))
    uvicorn.run(create_app(site), host=chosen.host, port=chosen.port, log_level="warning")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
