"""Typed settings from the environment: every reader fails loudly and says what to set."""

import os
import re
from ipaddress import ip_network
from pathlib import Path


class WrongSetting(ValueError):
    """A setting cannot be used; the message says which, and what it has to be."""


class MissingSetting(WrongSetting):
    """A setting without a default is absent."""


def text(name: str, default: str | None = None) -> str:
    """Return NAME, or the content of the file that NAME_FILE points to, or the default.

    Raises MissingSetting when none of the three is there, WrongSetting when the file cannot be read.
    """
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return _content(name, Path(path))
    if default is None:
        raise MissingSetting(f"Set {name}, or {name}_FILE to a file that holds it.")
    return default


def flag(name: str, default: bool) -> bool:
    """Return NAME as a boolean. Raises WrongSetting for anything but on/off, true/false, 1/0."""
    value = text(name, "on" if default else "off").lower()
    if value in {"on", "true", "1", "yes"}:
        return True
    if value in {"off", "false", "0", "no"}:
        return False
    raise WrongSetting(f"{name} must be on or off, not {value!r}.")


def number(name: str, default: int) -> int:
    """Return NAME as a whole number. Raises WrongSetting when it is not one."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise WrongSetting(f"{name} must be a whole number, not {value!r}.") from None


def items(name: str, default: str = "") -> list[str]:
    """Return NAME as a list, split at commas, blanks dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def secrets(name: str) -> dict[str, str]:
    """Return NAME, such as "front=abc,leaflets=def", as secrets by name. Raises WrongSetting otherwise."""
    found: dict[str, str] = {}
    for each in items(name):
        key, is_pair, secret = each.partition("=")
        if not (is_pair and re.fullmatch(r"[a-z0-9-]+", key) and secret) or key in found:
            raise WrongSetting(f"{name} must be a list such as front=SECRET,leaflets=SECRET, each name once.")
        found[key] = secret
    return found


def networks(name: str, default: str = "") -> list[str]:
    """Return NAME as a list of addresses and networks. Raises WrongSetting when one is neither."""
    for each in items(name, default):
        try:
            ip_network(each, strict=False)
        except ValueError:
            raise WrongSetting(f"{name} must be a list such as 10.1.0.0/16,::1, not {each!r}.") from None
    return items(name, default)


def origins(name: str, default: str = "") -> list[str]:
    """Return NAME as a list of origins (https://www.example.org). Raises WrongSetting when one is not."""
    for each in items(name, default):
        if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", each):
            raise WrongSetting(f"{name} must be a list such as https://www.example.org, not {each!r}.")
    return items(name, default)


def _content(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise WrongSetting(f"{name}_FILE is {path}, which cannot be read: {why}.") from None
