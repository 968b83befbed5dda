"""Who appears, when and for how long, in your own videos, photos and cameras.

>>> import personae
>>> personae.__version__
'0.1.0'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from personae.app.enrolment import Enrolled
    from personae.app.finding import Found, FoundMatch
    from personae.app.indexing import Failure, Indexed, Summary
    from personae.app.library import Library
    from personae.app.library import open_library as open
    from personae.app.settings import Settings
    from personae.core.errors import PersonaeError, SourceError, StoreError, UsageError
    from personae.core.records import Interval, Media, Person, Sighting
    from personae.flows.report import ScreenTime
    from personae.flows.settings import ObserveSettings

__version__ = "0.1.0"

_WHERE = {
    "Enrolled": "personae.app.enrolment:Enrolled",
    "Failure": "personae.app.indexing:Failure",
    "Found": "personae.app.finding:Found",
    "FoundMatch": "personae.app.finding:FoundMatch",
    "Indexed": "personae.app.indexing:Indexed",
    "Interval": "personae.core.records:Interval",
    "Library": "personae.app.library:Library",
    "Media": "personae.core.records:Media",
    "ObserveSettings": "personae.flows.settings:ObserveSettings",
    "Person": "personae.core.records:Person",
    "PersonaeError": "personae.core.errors:PersonaeError",
    "ScreenTime": "personae.flows.report:ScreenTime",
    "Settings": "personae.app.settings:Settings",
    "Sighting": "personae.core.records:Sighting",
    "SourceError": "personae.core.errors:SourceError",
    "StoreError": "personae.core.errors:StoreError",
    "Summary": "personae.app.indexing:Summary",
    "UsageError": "personae.core.errors:UsageError",
    "open": "personae.app.library:open_library",
}

__all__ = [
    "Enrolled",
    "Failure",
    "Found",
    "FoundMatch",
    "Indexed",
    "Interval",
    "Library",
    "Media",
    "ObserveSettings",
    "Person",
    "PersonaeError",
    "ScreenTime",
    "Settings",
    "Sighting",
    "SourceError",
    "StoreError",
    "Summary",
    "UsageError",
    "__version__",
    "open",
]


def __getattr__(name: str) -> object:
    """Loads what is asked for when it is asked for, so that importing the package costs nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module 'personae' has no attribute {name!r}")
    module, _, attribute = _WHERE[name].partition(":")
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
