"""A small film of real faces whose truth is known, made on the spot from portraits that ship."""

from __future__ import annotations

from personae.adapters.demo.cast import (
    CAST,
    PORTRAITS,
    Person,
    Portrait,
    portraits_dir,
    probes,
)
from personae.adapters.demo.film import FilmSettings, make_film
from personae.adapters.demo.plan import demo_plan
from personae.adapters.demo.scenes import (
    Background,
    Framing,
    Layer,
    Place,
    Scene,
    Transition,
)
from personae.adapters.demo.stills import Still, photos
from personae.adapters.demo.truth import PersonTruth, Truth, truth_of

__all__ = [
    "CAST",
    "PORTRAITS",
    "Background",
    "FilmSettings",
    "Framing",
    "Layer",
    "Person",
    "PersonTruth",
    "Place",
    "Portrait",
    "Scene",
    "Still",
    "Transition",
    "Truth",
    "demo_plan",
    "make_film",
    "photos",
    "portraits_dir",
    "probes",
    "truth_of",
]
