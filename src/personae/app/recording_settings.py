"""What of cameras is recorded and how long it stays: ``[recording]`` and ``[retention]`` tables."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from personae.core.errors import UsageError

When = Literal["person", "unknown", "known", "spoof"]
LARGEST_PRE_ROLL_S = 60
"""So much of every camera is held in memory."""


@dataclass(frozen=True, slots=True)
class RecordingSettings:
    """Clips of events.

    Attributes:
        enabled: clips are recorded.
        pre_roll_s: seconds before an event, at least; a clip begins with a key frame.
        post_roll_s: seconds after the last look that showed somebody.
        when: who has to be there: anybody, or somebody of this type.
        keep_days: clips that are older go.
        largest_gb: of all clips together, in 10^9 bytes; the oldest go.
    """

    enabled: bool = False
    pre_roll_s: float = 5.0
    post_roll_s: float = 10.0
    when: When = "person"
    keep_days: float = 7.0
    largest_gb: float = 10.0


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long what cameras saw stays; None is for ever.

    Attributes:
        presence_days: who was seen when, with faces and their vectors.
        history_days: lines of the history.
    """

    presence_days: float | None = None
    history_days: float | None = None


def recording_from(file: Path | None) -> RecordingSettings:
    """The ``[recording]`` table of a file of cameras; what is not said is as usual.

    Raises:
        UsageError: it is not understood.
    """
    table = _table(file, "recording", RecordingSettings)
    defaults = RecordingSettings()
    enabled, when = table.get("enabled", False), table.get("when", defaults.when)
    if not isinstance(enabled, bool):
        raise UsageError(f"recording: enabled is true or false, not {enabled!r}")
    if when not in get_args(When):
        raise UsageError(f"recording: when is one of {', '.join(get_args(When))}, not {when!r}")
    made = RecordingSettings(
        enabled,
        _number(table, "recording", "pre_roll_s", defaults.pre_roll_s),
        _number(table, "recording", "post_roll_s", defaults.post_roll_s),
        cast(When, when),
        _number(table, "recording", "keep_days", defaults.keep_days),
        _number(table, "recording", "largest_gb", defaults.largest_gb),
    )
    if made.pre_roll_s > LARGEST_PRE_ROLL_S:
        raise UsageError(f"recording: pre_roll_s is {LARGEST_PRE_ROLL_S} at most")
    return made


def retention_from(file: Path | None) -> RetentionSettings:
    """The ``[retention]`` table of a file of cameras; what is not said stays for ever.

    Raises:
        UsageError: it is not understood.
    """
    table = _table(file, "retention", RetentionSettings)
    return RetentionSettings(
        *(
            _number(table, "retention", name, 0.0) if name in table else None
            for name in ("presence_days", "history_days")
        )
    )


def _table(file: Path | None, name: str, made: type) -> Mapping[str, object]:
    if file is None:
        return {}
    try:
        table = tomllib.loads(file.read_text("utf-8")).get(name, {})
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{file} is not understood: {error}") from error
    if not isinstance(table, dict):
        raise UsageError(f"{file}: {name} is a table: [{name}]")
    known = made.__dataclass_fields__.keys()  # type: ignore[attr-defined]
    for key in table.keys() - known:
        raise UsageError(f"{file}: {name} has no {key!r}", f"There are: {', '.join(known)}.")
    return table


def _number(table: Mapping[str, object], of: str, name: str, default: float) -> float:
    value = table.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise UsageError(f"{of}: {name} is a number of 0 or more, not {value!r}")
    return float(value)
