"""Error bars: what told seconds may really be, from how right such seconds were elsewhere."""

from __future__ import annotations

import math
from dataclasses import replace

from personae.core.errors import UnknownOption
from personae.flows.figures import Accuracy, ScreenTime


def bounds(seconds: float, appearances: int, accuracy: Accuracy) -> tuple[float, float]:
    """The error bar of told seconds.

    With precision P, recall R (both of seconds) and a boundary error b, n appearances that last T
    seconds together are taken to last between ``T P - b sqrt(2n)`` (nothing was missed, but only
    the part P of what was told is true) and ``T / R + b sqrt(2n)`` (all that was told is true, and
    the part 1 - R was missed). The 2n ends are off independently of each other, so their errors
    add as squares do.

    Args:
        seconds: as told.
        appearances: how many; each has two ends.
        accuracy: where it was measured.
    """
    ends = accuracy.boundary_s * math.sqrt(2 * appearances)
    low = max(seconds * accuracy.precision - ends, 0.0)
    return low, seconds / accuracy.recall + ends


def with_error_bars(report: ScreenTime, accuracy: Accuracy) -> ScreenTime:
    """The report with an error bar on every row; nobody is there longer than the films last.

    Raises:
        UnknownOption: a recall or precision is not above 0 and at most 1.
    """
    for name, value in (("recall", accuracy.recall), ("precision", accuracy.precision)):
        if not 0 < value <= 1:
            raise UnknownOption(f"report.{name} is above 0 and at most 1, not {value:g}")
    rows = []
    for row in report.rows:
        low, high = bounds(row.seconds, row.appearances, accuracy)
        most = max(report.total_seconds, row.seconds)
        rows.append(replace(row, low=low, high=min(high, most)))
    said = (
        f"Error bars reach from seconds × {accuracy.precision:g} (precision) to seconds / "
        f"{accuracy.recall:g} (recall), and by {accuracy.boundary_s * 1000:.0f} ms × the root of "
        f"the number of ends further on both sides. Source of these figures: {accuracy.source}."
    )
    return replace(report, rows=tuple(rows), accuracy=accuracy, method=(*report.method, said))
