"""Cameras: a wall of live pictures with who is before them, and what happened; or how to begin."""

from __future__ import annotations

import html

from nicegui import ui

from personae.web.site import Site
from personae.web.ui.layout import empty, markup, page
from personae.web.visitors import may

STYLES = ("cameras.css",)
_WALL = """
<section id="pc-watch" class="pc-watch" hidden>
  <div class="pe-row pc-bar"><span id="pc-said" class="pe-grow" role="status"></span>
    <button class="pe-btn" id="pc-notify" type="button" hidden>
      <i class="material-icons" aria-hidden="true">notifications</i><span></span></button>
    <a class="pe-btn" href="/cameras/alerts"><i class="material-icons" aria-hidden="true">rule</i>
      <span>Alerts</span></a>
    <button class="pe-btn" id="pc-full" type="button">
      <i class="material-icons" aria-hidden="true">fullscreen</i>
      <span>Fill the screen</span></button>
  </div>
  <p id="pc-over" class="pc-over" hidden></p>
  <div id="pc-wall" class="pc-wall" aria-label="Cameras" role="group"></div>
</section>
"""
_PAST = """
<section id="pc-past" class="pe-panel" hidden aria-label="What happened">
  <h2>What happened</h2><ol id="pc-history" class="pc-history"></ol>
  <button class="pe-btn" id="pc-older" type="button" hidden>Older</button>
</section>
"""
_FILE = """[[camera]]
name = "front door"
address = "rtsp://192.168.1.20:554/stream1"

[[camera]]
name = "desk"
address = "/dev/video0"
"""
_VARIABLE = "export PERSONAE_CAMERA_GARDEN='rtsp://user:password@192.168.1.21:554/stream1'\n"
_COMMAND = "personae watch --library {library}\n"
_DIRECT = "personae watch 'door=rtsp://192.168.1.20:554/stream1' --library {library}\n"


def build(site: Site) -> None:
    """Registers the page of cameras."""

    @ui.page("/cameras")
    def cameras() -> None:
        about = "Who is there right now."
        scripts = ["cameras.js"]
        with page("Cameras", "Cameras", about=about, scripts=scripts, styles=STYLES):
            markup(_WALL)
            markup(_PAST)
            # Where the library lies is for those who may see the machine
            library = str(site.library.folder) if may(site, "admin") else "my-library"
            with ui.element("section").props('id="pc-none" hidden'):
                empty(
                    "videocam_off",
                    "No camera is being watched",
                    "Three steps, under a minute. This page shows who is there as soon as "
                    "the watch runs; nothing leaves this machine unless a rule of yours sends it.",
                )
                markup(steps(library), "pc-steps")


def steps(library: str) -> str:
    """How to add a camera, as HTML.

    Args:
        library: where it lies, as it is to be typed.
    """
    quoted = f"'{library}'" if " " in library else library
    begin = _COMMAND.format(library=quoted)
    return "".join(
        (
            _step(
                1,
                "Say where your cameras are",
                f"in cameras.toml in the library's folder ({library}): an address, a webcam, "
                "or a film that plays as if it were one.",
                _FILE,
            ),
            _step(
                2,
                "Keep passwords out of the file",
                "An environment variable is a camera as well: this one is called garden. "
                "What stands before the @ is never shown or logged.",
                _VARIABLE,
            ),
            _step(
                3,
                "Begin to watch",
                "and leave it running. A single camera needs no file at all: the second line.",
                begin,
                _DIRECT.format(library=quoted),
            ),
        )
    )


def _step(number: int, title: str, about: str, *examples: str) -> str:
    shown = "".join(
        f'<div class="pc-code"><pre tabindex="0">{html.escape(one.rstrip())}</pre>'
        '<button class="pe-btn" type="button" data-copy>Copy</button></div>'
        for one in examples
    )
    return (
        f'<section class="pe-panel"><h2><span class="pc-number">{number}</span> '
        f'{html.escape(title)}</h2><p class="pe-muted">{html.escape(about)}</p>{shown}</section>'
    )
