"""What a caller asks for on their own page: one call to the desk for each wish."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from crm.models import Lead
from crm.services.acknowledgement import send_copy
from crm.services.caller_requests import (
    ask_for_erasure,
    ask_for_sooner_call,
    close_pages,
    resume_contact,
    stop_contact,
)
from crm.services.own_ways import change_own_ways
from intake.contact import WAYS, Contact
from intake.models import Enquiry
from intake.persons import caller_details
from intake.services.answering import answer_by_now
from intake.status import State, Status, page_of
from intake.tokens import received_token

Wish = Callable[[Enquiry, Lead, Status, datetime], None]


class NotOffered(Exception):
    """The page does not offer this at the moment: it was asked already, or another tab has changed it."""


def grant(*, wish: str, enquiry: Enquiry, status: Status, at: datetime) -> None:
    """Do what the page offers. Raises KeyError for an unknown wish, NotOffered for what is not offered."""
    perform = WISHES[wish]
    if enquiry.lead is None:
        raise NotOffered
    perform(enquiry, enquiry.lead, status, at)


def change_ways(*, enquiry: Enquiry, contact: Contact, at: datetime) -> None:
    """Reach the caller as they say now. Raises NotOffered while the enquiry is on no lead."""
    if enquiry.lead is None:
        raise NotOffered
    ticked: dict[str, Any] = {f"may_{way}": way in contact.stated_ways for way in WAYS}
    details = replace(caller_details(contact), **ticked)  # the address of a way may be known already
    change_own_ways(lead=enquiry.lead, page=page_of(enquiry, enquiry.lead), details=details, at=at)


def _sooner(enquiry: Enquiry, lead: Lead, status: Status, at: datetime) -> None:
    if not status.may_ask_sooner:
        raise NotOffered
    ask_for_sooner_call(lead=lead, page=page_of(enquiry, lead), at=at)


def _stop(enquiry: Enquiry, lead: Lead, status: Status, at: datetime) -> None:
    stop_contact(lead=lead, page=page_of(enquiry, lead), at=at)


def _resume(enquiry: Enquiry, lead: Lead, status: Status, at: datetime) -> None:
    if not status.is_own:
        raise NotOffered
    resume_contact(lead=lead, at=at)


def _copy(enquiry: Enquiry, lead: Lead, status: Status, at: datetime) -> None:
    if not status.may_have_copy:
        raise NotOffered
    page, link = page_of(enquiry, lead), settings.BASE_URL + _address(enquiry)
    waits = status.state == State.WAITING
    promise = answer_by_now(enquiry).promise if waits and not status.promise.is_past else None
    send_copy(lead=lead, page=page, promise=promise, link=link, at=at)


def _erase(enquiry: Enquiry, lead: Lead, status: Status, at: datetime) -> None:
    ask_for_erasure(lead=lead, page=page_of(enquiry, lead), at=at)


def _close(enquiry: Enquiry, lead: Lead, status: Status, at: datetime) -> None:
    close_pages(lead=lead, at=at)


def _address(enquiry: Enquiry) -> str:
    return reverse("intake:received", args=[received_token((enquiry.adds_to or enquiry).pk)])


WISHES: dict[str, Wish] = {
    "sooner": _sooner,
    "stop": _stop,
    "resume": _resume,
    "copy": _copy,
    "erase": _erase,
    "close": _close,
}
