"""Somebody rings at night and nobody answers; in the morning they are rung back, and later they text STOP."""

import pytest
from django.conf import LazySettings
from django.test import Client

from crm.enums import CallEnding, EventKind
from crm.models import Lead, PhoneCall, Site
from intake.models import Enquiry
from intake.services.placement import place_lead
from intake.services.reconciliation import reconcile
from jobs.clock import database_now
from tests.factories.phone import NUMBER, PhoneLineFactory, configure, from_twilio, ring, run_phone_jobs, text
from tests.pages import text_of

FAR = {"ParentCallSid": "CA3", "Direction": "outbound-dial", "To": "+441632960001"}


@pytest.mark.django_db(transaction=True)
def test_nobody_who_rings_is_forgotten(desk: Client, site: Site, settings: LazySettings) -> None:
    configure(settings)
    line, system = PhoneLineFactory(site=site, passes_on_to="+441632960001"), Client()

    from_twilio(system, line, ring())
    run_phone_jobs()
    assert "Ringing now on Front desk: unknown number" in text_of(desk.get("/desk/"))

    from_twilio(system, line, ring(CallStatus="in-progress", DialCallStatus="no-answer"))
    from_twilio(system, line, ring(CallStatus="completed"))
    run_phone_jobs()
    assert "Calls and texts 1 waiting" in text_of(desk.get("/desk/calls/"))

    call = PhoneCall.objects.get()
    desk.post(f"/desk/calls/{call.pk}/enquiry/")
    lead = Lead.objects.get()
    place_lead(enquiry_id=Enquiry.objects.get().pk, at=database_now())
    assert (PhoneCall.objects.get().ending, reconcile().unaccounted) == (CallEnding.ENQUIRY, 0)

    from_twilio(system, line, ring(CallSid="CA3"))
    from_twilio(system, line, ring(**FAR, CallSid="CA4", CallStatus="in-progress"))
    run_phone_jobs()
    assert f"On the phone on Front desk: no name given , {lead.reference}" in text_of(desk.get("/desk/"))
    from_twilio(system, line, ring(CallSid="CA3", CallStatus="completed", DialCallStatus="completed"))
    run_phone_jobs()
    assert "On the phone" not in text_of(desk.get("/desk/"))
    assert lead.events.filter(kind=EventKind.CALL_CONNECTED).count() == 1

    from_twilio(system, line, text("Thank you, I will come on Monday"))
    from_twilio(system, line, text("STOP"))
    run_phone_jobs()
    page = text_of(desk.get(f"/desk/leads/{lead.reference}/"))
    assert "Thank you, I will come on Monday" in page
    assert "Nothing may be sent, and nobody calls" in page
    assert NUMBER not in str(list(lead.events.values_list("data", flat=True)))

    from_twilio(system, line, ring(CallSid="CA5", CallStatus="no-answer"))
    run_phone_jobs()
    listed = desk.get("/desk/calls/")
    assert "Calls are not safe" in text_of(listed)
    assert "tel:" not in listed.content.decode()
