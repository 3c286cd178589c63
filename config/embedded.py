"""Where the database and the broker are: real servers by address, or the embedded ones of DATA_DIR."""

import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServiceUrls:
    """Addresses of PostgreSQL and of Redis or Valkey."""

    database: str
    redis: str


def data_dir() -> Path:
    """Return DATA_DIR (default: .data in the repository) as an absolute path."""
    default = Path(__file__).resolve().parent.parent / ".data"
    return Path(os.environ.get("DATA_DIR") or default).resolve()


def service_urls(folder: Path) -> ServiceUrls:
    """Return DATABASE_URL and REDIS_URL, each defaulting to the embedded server running in `folder`."""
    found = _embedded_urls(folder)
    return ServiceUrls(
        database=os.environ.get("DATABASE_URL") or found.database,
        redis=os.environ.get("REDIS_URL") or found.redis,
    )


def _embedded_urls(folder: Path) -> ServiceUrls:
    try:
        return ServiceUrls(**json.loads((folder / "services.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        return ServiceUrls(
            database="postgresql://threshold@127.0.0.1:5432/threshold",
            redis="redis://127.0.0.1:6379",
        )
