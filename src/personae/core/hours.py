"""Hours of the week at which something holds: also across midnight, by the clock on the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

DAY = 24 * 60
"""Minutes."""
ALL_DAYS = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Hours:
    """From one minute of the day to another, on some days.

    Attributes:
        start: minute of the day, 0..1439, which is in.
        end: minute of the day, 0..1440, which is out. Not later than ``start`` means the next
            day's; both the same means a whole day long.
        days: on which days it begins; 0 is Monday. Friday 22:00 to 06:00 holds on Saturday at
            05:59.
        zone: whose clock is meant. Where summer time begins or ends, the wall's clock counts.
    """

    start: int = 0
    end: int = DAY
    days: frozenset[int] = ALL_DAYS
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        """Checks the ranges."""
        if not (0 <= self.start < DAY and 0 <= self.end <= DAY):
            raise ValueError(f"minutes of a day are 0..{DAY}, not {self.start} and {self.end}")
        if not self.days or not self.days <= ALL_DAYS:
            raise ValueError(f"days are 0 (Monday) to 6, not {sorted(self.days)}")

    def hold(self, at: int) -> bool:
        """Whether they hold at a moment, in milliseconds since 1970."""
        then = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
        here = then.astimezone(self.zone)
        minute, day = here.hour * 60 + here.minute, here.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        return (day in self.days and minute >= self.start) or (
            (day - 1) % 7 in self.days and minute < self.end
        )


ALWAYS = Hours()
