"""`manage.py reconcile`: every enquiry is on one lead, or in review."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from crm.models import Lead, LeadReference, Site, User
from crm.services.review import reject_in_review
from intake.services.reconciliation import Reconciliation, reconcile
from intake.services.submission import Submission, submit_enquiry
from jobs.clock import database_now
from tests.factories.enquiries import submission
from tests.intake.services.refusing import refusing_inserts

pytestmark = pytest.mark.django_db


def arrive(sent: Submission) -> None:
    submit_enquiry(submission=sent, at=database_now())


def command() -> tuple[dict[str, int], int]:
    out, status = StringIO(), 0
    try:
        call_command("reconcile", stdout=out)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return json.loads(out.getvalue()), status


def test_before_the_first_enquiry_everything_adds_up() -> None:
    assert command() == ({"received": 0, "on_leads": 0, "in_review": 0, "unaccounted": 0}, 0)


def test_each_enquiry_counts_once_wherever_it_is(site: Site) -> None:
    for _ in range(3):
        arrive(submission(site))
    arrive(submission(site, phone="07700 900555"))
    arrive(replace(submission(site), flags=["HONEYPOT"]))
    assert command() == ({"received": 5, "on_leads": 4, "in_review": 1, "unaccounted": 0}, 0)


def test_a_persons_verdict_is_an_account(site: Site, coordinator: User) -> None:
    arrive(replace(submission(site), flags=["HONEYPOT"]))
    reject_in_review(lead=Lead.objects.get(), by=coordinator, at=database_now())
    assert reconcile() == Reconciliation(received=1, on_leads=0, in_review=1)


def test_an_enquiry_without_a_lead_is_found_and_fails_the_command(site: Site) -> None:
    with refusing_inserts("crm_lead"):
        arrive(submission(site))
    assert command() == ({"received": 1, "on_leads": 0, "in_review": 0, "unaccounted": 1}, 1)


def test_a_link_to_the_wrong_lead_is_found(site: Site) -> None:
    arrive(submission(site))
    arrive(submission(site, phone="07700 900555", email=""))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    one, other = Lead.objects.all()
    LeadReference.objects.filter(lead=one).update(lead=other)
    assert reconcile().unaccounted == 1
