"""The fictional centre and the people who sign in to it."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from crm.enums import Role
from crm.models import Membership, Site, User

SIGN_INS = "demo-sign-ins.json"


@dataclass(frozen=True)
class Member:
    """One member of staff of the demo; those who sign in get a password, made on the first start."""

    mailbox: str
    name: str
    role: Role
    signs_in: bool = False
    is_admin: bool = False

    @property
    def email(self) -> str:
        return f"{self.mailbox}@threshold.example"


STAFF = (
    Member("coordinator", "Casey Demo", Role.COORDINATOR, signs_in=True),
    Member("clinician", "Clem Demo", Role.CLINICAL_LEAD, signs_in=True),
    Member("manager", "Morgan Demo", Role.MANAGER, signs_in=True),
    Member("admin", "Ash Demo", Role.MANAGER, signs_in=True, is_admin=True),
    Member("robin", "Robin Demo", Role.COORDINATOR),
    Member("toni", "Toni Demo", Role.COORDINATOR),
)


def demo_site() -> Site:
    """Return the site that takes the public forms' enquiries, made up if there is none."""
    made_up = {"slug": "alder-house", "name": "Alder House", "phone": "01632 960 180"}
    return Site.objects.filter(is_default=True).first() or Site.objects.create(is_default=True, **made_up)


def demo_staff(site: Site, folder: Path) -> dict[str, User]:
    """Return the staff by mailbox, made where they are missing; keep new passwords in `folder`."""
    known = _sign_ins(folder)
    users = {member.mailbox: _user(member, site, known) for member in STAFF}
    _keep(known, folder)
    return users


def _user(member: Member, site: Site, known: dict[str, str]) -> User:
    user = User.objects.filter(email=member.email).first() or _new_user(member, known)
    Membership.objects.get_or_create(user=user, site=site, defaults={"role": member.role})
    return user


def _new_user(member: Member, known: dict[str, str]) -> User:
    make = User.objects.create_superuser if member.is_admin else User.objects.create_user
    if member.signs_in:
        known[member.email] = known.get(member.email) or secrets.token_urlsafe(12)
    return make(member.email, known.get(member.email), full_name=member.name)


def _sign_ins(folder: Path) -> dict[str, str]:
    path = folder / SIGN_INS
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _keep(sign_ins: dict[str, str], folder: Path) -> None:
    """Write the passwords where only the owner of DATA_DIR reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / SIGN_INS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as out:
        json.dump(sign_ins, out, indent=2)
