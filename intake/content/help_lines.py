"""The help lines that ship: dated configuration, the start of what staff keep up to date in the database."""

from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

SHIPPED_FILE = Path(__file__).with_name("help_lines.yaml")


class HelpLineData(BaseModel):
    """One number: its names and fields are those of the model HelpLine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    locale: str
    nation: str
    name: str
    number: str
    dial: str
    purpose: str
    hours: str
    source: str
    phrases: dict[str, str] = {}
    is_confirmed: bool
    checked_date: date | None
    next_check_date: date
    position: int


@lru_cache(maxsize=1)
def shipped_help_lines() -> tuple[HelpLineData, ...]:
    """Return the shipped help lines in the order in which they are shown."""
    lines = yaml.safe_load(SHIPPED_FILE.read_text(encoding="utf-8"))["help_lines"]
    return tuple(HelpLineData(**line, position=position) for position, line in enumerate(lines, 1))
