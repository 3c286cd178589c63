"""The referral form."""

import pytest

from crm.enums import CallerRole, Level
from intake.enums import AgeBand, PersonAware
from intake.forms.refer import ReferralForm
from intake.triage.engine import triage
from intake.triage.rules import shipped_rules
from tests.intake.forms.sent import referral


def test_a_referral_speaks_for_somebody_else() -> None:
    form = referral(enquirer="self", person_aware="no", patient_name="Ben")
    assert not form.errors
    answers = form.to_answers()
    assert (answers.enquirer, answers.person_aware) == (CallerRole.PROFESSIONAL, PersonAware.NO)
    assert form.to_contact().organisation == "Example Surgery"
    assert form.to_contact().job_title == "GP"


def test_the_agreement_has_to_be_answered_and_may_be_open() -> None:
    assert "person_aware" in referral(person_aware="").errors
    assert not referral(person_aware="unknown").errors


def test_a_professional_can_say_that_it_is_urgent() -> None:
    calm = {"suicide": "none_disclosed", "age_band": "18_64"}
    assert triage(shipped_rules(), referral(professional_urgent="yes", **calm).to_answers()).level == Level.U2
    assert triage(shipped_rules(), referral(professional_urgent="no", **calm).to_answers()).level == Level.P2


def test_nothing_at_all_asks_for_five_answers() -> None:
    assert set(ReferralForm({}).errors) == {"person_aware", "phone", "free_text", "job_title", "organisation"}


@pytest.mark.parametrize(
    ("field", "asks"), [("job_title", "Write your role"), ("organisation", "Write the name of your organ")]
)
def test_role_and_organisation_are_needed_and_the_rest_is_kept(field: str, asks: str) -> None:
    form = referral(**{field: " ", "free_text": "I am worried"})
    assert form.errors.keys() == {field}
    assert form.errors[field][0].startswith(asks)
    assert form["free_text"].value() == "I am worried"


def test_staff_read_who_refers_and_how_old_the_person_is() -> None:
    words = referral(born="27 3 2009").to_answers().free_text
    assert words.endswith("[Referred by: GP, Example Surgery]\n[Date of birth or age: 27 3 2009]")
    assert "Date of birth" not in referral().to_answers().free_text


@pytest.mark.parametrize(
    ("ticked", "born", "band"),
    [
        ("", "15", AgeBand.UNDER_16),
        ("18_64", "15", AgeBand.UNDER_16),
        ("under_16", "40", AgeBand.UNDER_16),
        ("unknown", "40", AgeBand.AGE_18_64),
        ("", "about thirty", AgeBand.UNKNOWN),
        ("16_17", "", AgeBand.AGE_16_17),
    ],
)
def test_of_two_answers_on_the_age_the_more_serious_one_counts(ticked: str, born: str, band: AgeBand) -> None:
    assert referral(age_band=ticked, born=born).to_answers().age_band == band
