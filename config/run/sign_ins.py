"""Who can sign in to the demo, with which password."""

import json
from pathlib import Path


def sign_ins(folder: Path) -> list[str]:
    """Return the lines to be printed; none when `folder` holds no demo."""
    try:
        known = json.loads((folder / "demo-sign-ins.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    width = max((len(email) for email in known), default=0)
    return ["Demo sign-ins:", *(f"  {email:{width}}  {password}" for email, password in known.items())]
