"""A clinic's own website sends an enquiry; its own software works on the lead; all of it over JSON."""

from typing import Any

import pytest

from crm.enums import EventKind
from crm.models import LeadEvent, Site, User
from intake.models import Enquiry
from intake.services.placement import place_lead
from intake.services.reconciliation import reconcile
from jobs.clock import database_now
from tests.crm.api.conftest import acting_as
from tests.factories.enquiries import DRINKER
from tests.intake.api.conftest import post_enquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(site: Site) -> Site:
    """Harbour House takes what the public sends."""
    site.is_default = True
    site.save()
    return site


def test_from_the_website_to_a_lead_that_is_closed(site: Site, coordinator: User) -> None:
    sent: dict[str, Any] = DRINKER | {"contact": {"name": "Ada Example", "phone": "07700 900123"}}
    told = post_enquiry(sent, key="from-the-website").json()
    assert told["messages"][0]["text"].startswith("Do not stop drinking suddenly")
    place_lead(enquiry_id=Enquiry.objects.get().pk, at=database_now())

    api = acting_as(coordinator)
    [row] = api("queues/urgent/leads").json()["leads"]
    assert (row["reference"], row["caller"], row["level"]) == (told["reference"], "Ada Example", "U1")
    lead = f"leads/{row['reference']}"
    assert api(f"{lead}/claim", {}).json()["is_mine"]

    answered = {"method": "call", "outcome": "spoke", "two_way": True, "note": "Wants to come on Monday."}
    assert api(f"{lead}/contact-attempts", answered).json()["stage"] == "contacted"
    lowered = {
        "level": "P1",
        "reason_code": "told_on_call",
        "reason": "Is with a friend, no withdrawal signs.",
    }
    assert api(f"{lead}/placements", lowered).json()["queue"] == "prebooked"
    assert api(f"{lead}/close", {"disposition": "chose_another"}).json()["stage"] == "closed"

    assert api("queues/urgent/leads").json()["leads"] == []
    titles = [entry["title"] for entry in api(lead).json()["timeline"]]
    assert {"Enquiry received", "Placed in a queue", "First two-way contact", "Closed"} <= set(titles)
    assert LeadEvent.objects.filter(kind=EventKind.CLOSED).count() == 1
    assert reconcile().unaccounted == 0
