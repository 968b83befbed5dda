"""Small tracking sequences in MOTChallenge's format, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

FRAMES = 60
CLASSES = (1, 1, 1, 1, 1, 1, 2, 7, 8, 12, 1, 3)


def _numbers(seed: int) -> Iterator[float]:
    """0..1 without end (Park and Miller's generator: no library may change it)."""
    state = seed
    while True:
        state = state * 48271 % 2147483647
        yield state / 2147483647


def sequence(seed: int, *, classes: bool) -> tuple[str, str]:
    """(ground truth, tracks) as file texts.

    Twelve walkers cross each other; tracks miss boxes, swap names, drift, invent boxes and follow
    distractors. Walker 11 is marked as not scored. With ``classes`` false the truth has none.
    """
    numbers = _numbers(seed)
    truth: list[str] = []
    tracks: list[str] = []
    names = list(range(1, 13))
    starts = [(100 + 60 * i, 100 + 25 * (i % 4), -4 + 8 * next(numbers)) for i in range(12)]
    for frame, i in product(range(1, FRAMES + 1), range(12)):
        x, y, speed = starts[i]
        if (frame + 7 * i) % 40 < 8:  # away
            continue
        left, top = round(x + speed * frame, 2), round(y + next(numbers) * 3, 2)
        kind = CLASSES[i] if classes else -1
        truth.append(f"{frame},{i + 1},{left},{top},50,120,{int(i != 10)},{kind},1")
        if next(numbers) < 0.02:
            j = int(next(numbers) * 12)
            names[i], names[j] = names[j], names[i]
        if next(numbers) < 0.15:
            continue
        dx, dy, dw = (round(30 * (next(numbers) - 0.5), 2) for _ in range(3))
        box = f"{round(left + dx, 2)},{round(top + dy, 2)},{50 + dw},{120 + dw}"
        tracks.append(f"{frame},{names[i] + 100},{box},0.9,-1,-1,-1")
        if next(numbers) < 0.05:
            tracks.append(f"{frame},{500 + i},{left - 300},{top + 200},40,90,0.5,-1,-1,-1")
    # A swap within a frame may name two boxes alike; a track has one box a frame.
    single = {tuple(line.split(",")[:2]): line for line in tracks}
    return "\n".join(truth) + "\n", "\n".join(single.values()) + "\n"
