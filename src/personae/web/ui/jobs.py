"""Work in the background: what waits, runs and is over, live; cancel and try again."""

from __future__ import annotations

from nicegui import ui

from personae.web.site import Site
from personae.web.ui.layout import markup, page
from personae.web.ui.stage import STYLES
from personae.web.visitors import may

_LIST = """
<div id="pj-none" class="pe-empty"><i class="material-icons" aria-hidden="true">task_alt</i>
  <h2>Nothing to do</h2><p>Uploads, clips, supercuts and exports show up here while they are made,
  and what became of them afterwards.</p><a class="pe-btn primary" href="/">Add videos or photos</a>
</div>
<div id="pj-list" class="pj-list" data-may="{may}" aria-live="polite"></div>
"""


def build(site: Site) -> None:
    """Registers the list of jobs."""

    @ui.page("/jobs")
    def jobs() -> None:
        about = "What the machine is doing, and what it did."
        with page("Jobs", "Jobs", about=about, scripts=["jobs.js"], styles=STYLES):
            markup(_LIST.format(may="yes" if may(site, "editor") else "no"))
