"""The only reader of the environment."""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Every setting of the service, with its default; each is read from ``LIANJIAN_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="LIANJIAN_", frozen=True, extra="ignore")

    home: Path = Field(Path("var"), description="data folder: database, keys, log")
    database_url: str | None = Field(
        None, description="owner's URL of an existing PostgreSQL; the embedded one if empty"
    )
    service_database_url: str | None = Field(
        None, description="URL of the service role (no BYPASSRLS) on that PostgreSQL"
    )
    pg_bin: Path | None = Field(None, description="folder of initdb and postgres, if not found")
    language: str = Field("zh", description="language of messages: zh or en")
    host: str = Field("127.0.0.1", description="address that the service listens on")
    port: int = Field(8430, ge=1, le=65535, description="port that the service listens on")
    workers: int = Field(2, ge=1, le=64, description="web processes")
    threads: int = Field(8, ge=1, le=64, description="threads of one web process")
    public_url: str | None = Field(
        None, description="address that phones reach the service under, for links in call-outs"
    )
    session_hours: int = Field(12, ge=1, le=72, description="hours until a log-in expires")
    is_https: bool = Field(False, description="served over TLS: cookies are marked secure")
    max_vertices: int = Field(50_000, ge=4, description="most vertices of a drawn polygon")
    max_upload_mb: int = Field(64, ge=1, description="largest file that may be uploaded, MB")
    reader_memory_mb: int = Field(2048, ge=256, description="memory of the file reader, MB")
    reader_timeout_s: int = Field(120, ge=1, description="longest time to read one file, s")
    lockout_tries: int = Field(8, ge=1, description="failed log-ins before a pause")
    lockout_minutes: int = Field(10, ge=1, description="length of that pause, minutes")
    answer_link_hours: int = Field(36, ge=1, description="hours until an answer link expires")
    basemap_url: str | None = Field(
        None, description="tile address template of a base map that the administrator allows"
    )
    basemap_datum: str = Field("wgs84", description="datum of that base map: wgs84 or gcj02")
    basemap_attribution: str = Field("", description="attribution line of that base map")
    vendor_dir: Path = Field(
        ROOT / "web" / "static" / "vendor", description="folder of front-end libraries"
    )

    @cached_property
    def home_dir(self) -> Path:
        """The data folder as an absolute path; made when missing, readable by its owner only."""
        path = self.home.expanduser().absolute()
        path.mkdir(parents=True, exist_ok=True)
        return path

    @cached_property
    def secret_key(self) -> bytes:
        """Key of sessions and answer links: 32 bytes in the data folder, outside the database."""
        return _key_file(self.home_dir / "keys" / "session.key")

    @cached_property
    def field_key(self) -> bytes:
        """Key of encrypted columns: 32 bytes in the data folder, outside the database."""
        return _key_file(self.home_dir / "keys" / "field.key")


def _key_file(path: Path) -> bytes:
    """The key in this file, made at random on first use; two first uses end in one key.

    Written aside and linked into place, so that nobody reads half a key.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        aside = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(secrets.token_bytes(32))
            out.flush()
            os.fsync(out.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    key = path.read_bytes()
    if len(key) != 32:
        raise ValueError(f"{path}: not a 32-byte key; restore it from a backup")
    return key


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # type: ignore[call-arg]
