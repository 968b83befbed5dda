"""Cards: what each weight file is, whose it is, what it eats, and proof that it is the one."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, cast, get_args

from personae.core.embedding import Space
from personae.core.errors import ModelError, UsageError, WeightsCorrupt, WeightsMissing

Task = Literal[
    "face-detection",
    "body-detection",
    "face-embedding",
    "face-landmarks",
    "eye-landmarks",
    "age",
    "presented-gender",
    "emotion",
    "spoof",
]
Layout = Literal["NCHW", "NHWC"]
Colour = Literal["RGB", "BGR", "GREY"]


@dataclass(frozen=True, slots=True)
class Input:
    """What a network expects of its pixels.

    Attributes:
        name: of the input tensor.
        height: pixels, 0 where it is free.
        width: pixels, 0 where it is free.
        step: a free side must be a multiple of this.
        layout: order of the axes.
        colour: order of the channels.
        mean: subtracted from 0..255, one number a channel in the order of ``colour``.
        std: then divided by, likewise.
    """

    name: str
    height: int
    width: int
    layout: Layout
    colour: Colour
    mean: tuple[float, ...]
    std: tuple[float, ...]
    step: int = 1


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number to compare a model's answer with, and where it comes from."""

    name: str
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Card:
    """One weight file.

    Attributes:
        name: versioned; vectors and answers remember their model by it.
        task: what it is for.
        file: name of the weight file.
        sha256: of that file.
        licence: SPDX identifier of the weights.
        origin: who made them, and what carried them here.
        default: it serves its task when nobody asks for another.
        measured: what to expect of it; empty where nothing was measured.
        input: what it expects of its pixels.
        outputs: names of its output tensors, in the order the adapter reads them.
        width: numbers in a vector, 0 for anything but an embedder.
        thresholds: its defaults, each with its source.
        context: how many times as wide and as high as the face what is cut out is (spoof only).
        live: which class of the answer is a living face (spoof only).
        folder: where ``file`` lies, None for the weights that ship with the package.
    """

    name: str
    task: Task
    file: str
    sha256: str
    licence: str
    origin: str
    default: bool
    measured: str
    input: Input
    outputs: tuple[str, ...]
    width: int = 0
    thresholds: tuple[Threshold, ...] = ()
    context: float = 1.0
    live: int = 1
    folder: Path | None = None

    def threshold(self, name: str) -> float:
        """The default called ``name``; UsageError says which there are."""
        for threshold in self.thresholds:
            if threshold.name == name:
                return threshold.value
        known = ", ".join(t.name for t in self.thresholds) or "none"
        raise UsageError(f"model {self.name} has no threshold {name!r}; it has {known}")

    @property
    def space(self) -> Space:
        """The space its vectors live in: model, these very weights, width."""
        return Space(self.name, self.sha256[:16], self.width)


def load_cards(extra_dir: Path | None = None) -> Mapping[str, Card]:
    """All cards by name: those of the package, then a user's own from ``extra_dir/*.toml``.

    Raises:
        ModelError: a user's card is malformed or takes the name of another.
    """
    cards = dict(_packaged())
    for path in sorted(extra_dir.glob("*.toml")) if extra_dir else ():
        for name, card in parse_cards(path.read_text("utf-8"), str(path), path.parent).items():
            if name in cards:
                raise ModelError(f"{path}: the name {name} is taken", "Give the model a new name.")
            cards[name] = card
    return cards


def default_card(task: Task, cards: Mapping[str, Card] | None = None) -> Card:
    """The card that serves ``task`` unless another is asked for; ModelError if there is none."""
    for card in (load_cards() if cards is None else cards).values():
        if card.task == task and card.default:
            return card
    raise ModelError(f"no model serves {task} by default", "Name one: `personae models list`.")


def weights_path(card: Card) -> Path:
    """Where the card's weight file lies (it need not exist)."""
    if card.folder is not None:
        return card.folder / card.file
    return Path(str(files("personae.adapters").joinpath("weights", card.file)))


def check(card: Card) -> None:
    """See that the card's weight file is there and is the one that was measured.

    A file is hashed once a process for as long as its size and time of change stay the same.

    Raises:
        WeightsMissing: there is no such file.
        WeightsCorrupt: its SHA-256 is not the card's.
    """
    path = weights_path(card)
    try:
        state = path.stat()
    except OSError as error:
        raise WeightsMissing(f"the weights of {card.name} are not at {path}") from error
    found = _digest(path, state.st_size, state.st_mtime_ns)
    if found != card.sha256:
        raise WeightsCorrupt(
            f"{path} is not the file its card names: SHA-256 {found[:16]}..., "
            f"expected {card.sha256[:16]}..."
        )


def parse_cards(text: str, where: str, folder: Path | None = None) -> dict[str, Card]:
    """Cards of a TOML text.

    Args:
        text: one table a card, as in cards.toml.
        where: how to call the text in an error.
        folder: where the weight files lie, None for the package's.

    Raises:
        ModelError: the text is not TOML, or a card lacks something or says something impossible.
    """
    try:
        tables = tomllib.loads(text)
        return {name: _card(name, table, folder) for name, table in tables.items()}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"{where} is not a model card: {error}",
            "Its form is that of a table of personae/adapters/models/cards.toml.",
        ) from error


@lru_cache(maxsize=1)
def _packaged() -> dict[str, Card]:
    text = files("personae.adapters.models").joinpath("cards.toml").read_text("utf-8")
    return parse_cards(text, "cards.toml")


@lru_cache(maxsize=64)
def _digest(path: Path, size: int, mtime_ns: int) -> str:
    # size and mtime are here to be part of the key: a changed file is hashed again
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _card(name: str, table: Mapping[str, object], folder: Path | None) -> Card:
    pixels = cast("Mapping[str, object]", _need(table, "input", dict))
    thresholds = cast("Mapping[str, Mapping[str, object]]", table.get("thresholds", {}))
    return Card(
        name=name,
        task=cast("Task", _one_of(table, "task", get_args(Task))),
        file=_file_name(table),
        sha256=_sha256(table),
        licence=str(_need(table, "licence", str)),
        origin=str(_need(table, "origin", str)),
        default=bool(table.get("default", False)),
        measured=str(table.get("measured", "")),
        input=_input(pixels),
        outputs=tuple(str(o) for o in cast("list[object]", _need(table, "outputs", list))),
        width=_whole(table, "width", 0),
        thresholds=tuple(
            Threshold(key, _number(row["value"]), str(row["source"]))
            for key, row in thresholds.items()
        ),
        context=_number(table.get("context", 1.0)),
        live=_whole(table, "live", 1),
        folder=folder,
    )


def _input(table: Mapping[str, object]) -> Input:
    colour = cast("Colour", _one_of(table, "colour", get_args(Colour)))
    mean = tuple(_number(x) for x in cast("list[object]", _need(table, "mean", list)))
    std = tuple(_number(x) for x in cast("list[object]", _need(table, "std", list)))
    channels = 1 if colour == "GREY" else 3
    if len(mean) != channels or len(std) != channels:
        raise ValueError(f"mean and std must have {channels} numbers for colour {colour}")
    if 0 in std:
        raise ValueError("std must not be 0")
    return Input(
        name=str(_need(table, "name", str)),
        height=_whole(table, "height"),
        width=_whole(table, "width"),
        layout=cast("Layout", _one_of(table, "layout", get_args(Layout))),
        colour=colour,
        mean=mean,
        std=std,
        step=_whole(table, "step", 1),
    )


def _need(table: Mapping[str, object], key: str, kind: type[object]) -> object:
    if key not in table:
        raise ValueError(f"{key} is missing")
    if not isinstance(table[key], kind):
        raise ValueError(f"{key} must be a {kind.__name__}, got {table[key]!r}")
    return table[key]


def _one_of(table: Mapping[str, object], key: str, choices: tuple[str, ...]) -> str:
    value = str(_need(table, key, str))
    if value not in choices:
        raise ValueError(f"{key} must be one of {', '.join(choices)}, got {value!r}")
    return value


def _whole(table: Mapping[str, object], key: str, fallback: int | None = None) -> int:
    if fallback is not None and key not in table:
        return fallback
    value = _need(table, key, int)
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"{key} must be a whole number from 0, got {value!r}")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a number, got {value!r}")
    return float(value)


def _file_name(table: Mapping[str, object]) -> str:
    name = str(_need(table, "file", str))
    if not name or name in (".", "..") or "/" in name or "\\" in name:
        raise ValueError(f"file must be a name without folders, got {name!r}")
    return name


def _sha256(table: Mapping[str, object]) -> str:
    value = str(_need(table, "sha256", str)).lower()
    if len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise ValueError("sha256 must be 64 hexadecimal digits")
    return value
