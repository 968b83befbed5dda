"""Excerpts of films: exact to the frame, playable everywhere, and never half written."""

from __future__ import annotations

from personae.adapters.clips.excerpt import Excerpt, cut_excerpt, write_excerpt
from personae.adapters.clips.names import clip_name

__all__ = ["Excerpt", "clip_name", "cut_excerpt", "write_excerpt"]
