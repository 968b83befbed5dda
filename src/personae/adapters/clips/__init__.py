"""Excerpts of films: exact to the frame, playable everywhere, and never half written."""

from __future__ import annotations

from personae.adapters.clips.excerpt import Excerpt, cut_excerpt, write_excerpt
from personae.adapters.clips.names import clip_name
from personae.adapters.clips.supercut import Look, Part, Piece, Supercut, write_supercut

__all__ = [
    "Excerpt",
    "Look",
    "Part",
    "Piece",
    "Supercut",
    "clip_name",
    "cut_excerpt",
    "write_excerpt",
    "write_supercut",
]
