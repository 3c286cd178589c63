"""The fuller form."""

from intake.enums import Behaviour, History, Medical, Situation, Timing
from intake.forms.prebooked import PrebookedForm
from tests.intake.forms.sent import prebooked


def test_the_fuller_set_is_read() -> None:
    form = prebooked(
        behaviours=["gambling"],
        medical=["liver_disease"],
        travel=["drives"],
        situation=["alone"],
        history=["debt_crisis"],
    )
    assert not form.errors
    answers = form.to_answers()
    assert (answers.behaviours, answers.medical) == ((Behaviour.GAMBLING,), (Medical.LIVER_DISEASE,))
    assert answers.situation == (Situation.ALONE, Situation.DRIVES)
    assert answers.history == (History.DEBT_CRISIS,)


def test_a_behaviour_alone_says_what_help_is_wanted_for() -> None:
    assert not prebooked(free_text="", behaviours=["gaming"]).errors


def test_without_a_date_there_is_no_rush() -> None:
    assert prebooked(timing="").to_answers().timing == Timing.FLEXIBLE


def test_nothing_at_all_asks_for_three_answers() -> None:
    assert set(PrebookedForm({}).errors) == {"enquirer", "phone", "free_text"}


def test_the_person_discussed_has_a_name_of_their_own() -> None:
    contact = prebooked(enquirer="loved_one", name="Ada", patient_name="Ben").to_contact()
    assert (contact.name, contact.patient_name) == ("Ada", "Ben")
