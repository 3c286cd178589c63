"""Sending an enquiry: public, and stored the same way as a form."""

from typing import Annotated, Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.urls import reverse
from ninja import Body, Header, Router, Status

from crm.api.problems import ApiProblem, Kind, PhoneProblem, Problem, unavailable
from crm.enums import LeadChannel
from crm.models import Site
from intake.api.promised import promised
from intake.api.reading import Said, read_enquiry, storable_key
from intake.api.schemas import EXAMPLE, EnquiryBody, EnquiryNotStored, EnquiryOut, InvalidEnquiry
from intake.selectors import default_site, known_phone
from intake.services.advice import advice_without_database
from intake.services.answering import as_told
from intake.services.submission import KeyReused, Receipt, Submission, submit_enquiry
from intake.tokens import received_token
from intake.views.screening import screened_api
from jobs.clock import database_now
from jobs.reconnecting import on_live_connection

log = structlog.get_logger(__name__)
router = Router(tags=["Enquiries"])

FORM_VERSION = "api-1"
ANSWERS = {
    201: EnquiryOut,
    400: Problem,
    409: Problem,
    413: PhoneProblem,
    422: InvalidEnquiry,
    500: Problem,
    503: EnquiryNotStored,
}
KEY_REUSED = "This Idempotency-Key came with another body before, and that one stands. Use a new key."


@router.post(
    "/enquiries",
    response=ANSWERS,
    summary="Send an enquiry",
    operation_id="send_enquiry",
    openapi_extra={"requestBody": {"content": {"application/json": {"example": EXAMPLE}}}},
)
def send_enquiry(
    request: HttpRequest,
    body: Annotated[EnquiryBody, Body()],
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key")] = "",
) -> Status[EnquiryOut]:
    """Store an enquiry and answer with what to tell the caller.

    An answer that is missing counts as unknown or empty. Send an `Idempotency-Key` of your own: a retry with
    the same key and body gets the same answer and makes no second enquiry. Without one, every request is an
    enquiry of its own. A key is kept for good.
    """
    said, key = read_enquiry(body), storable_key(idempotency_key)
    flags = screened_api(request, free_text=said.answers.free_text)
    try:
        receipt = on_live_connection(
            lambda: submit_enquiry(submission=_submission(said, key, flags), at=database_now())
        )
    except KeyReused:
        raise ApiProblem(Kind.CONFLICT, KEY_REUSED, name="idempotency-key-reused") from None
    except (OperationalError, InterfaceError, Site.DoesNotExist) as error:
        log.error("enquiry_not_stored", error=type(error).__name__)
        raise unavailable(known_phone(), messages=as_told(advice_without_database(said.answers))) from None
    return Status(201, _told(receipt))


def _submission(said: Said, key: str, flags: list[str]) -> Submission:
    return Submission(
        answers=said.answers,
        contact=said.contact,
        site=default_site(),
        channel=LeadChannel.API,
        form_version=FORM_VERSION,
        idempotency_key=key,
        consent=said.consent.to_dict(),
        flags=flags,
    )


def _told(receipt: Receipt) -> EnquiryOut:
    told: dict[str, Any] = receipt.answer.to_dict() | {"promise": promised(receipt)}
    page = reverse("intake:received", args=[received_token(receipt.enquiry.pk)])
    return EnquiryOut(**told, status_url=settings.BASE_URL + page)
