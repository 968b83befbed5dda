"""A folder of people like LFW's, made of the portraits that ship and photographs of them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from personae.adapters.demo import PORTRAITS, photos

STILLS = {"collins-mirrored": "Eileen_Collins", "biden-phone": "Joe_Biden"}


def people_folder(folder: Path) -> Path:
    """``NAME/NAME_0001.jpg``: Collins twice, Biden twice, Obama three times."""
    files: dict[str, list[Path]] = {}
    for portrait in PORTRAITS.values():
        files.setdefault(portrait.person.replace(" ", "_"), []).append(portrait.path)
    with TemporaryDirectory() as stills:
        for still in photos(Path(stills)):
            if still.path.stem in STILLS:
                files[STILLS[still.path.stem]].append(still.path)
        for name, paths in files.items():
            (folder / name).mkdir(parents=True)
            for number, path in enumerate(paths, 1):
                (folder / name / f"{name}_{number:04d}.jpg").write_bytes(path.read_bytes())
    return folder


def grey(path: Path) -> None:
    """A photo that shows nobody."""
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(np.full((120, 120, 3), 127, np.uint8)).save(path)
