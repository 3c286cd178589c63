"""The referral form."""

from crm.enums import CallerRole, Level
from intake.enums import PersonAware
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


def test_nothing_at_all_asks_for_three_answers() -> None:
    assert set(ReferralForm({}).errors) == {"person_aware", "phone", "free_text"}
