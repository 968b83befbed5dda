"""Every setting, once: defaults < personae.toml < environment and .env < command line."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from personae.adapters.web_media.options import WebSettings
from personae.flows.figures import Accuracy
from personae.flows.profiles import ProfileSettings
from personae.flows.settings import ObserveSettings


def default_library() -> Path:
    """``personae`` below the user's data folder."""
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "personae"


class Settings(BaseSettings):
    """One frozen tree. ``PERSONAE_OBSERVE__FPS=10`` sets ``observe.fps``."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="PERSONAE_",
        env_nested_delimiter="__",
        env_file=".env",
        toml_file="personae.toml",
        frozen=True,
        extra="ignore",
    )

    library: Path = Field(
        default_factory=default_library, description="Folder in which the library is kept."
    )
    workers: int = Field(default=0, ge=0, description="Worker processes; 0 is one for each core.")
    provider: str = Field(
        default="cpu", description="What runs the networks; `personae doctor` lists it."
    )
    face_model: str = Field(
        default="", description="Card of the face embedder; empty is the default one."
    )
    spoof_model: Path | None = Field(
        default=None,
        description="Card (TOML, its ONNX file beside it) of a network of your own that tells "
        "living faces from pictures of them; a watch asks it as well.",
    )
    max_pixels: int = Field(
        default=200_000_000, gt=0, description="Largest photo that is opened, in pixels."
    )
    stall_s: float = Field(
        default=15.0,
        gt=0,
        description="A file whose reading makes no progress for so long is given up.",
    )
    gap_s: float = Field(
        default=0.5, ge=0, description="Absences no longer than this do not end an appearance."
    )
    observe: ObserveSettings = Field(
        default_factory=ObserveSettings, description="How closely films and photos are looked at."
    )

    web: WebSettings = Field(
        default_factory=WebSettings, description="How films are fetched from the web."
    )

    report: Accuracy = Field(
        default_factory=Accuracy, description="How right seconds are; error bars are made of it."
    )

    profiles: ProfileSettings = Field(
        default_factory=ProfileSettings,
        description="How unnamed people of cameras are looked after.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Adds the TOML file below the environment."""
        toml = TomlConfigSettingsSource(settings_cls)
        return init_settings, env_settings, dotenv_settings, toml

    def worker_count(self) -> int:
        """How many worker processes to start."""
        return self.workers or len(os.sched_getaffinity(0))
