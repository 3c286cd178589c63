"""The shapes of the public API, as its document shows them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from crm.api.problems import InvalidProblem, PhoneProblem
from intake.consent import Consent
from intake.contact import Contact
from intake.enums import Outcome
from intake.triage.answers import Answers

EXAMPLE = {
    "enquirer": "self",
    "age_band": "18_64",
    "substances": [{"name": "alcohol", "freq": "daily", "amount_per_day": 18, "unit": "uk_units"}],
    "symptoms": ["tremor"],
    "suicide": "none_disclosed",
    "timing": "within_72h",
    "contact": {"name": "Ada Example", "phone": "07700 900123", "safe_contact": {"voicemail": False}},
    "consent": True,
}


class EnquiryIn(Answers):
    """The answers of an enquiry, who asks, and what they agreed to. Only `contact` is needed."""

    contact: Contact
    consent: bool | Consent | None = None


class EnquiryBody(dict[str, Any]):
    """An enquiry as it was sent. Each part is read by its own parser, so that all errors come at once."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.dict_schema(core_schema.str_schema(), core_schema.any_schema())

    @classmethod
    def __get_pydantic_json_schema__(cls, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(EnquiryIn.__pydantic_core_schema__)


class CallerMessageOut(BaseModel):
    key: str = Field(examples=["MALC"])
    text: str


class NotTaken(BaseModel):
    """What to show to the caller all the same, if their answers could be read: danger comes first."""

    messages: list[CallerMessageOut] = []


class InvalidEnquiry(InvalidProblem, NotTaken):
    """What makes no sense, field by field. `messages` are there if the answers tell of an emergency."""


class EnquiryNotStored(PhoneProblem, NotTaken):
    """Nothing was stored. `messages` say what to do meanwhile."""


class EnquiryOut(BaseModel):
    """What to show to the caller, `messages` first and in this order."""

    reference: str = Field(examples=["T7K4-9QXM"], description="Can be read out over the phone.")
    status_url: str = Field(description="The caller's own page, good for 30 days.")
    outcome: Outcome
    messages: list[CallerMessageOut]
    call_by: datetime = Field(
        description="By then a person is to be in touch; `promise` says whether that is sure."
    )
    promise: str = Field(
        description="What to tell the caller of it, in the words of their own page.",
        examples=["A person will call you before 14:25 today."],
    )
