"""Phone lines, and what phone systems send. Ofcom's numbers for drama."""

import json
from typing import Any
from uuid import uuid4

import factory
from django.conf import LazySettings
from django.http import HttpResponse, QueryDict
from django.test import Client
from factory.django import DjangoModelFactory

from crm.enums import CallDirection, CallState, PhoneProvider
from crm.models import PhoneCall, PhoneLine
from crm.services.phone_events import process_event
from crm.telephony.numbers import number_tokens
from jobs.clock import database_now
from jobs.models import Job
from notifications.hooks.signatures import standard_signature, twilio_signature
from tests.factories.staff import SiteFactory

SECRET = "a-secret-of-the-tests"
NUMBER = "+447700900123"
HOST = "desk.threshold.example"


class PhoneLineFactory(DjangoModelFactory[PhoneLine]):
    class Meta:
        model = PhoneLine

    site = factory.SubFactory(SiteFactory)
    name = "Front desk"
    provider = PhoneProvider.TWILIO
    secret_name = "front"


class PhoneCallFactory(DjangoModelFactory[PhoneCall]):
    """A call that nobody answered, just now."""

    class Meta:
        model = PhoneCall

    line = factory.SubFactory(PhoneLineFactory)
    site = factory.SelfAttribute("line.site")
    key = factory.LazyFunction(lambda: uuid4().hex)
    direction = CallDirection.IN
    state = CallState.MISSED
    number = NUMBER
    search_tokens = factory.LazyAttribute(lambda call: number_tokens(call.number))
    started_at = factory.LazyFunction(database_now)
    ended_at = factory.SelfAttribute("started_at")


def configure(settings: LazySettings) -> None:
    """Give the line `front` its secret."""
    settings.PHONE_SECRETS = {"front": SECRET}


def address(line: PhoneLine) -> str:
    return f"/hooks/phone/{line.pk}/"


def ring(**said: str) -> dict[str, str]:
    """Return Twilio's parameters of a call that comes in, changed by what is given."""
    call = {"CallSid": "CA1", "CallStatus": "ringing", "Direction": "inbound"}
    return call | {"From": NUMBER, "To": "+441632960000"} | said


def text(body: str, **said: str) -> dict[str, str]:
    """Return Twilio's parameters of a text that comes in."""
    found = {"MessageSid": f"SM{uuid4().hex}", "SmsStatus": "received", "Body": body}
    return found | {"From": NUMBER, "To": "+441632960000"} | said


def from_twilio(client: Client, line: PhoneLine, said: dict[str, str], **headers: str) -> HttpResponse:
    """Post as Twilio does, signed for the address that it was given."""
    posted = QueryDict(mutable=True)
    posted.update(said)
    url = f"https://{HOST}{address(line)}"
    signed = twilio_signature(secret=SECRET, url=url, posted=posted)
    sent = {"X-Twilio-Signature": signed, "Host": HOST} | headers
    return client.post(address(line), said, secure=True, headers=sent)


def from_other(
    client: Client, line: PhoneLine, said: dict[str, Any], *, event_id: str = "", sent_at: int | None = None
) -> HttpResponse:
    """Post as any other system does."""
    body = json.dumps(said).encode()
    stamp = str(int(database_now().timestamp()) if sent_at is None else sent_at)
    found = event_id or uuid4().hex
    headers = {
        "webhook-id": found,
        "webhook-timestamp": stamp,
        "webhook-signature": standard_signature(secret=SECRET, id=found, timestamp=stamp, body=body),
    }
    return client.post(address(line), body, content_type="application/json", headers=headers)


def run_phone_jobs() -> None:
    """Do what a worker does with the stored messages, oldest first."""
    for job in Job.objects.filter(kind="crm.tasks.process_phone_event", done_at=None).order_by("created_at"):
        process_event(event_id=job.subject, at=database_now())
        Job.objects.filter(pk=job.pk).update(done_at=database_now())
