"""COCO detection JSON: every box that was found, frame by frame, for labelling and training."""

from __future__ import annotations

import json
from collections.abc import Sequence

from personae.adapters.exports.film import BoxTrack, FilmExport
from personae.adapters.exports.mot import number_of

CATEGORIES = {"face": 1, "body": 2}


def coco_text(films: Sequence[FilmExport]) -> str:
    """Images are photos and the frames of films that were looked at; nothing is drawn between.

    A frame's ``file_name`` is ``FILM/000123.jpg`` with frames counted from 0 as they are decoded
    (``ffmpeg -i FILM -start_number 0 FILM/%06d.jpg`` makes such files); ``frame``, ``pts`` and
    ``seconds`` stand beside it. Boxes are x, y, width, height in pixels of the upright picture,
    cut at its edges; ``person``, ``name``, ``sighting`` and ``confidence`` stand beside them.
    """
    images: dict[tuple[int, int], dict[str, object]] = {}
    annotations: list[dict[str, object]] = []
    for film in films:
        for track in film.tracks:
            for time, box in zip(track.path.times.tolist(), track.path.boxes.tolist(), strict=True):
                found = _annotation(film, track, box)
                if found is None:
                    continue
                image = images.setdefault(
                    (film.media.id, time), _image(film, time, len(images) + 1)
                )
                found |= {"id": len(annotations) + 1, "image_id": image["id"]}
                annotations.append(found)
    said = {
        "info": {
            "description": "People found by Personae",
            "version": "1.0",
            "methods": {str(film.media.id): film.numbering.method for film in films
                        if film.media.kind != "photo"},
        },
        "licenses": [],
        "images": list(images.values()),
        "annotations": annotations,
        "categories": [
            {"id": number, "name": name, "supercategory": "person"}
            for name, number in CATEGORIES.items()
        ],
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _image(film: FilmExport, time: int, number: int) -> dict[str, object]:
    media = film.media
    frame = film.numbering.picture(time)
    photo = media.kind == "photo"
    return {
        "id": number,
        "file_name": media.path.rsplit("/", 1)[-1] if photo else f"{film.name}/{frame:06d}.jpg",
        "width": media.width,
        "height": media.height,
        "media": media.id,
        "path": media.path,
        "frame": 0 if photo else frame,
        "pts": time,
        "seconds": round(film.seconds(time), 6),
    }


def _annotation(
    film: FilmExport, track: BoxTrack, box: Sequence[float]
) -> dict[str, object] | None:
    left, top = max(box[0], 0.0), max(box[1], 0.0)
    right, bottom = min(box[2], float(film.media.width)), min(box[3], float(film.media.height))
    if right <= left or bottom <= top:
        return None
    owner = track.owner
    return {
        "category_id": CATEGORIES[track.sighting.kind],
        "bbox": [round(side, 3) for side in (left, top, right - left, bottom - top)],
        "area": round((right - left) * (bottom - top), 3),
        "iscrowd": 0,
        "track_id": number_of(track),
        "sighting": track.sighting.id,
        "person": None if owner is None else owner.person.id,
        "name": None if owner is None else owner.person.name,
        "confidence": track.confidence,
    }
