"""The demo's film, shortened for tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from personae.adapters.demo import FilmSettings, demo_plan, make_film, probes


def short_film(
    path: Path, settings: FilmSettings | None = None
) -> dict[str, list[tuple[float, float]]]:
    """The demo's first six scenes at a third of their length, and who is in them when (seconds)."""
    plan = [
        replace(scene, duration_frames=max(scene.duration_frames // 3, 26))
        for scene in demo_plan()[:6]
    ]
    truth = make_film(path, plan, settings or FilmSettings())
    return {
        name: [(float(a), float(b)) for a, b in truth.intervals(name)]
        for name in probes()
        if truth.intervals(name)
    }
