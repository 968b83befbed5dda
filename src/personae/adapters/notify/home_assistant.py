"""What Home Assistant needs to know of a camera so that it appears by itself (MQTT discovery)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

_UNFIT = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True)
class Topics:
    """Where things are published.

    Attributes:
        prefix: above everything, for example ``personae``.
        node: name of this installation, fit for a topic.
        discovery: where Home Assistant listens.
    """

    prefix: str
    node: str
    discovery: str = "homeassistant"

    @property
    def availability(self) -> str:
        """``online`` or ``offline``: the watch itself, by its last will."""
        return f"{self.prefix}/{self.node}/availability"

    @property
    def alerts(self) -> str:
        """Each alert as JSON, not retained."""
        return f"{self.prefix}/{self.node}/alerts"

    def of(self, camera: str, what: str) -> str:
        """A topic of one camera."""
        return f"{self.prefix}/{self.node}/{fit(camera)}/{what}"


def fit(name: str) -> str:
    """A name as one level of a topic; two names that would look the same are told apart."""
    made = _UNFIT.sub("_", name)
    if made == name:
        return name
    return f"{made}_{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def discovery(topics: Topics, camera: str, version: str) -> Mapping[str, Mapping[str, object]]:
    """The configuration of a camera's entities by the topic it belongs on.

    Occupancy, how many people, and who was seen last. As in Home Assistant's documentation of
    MQTT discovery: ``<prefix>/<component>/<node>/<object>/config``, retained.
    """
    device = f"personae_{topics.node}_{fit(camera)}"
    shared = {
        "availability": [
            {"topic": topics.availability},
            {"topic": topics.of(camera, "availability")},
        ],
        "availability_mode": "all",
        "device": {
            "identifiers": [device],
            "name": camera,
            "manufacturer": "Personae",
            "model": "camera",
        },
        "origin": {"name": "Personae", "sw_version": version},
    }
    entities: dict[str, tuple[str, dict[str, object]]] = {
        "occupancy": ("binary_sensor", {"name": "Occupancy", "device_class": "occupancy"}),
        "people": (
            "sensor",
            {"name": "People", "state_class": "measurement", "icon": "mdi:account-group"},
        ),
        "last_person": (
            "sensor",
            {
                "name": "Last person",
                "icon": "mdi:account",
                "json_attributes_topic": topics.of(camera, "last_person/attributes"),
            },
        ),
    }
    return {
        f"{topics.discovery}/{component}/{device}/{what}/config": {
            **shared,
            **told,
            "unique_id": f"{device}_{what}",
            "state_topic": topics.of(camera, what),
        }
        for what, (component, told) in entities.items()
    }
