"""Search by a picture: drop it, choose the face, see who it is, when, and how sure that is."""

from __future__ import annotations

from nicegui import ui

from personae.web.site import Site
from personae.web.ui.layout import empty, markup, page
from personae.web.ui.stage import STYLES

_FORM = """
<div class="pv-two">
  <div class="ps-side">
    <label id="ps-drop" class="ps-drop" for="ps-file"><i class="material-icons" aria-hidden="true"
      >add_photo_alternate</i><b>Drop a photo here</b>
      <span class="pe-muted pe-small">or choose a file, or paste one. It is compared and not
      kept.</span>
      <input id="ps-file" type="file" accept="image/*" aria-label="Photo to search with"></label>
    <section id="ps-left" class="pe-panel" hidden>
      <div id="ps-probe" class="pv-probe"></div>
      <div id="ps-said" class="pe-small ps-said" role="status"></div>
      <label class="ps-rate" for="ps-rate"><b>How strict?</b>
        <span id="ps-told" class="pe-muted pe-small"></span></label>
      <input id="ps-rate" type="range" min="0" max="8" step="1" value="4">
      <div class="pe-muted pe-small ps-ends"><span>finds more</span><span>errs less</span></div>
    </section>
  </div>
  <div><div id="ps-busy" class="pe-muted pe-small" hidden>Searching …</div>
    <div id="ps-answer" class="ps-answer" aria-live="polite"></div></div>
</div>
"""


def build(site: Site) -> None:
    """Registers the search."""

    @ui.page("/search")
    def search() -> None:
        about = "Who is this, and where else are they seen?"
        scripts = ["search.js"] if site.library.media() else []
        with page("Search", "Search", about=about, scripts=scripts, styles=STYLES):
            if scripts:
                markup(_FORM)
                return
            empty(
                "image_search",
                "There is nothing to search in yet",
                "Add videos or photos to the library first; then a photo of a face finds every "
                "appearance of that person.",
                ("To the library", "/"),
            )
