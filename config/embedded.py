"""Where the database and the broker are: real servers by address, or the embedded ones of DATA_DIR."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config import env
from config.servers.ports import is_free


@dataclass(frozen=True)
class ServiceUrls:
    """Addresses of PostgreSQL and of Redis or Valkey. The default is a port where nothing ever listens."""

    database: str = "postgresql://threshold@127.0.0.1:1/threshold"
    redis: str = "redis://127.0.0.1:1"


def data_dir() -> Path:
    """Return DATA_DIR (default: .data in the repository) as an absolute path."""
    default = Path(__file__).resolve().parent.parent / ".data"
    return Path(os.environ.get("DATA_DIR") or default).resolve()


def service_urls(folder: Path) -> ServiceUrls:
    """Return DATABASE_URL and REDIS_URL, each defaulting to the embedded server running in `folder`."""
    given = {"database": env.text("DATABASE_URL", ""), "redis": env.text("REDIS_URL", "")}
    found = _announced(folder) | {name: url for name, url in given.items() if url}
    return ServiceUrls(**{name: url for name, url in found.items() if name in given})


def announce_services(folder: Path, urls: dict[str, str]) -> None:
    """Write where the embedded servers and web are, for every process and for commands run by hand."""
    draft = folder / "services.json.new"
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(urls), encoding="utf-8")
    draft.rename(folder / "services.json")


def embedded_port(folder: Path, name: str) -> int | None:
    """Return the port where a server of `folder` was announced, also one of a run that was killed."""
    url = _announced(folder).get(name)
    return urlsplit(url).port if url else None


def web_url(folder: Path) -> str | None:
    """Return where the run on `folder` is to be seen, None when none is running."""
    return _announced(folder).get("web")


def withdraw_services(folder: Path) -> None:
    """Say that the embedded servers are gone."""
    (folder / "services.json").unlink(missing_ok=True)


def why_unreachable(folder: Path) -> str | None:
    """Return a sentence for people when the embedded PostgreSQL is wanted but not running, else None."""
    if env.text("DATABASE_URL", ""):
        return None
    port = urlsplit(service_urls(folder).database).port
    if port != 1 and port is not None and not is_free(port):
        return None
    return (
        f"The embedded PostgreSQL of {folder} is not running. Start it with `make run` in another terminal "
        "(same DATA_DIR), or set DATABASE_URL and REDIS_URL."
    )


def _announced(folder: Path) -> dict[str, str]:
    try:
        return dict(json.loads((folder / "services.json").read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
