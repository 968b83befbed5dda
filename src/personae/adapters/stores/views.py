"""The best view of one person, found without reading everybody."""

from __future__ import annotations

from sqlalchemy import Engine, and_, select

from personae.adapters.stores.schema import belongs, crop, run, shot, sighting, template
from personae.adapters.stores.sqlite import reading


def best_view(engine: Engine, person: int) -> bytes | None:
    """JPEG of a person's best face; of those who were only enrolled, the enrolled one."""
    seen = (
        select(crop.c.jpeg)
        .select_from(belongs)
        .join(sighting, and_(sighting.c.id == belongs.c.sighting, sighting.c.kind == "face"))
        .join(run, and_(run.c.id == sighting.c.run, run.c.state == "shown"))
        .join(shot, shot.c.sighting == sighting.c.id)
        .join(crop, crop.c.shot == shot.c.id)
        .where(belongs.c.person == person)
        .order_by(shot.c.quality.desc(), shot.c.id)
        .limit(1)
    )
    enrolled = (
        select(template.c.jpeg)
        .where(template.c.person == person)
        .order_by(template.c.quality.desc(), template.c.id)
        .limit(1)
    )
    with reading(engine) as connection:
        found = connection.scalar(seen)
        return found if found is not None else connection.scalar(enrolled)
