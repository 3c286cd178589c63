"""One site with a row of everything that an address can name, and the people who try to get at it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.test import Client
from django.urls import reverse

from crm.enums import Role
from crm.models import Lead, PhoneCall, PhoneText, Shift, Site, User
from crm.services.handover import write_handover_note
from intake.models import CallerMessage, HelpLine
from intake.services.content import load_shipped_content
from intake.views.desk_texts import EDITED
from jobs.clock import database_now
from jobs.ids import uuid7
from jobs.models import Job
from notifications.enums import MessageState
from notifications.models import Message
from tests.factories import LeadFactory, MembershipFactory, PersonFactory, ShiftFactory, SiteFactory
from tests.factories.phone import PhoneCallFactory, PhoneLineFactory
from tests.matrix.addresses import Address
from tests.matrix.who_may import Rule

NAME, COLLEAGUE, WORDS = "Zebedee Quagmire", "Quentin Colleague", "Only for Harbour House"
NUMBER = "+447700900987"


@dataclass
class Scene:
    """Harbour House, whose rows nobody of another site may see."""

    site: Site
    lead: Lead
    other: Lead
    colleague: User
    shift: Shift
    call: PhoneCall
    text: PhoneText
    job: Job
    message: Message

    def url(self, address: Address) -> str:
        """Return the address of our row. An argument that is not known here raises KeyError."""
        return reverse(address.name, kwargs={name: self._value(address, name) for name in address.arguments})

    def said(self, address: Address, rule: Rule) -> dict[str, Any]:
        """Return the body or the query that goes with it."""
        own = {"crm:find_pair": {"other": self.other.reference}}
        return {**rule.said, **own.get(address.name, {})}

    @cached_property
    def secrets(self) -> list[str]:
        """What nobody of another site may read, in a page or in an address that they are sent to."""
        names = [NAME, COLLEAGUE, WORDS, self.lead.reference, self.other.reference, self.site.slug]
        return [*names, "900987", "900 987", str(self.lead.pk)]

    def _value(self, address: Address, name: str) -> Any:
        if address.name in OWN_VALUES and name in OWN_VALUES[address.name]:
            return OWN_VALUES[address.name][name]()
        return {
            "reference": lambda: self.lead.reference,
            "other": lambda: self.other.reference,
            "slug": lambda: "alcohol" if address.name.startswith("intake:") else self.site.slug,
            "version": lambda: 1,
            "user": lambda: self.colleague.pk,
            "shift": lambda: self.shift.pk,
            "call": lambda: self.call.pk,
            "text": lambda: self.text.pk,
            "job": lambda: self.job.pk,
            "message": lambda: self.message.pk,
            "tab": lambda: "urgent",
        }[name]()


def _a_draft() -> Any:
    return CallerMessage.objects.exclude(state="APPROVED").first().pk  # type: ignore[union-attr]  # shipped


OWN_VALUES: dict[str, dict[str, Any]] = {
    "crm:report_file": {"key": lambda: "funnel", "table": lambda: "cohorts"},
    "intake:desk_line_confirm": {"key": lambda: HelpLine.objects.all()[0].key},
    "intake:desk_line_hide": {"key": lambda: HelpLine.objects.all()[0].key},
    "intake:desk_text": {"key": lambda: min(EDITED), "voice": lambda: "self"},
    "intake:desk_text_approve": {"text": _a_draft},
}


def a_scene(*, with_content: bool) -> Scene:
    """Make it. The words for the public are loaded only where they are asked for."""
    site = SiteFactory(name="Harbour House", slug="harbour-house", is_default=True)
    if with_content:
        load_shipped_content()
    colleague = MembershipFactory(site=site, user__full_name=COLLEAGUE).user
    lead, other = (LeadFactory(site=site, caller=_caller()) for _ in range(2))
    write_handover_note(site=site, by=colleague, text=WORDS, at=database_now())
    line = PhoneLineFactory(site=site)
    return Scene(
        site=site,
        lead=lead,
        other=other,
        colleague=colleague,
        shift=ShiftFactory(site=site, user=colleague),
        call=PhoneCallFactory(line=line, number=NUMBER, lead=lead),
        text=_text(line, lead),
        job=_dead_job(lead),
        message=_failed_message(lead),
    )


def member(site: Site, role: Role) -> User:
    return MembershipFactory(site=site, role=role).user


def everything_elsewhere(user: User) -> User:
    """Give somebody every role at other sites, so that no check of a role alone keeps them out."""
    for role in Role:
        MembershipFactory(user=user, site=SiteFactory(name=f"Far House {role}"), role=role)
    return user


def browser(user: User | None) -> Client:
    """Return the browser of somebody, or of nobody."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def _caller() -> Any:
    return PersonFactory(name=NAME, phone="07700 900987", phone_e164=NUMBER)


def _text(line: Any, lead: Lead) -> PhoneText:
    at = database_now()
    return PhoneText.objects.create(
        site=line.site, line=line, key=str(uuid7()), number=NUMBER, text=WORDS, lead=lead, received_at=at
    )


def _dead_job(lead: Lead) -> Job:
    at = database_now()
    return Job.objects.create(
        kind="crm.tasks.return_lease",
        queue="routine",
        subject=lead.pk,
        dedupe_key=str(uuid7()),
        due_at=at,
        publish_at=at,
        attempts=8,
        dead_at=at,
        error_class="ZeroDivisionError",
        created_at=at,
    )


def _failed_message(lead: Lead) -> Message:
    at = database_now()
    return Message.objects.create(
        kind="URGENT_LEAD_ALERT",
        channel="EMAIL",
        to="someone@threshold.example",
        about=lead.pk,
        context={"reference": lead.reference},
        dedupe_key=str(uuid7()),
        state=MessageState.FAILED,
        failed_at=at,
        created_at=at,
    )
