"""What ``personae evaluate blink`` and ``spoof`` show people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from personae.cli.output import say, table

if TYPE_CHECKING:
    from personae.app.evaluating_blink import BlinkReport
    from personae.app.evaluating_spoof import SpoofReport


def blink(report: BlinkReport) -> None:
    """One row a recording, then all together."""
    rows = [*report.recordings.items(), ("all", report.score)]
    table(
        "Blinks",
        ["", "found", "wrong", "missed", "precision", "recall", "F1"],
        [
            [n, s.right, s.wrong, s.missed, f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}"]
            for n, s in rows
        ],
    )


def spoof(report: SpoofReport) -> None:
    """Attacks above, living faces below."""
    for attack, title, rate in (
        (True, "Attacks called live", "APCER"),
        (False, "Living faces not called live", "BPCER"),
    ):
        table(
            title,
            ["", "shown", "frames", rate, "95 % interval", "live", "not yet", "spoof"],
            [
                [
                    kind,
                    one.presentations,
                    one.frames,
                    f"{one.rate:.1%}",
                    f"{one.between[0]:.1%} to {one.between[1]:.1%}",
                    one.said.get("live", 0),
                    one.said.get("not shown yet", 0),
                    one.said.get("spoof suspected", 0),
                ]
                for kind, one in report.rates.items()
                if one.attack == attack
            ],
        )
    say("A help against photos, not tested to ISO/IEC 30107-3.")
