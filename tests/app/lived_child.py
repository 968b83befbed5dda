"""A process that lives days from some step on until it is killed; each line is acknowledged."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import personae
from tests.app import asl_days, demo_days
from tests.app.days import Days
from tests.app.lived import Step, live

PLANS = {"asl": asl_days, "demo": demo_days}


def say(what: dict[str, object]) -> None:
    """Acknowledges: this is in the library."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(folder: Path, plan: str, films: Path, done: int) -> None:
    """Lives the steps after the first ``done``."""

    def step_done(number: int, step: Step, made: object) -> None:
        say({"step": number})

    with personae.Library(personae.Settings(library=folder)) as library:
        days = Days(library, PLANS[plan].SETTINGS)
        days.told = lambda kept: say({"kept": kept.sighting, "person": kept.person})
        say({"ready": done})
        live(days, PLANS[plan].steps(films), done, step_done)
    say({"end": True})


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
