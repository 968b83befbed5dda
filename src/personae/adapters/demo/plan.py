"""The plan of the demo film: 48 seconds, three people, the troubles of real footage."""

from __future__ import annotations

from personae.adapters.demo.scenes import (
    Background,
    Framing,
    Layer,
    Pattern,
    Place,
    Scene,
    Transition,
)

_LEFT = Place(0.03, 0.0, 0.48, 1.0)
_RIGHT = Place(0.52, 0.0, 0.97, 1.0)
_MIDDLE = Place(0.2, 0.0, 0.8, 1.0)

_BLUE = Background(top=(52, 70, 98), bottom=(18, 24, 36))
_SAND = Background(top=(150, 138, 118), bottom=(84, 76, 66))
_GREEN = Background(top=(58, 92, 82), bottom=(20, 36, 34))


def _opening() -> tuple[Scene, ...]:
    """A title, Collins in a slow pan, Obama in a slow zoom, a texture, the two together."""
    title = Background(Pattern.SHAPES, (46, 60, 96), (14, 18, 30), "Personae: who, when, how long")
    cloth = Background(Pattern.TEXTURE, (112, 96, 84), (70, 62, 58))
    collins = Layer("collins", Framing(0.40, 0.24, 0.24), Framing(0.52, 0.24, 0.24), _MIDDLE)
    obama = Layer("obama", Framing(0.50, 0.165, 0.22), Framing(0.50, 0.245, 0.33), _MIDDLE)
    beside = (
        Layer("collins", Framing(0.48, 0.225, 0.23), Framing(0.48, 0.255, 0.26), _LEFT),
        Layer("obama", Framing(0.55, 0.21, 0.28), Framing(0.50, 0.21, 0.28), _RIGHT),
    )
    return (
        Scene(65, (), title),
        Scene(112, (collins,), _BLUE),
        Scene(112, (obama,), _SAND, Transition(12)),
        Scene(50, (), cloth),
        Scene(112, beside, _GREEN),
    )


def _middle() -> tuple[Scene, ...]:
    """Biden in a long still, Obama at a speech, nobody, Biden beside Obama."""
    still = (Layer("biden", Framing(0.50, 0.27, 0.30), None, _MIDDLE),)
    speech = Layer("obama2", Framing(0.42, 0.31, 0.32), Framing(0.56, 0.31, 0.32), _MIDDLE)
    nobody = Background(Pattern.SHAPES, (98, 70, 52), (36, 24, 18))
    beside = (
        Layer("biden", Framing(0.50, 0.25, 0.28), Framing(0.46, 0.25, 0.28), _LEFT),
        Layer("obama3", Framing(0.50, 0.29, 0.24), Framing(0.50, 0.34, 0.28), _RIGHT),
    )
    return (
        Scene(170, still, _BLUE, noise=0.0),
        Scene(116, (speech,), _SAND, Transition(16)),
        Scene(50, (), nobody),
        Scene(110, beside, _GREEN, Transition(10)),
    )


def _ending() -> tuple[Scene, ...]:
    """Collins out of focus, Obama in dim light and again elsewhere, Biden, an end title."""
    soft = Layer("collins", Framing(0.56, 0.28, 0.28), Framing(0.46, 0.28, 0.28), _MIDDLE)
    dim = Layer("obama3", Framing(0.48, 0.39, 0.33), Framing(0.52, 0.285, 0.24), _MIDDLE)
    again = Layer(
        "obama", Framing(0.5, 0.225, 0.3), Framing(0.5, 0.195, 0.26), _MIDDLE, mirror=True
    )
    biden = Layer("biden", Framing(0.50, 0.2, 0.22), Framing(0.50, 0.295, 0.33), _MIDDLE)
    title = Background(Pattern.GRADIENT, (46, 60, 96), (14, 18, 30), "The end")
    return (
        Scene(90, (soft,), _BLUE, blur=2.4),
        Scene(90, (dim,), _SAND, brightness=0.34, noise=2.4),
        Scene(65, (again,), _GREEN, Transition(12)),
        Scene(85, (biden,), _SAND),
        Scene(58, (), title, Transition(20)),
    )


def demo_plan() -> tuple[Scene, ...]:
    """The demo film: 14 scenes, 1,310 frames, meant for 25 frames a second."""
    return (*_opening(), *_middle(), *_ending())
