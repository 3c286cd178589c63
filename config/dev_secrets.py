"""Secrets for development, made once and kept in DATA_DIR/keys with mode 600."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def dev_secret(folder: Path, name: str, make: Callable[[], str]) -> str:
    """Return the secret `name` of `folder`, making it on first use; safe when two processes start at once."""
    path = folder / "keys" / name
    if not path.exists():
        _write_once(path, make())
    return path.read_text(encoding="ascii")


def _write_once(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # mkstemp makes it with mode 600
    with open(handle, "w", encoding="ascii") as file:  # noqa: PTH123 (a file descriptor)
        file.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was quicker; its secret is the one that counts
    finally:
        Path(draft).unlink()
