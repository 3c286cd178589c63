"""python -m tests.faults.prepare: fill a stack's database and sign people in; prints their cookies."""

import json
from datetime import timedelta
from uuid import UUID

import django

COORDINATORS = 20
ALERTED = ["coordinator@threshold.example", "manager@threshold.example"]


def main() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load_content", stdout=_Nowhere())
    call_command("demo_data", leads=0, stdout=_Nowhere())
    _alert_only(ALERTED)
    print(json.dumps({"manager": _cookie(_user("manager@threshold.example")), **_another_site()}))


def _alert_only(addresses: list[str]) -> None:
    """Have these alone alerted, and at the desk whatever the hour: the demo's rota depends on it.

    They have e-mail alone. Somebody always watches, so that no alarm is raised but for what a test breaks.
    """
    from crm.models import Membership, Presence, Shift, StaffChannel
    from jobs.clock import database_now

    Membership.objects.exclude(user__email__in=addresses).update(gets_alerts=False)
    Shift.objects.all().delete()
    StaffChannel.objects.all().delete()  # tests.faults.ways says what else they have
    begins, ends = database_now() - timedelta(hours=1), database_now() + timedelta(days=1)
    for member in Membership.objects.filter(user__email__in=addresses):
        Shift.objects.create(user=member.user, site=member.site, starts_at=begins, ends_at=ends)
        Presence.objects.create(user=member.user, seen_at=ends, acted_at=ends)


def _another_site() -> dict[str, object]:
    """Make a second site where nobody is alerted, with many coordinators and no leads."""
    from crm.models import Site

    site = Site.objects.create(slug="far-house", name="Far House", phone="01632 960 181")
    return {"site": str(site.pk), "coordinators": [_coordinator(site.pk, n) for n in range(COORDINATORS)]}


def _coordinator(site: UUID, number: int) -> str:
    from crm.enums import Role
    from crm.models import Membership, User

    user = User.objects.create_user(f"coordinator{number}@far.example", None, full_name=f"Casey {number}")
    Membership.objects.create(user=user, site_id=site, role=Role.COORDINATOR, gets_alerts=False)
    return _cookie(user)


def _user(email: str) -> object:
    from crm.models import User

    return User.objects.get(email=email)


def _cookie(user: object) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class _Nowhere:
    def write(self, words: str) -> None:
        """Keep standard output for the one line of JSON."""


if __name__ == "__main__":
    django.setup()
    main()
