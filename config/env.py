"""Typed settings from the environment: every reader fails loudly and says what to set."""

import os
import re
from ipaddress import ip_network
from pathlib import Path


class MissingSetting(Exception):
    """A setting without a default is absent."""


def text(name: str, default: str | None = None) -> str:
    """Return NAME, or the content of the file that NAME_FILE points to, or the default.

    Raises MissingSetting when none of the three is there.
    """
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    if default is None:
        raise MissingSetting(f"Set {name}, or {name}_FILE to a file that holds it.")
    return default


def flag(name: str, default: bool) -> bool:
    """Return NAME as a boolean. Raises ValueError for anything but on/off, true/false, 1/0."""
    value = text(name, "on" if default else "off").lower()
    if value in {"on", "true", "1", "yes"}:
        return True
    if value in {"off", "false", "0", "no"}:
        return False
    raise ValueError(f"{name} must be on or off, not {value!r}.")


def number(name: str, default: int) -> int:
    """Return NAME as a whole number. Raises ValueError when it is not one."""
    return int(text(name, str(default)))


def items(name: str, default: str = "") -> list[str]:
    """Return NAME as a list, split at commas, blanks dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def secrets(name: str) -> dict[str, str]:
    """Return NAME, such as "front=abc,leaflets=def", as secrets by name. Raises ValueError otherwise."""
    found: dict[str, str] = {}
    for each in items(name):
        key, is_pair, secret = each.partition("=")
        if not (is_pair and re.fullmatch(r"[a-z0-9-]+", key) and secret) or key in found:
            raise ValueError(f"{name} must be a list such as front=SECRET,leaflets=SECRET, each name once.")
        found[key] = secret
    return found


def networks(name: str, default: str = "") -> list[str]:
    """Return NAME as a list of addresses and networks. Raises ValueError when one is neither."""
    for each in items(name, default):
        ip_network(each, strict=False)
    return items(name, default)


def origins(name: str, default: str = "") -> list[str]:
    """Return NAME as a list of origins (https://www.example.org). Raises ValueError when one is not."""
    for each in items(name, default):
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", each):
            raise ValueError(f"{name} must be a list such as https://www.example.org, not {each!r}.")
    return items(name, default)
