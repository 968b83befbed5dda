"""Alerts: the rules by which a watch tells somebody, in words; make, change, switch off, delete."""

from __future__ import annotations

from nicegui import ui

from personae.web.site import Site
from personae.web.ui.cameras import STYLES
from personae.web.ui.layout import markup, page
from personae.web.visitors import may

_RULES = """
<div class="pe-row"><a class="pe-btn" href="/cameras">
  <i class="material-icons" aria-hidden="true">arrow_back</i><span>Cameras</span></a>
  <span id="pa-said" class="pe-grow pe-muted" role="status"></span>
  <button class="pe-btn" id="pc-notify" type="button" hidden>
    <i class="material-icons" aria-hidden="true">notifications</i><span></span></button>
  <button class="pe-btn primary" id="pa-new" type="button" hidden>
    <i class="material-icons" aria-hidden="true">add</i><span>New rule</span></button></div>
<p id="pa-problem" class="pc-over" role="alert" hidden></p>
<div id="pa-list" class="pa-list" data-may="{may}" aria-live="polite"></div>
"""
_TOLD = """
<section class="pe-panel" id="pa-past" hidden><h2>What was told</h2>
  <ol id="pa-told" class="pc-history"></ol>
  <button class="pe-btn" id="pa-older" type="button" hidden>Older</button></section>
"""


def build(site: Site) -> None:
    """Registers the page of alerts."""

    @ui.page("/cameras/alerts")
    def alerts() -> None:
        about = "When to tell whom of what cameras see."
        with page("Alerts", "Cameras", about=about, scripts=["alerts.js"], styles=STYLES):
            markup(_RULES.format(may="yes" if may(site, "editor") else "no"), "pa-list")
            markup(_TOLD)
