"""What each figure means, in the words that stand beside it."""

from datetime import date

from crm.enums import FUNNEL
from crm.reports.cohorts import settling_days

LEFT_OUT = "Emergencies (E1 and E2), leads in review, duplicates and closings as not an enquiry are left out."
OVERVIEW = (
    "Enquiries, never contacted and admitted leave out emergencies; promises and waits count them, too. "
    "Leads in review, duplicates and closings as not an enquiry are left out everywhere. Every number opens "
    "the leads that it counts."
)
COHORTS = (
    "Each line is the enquiries of one week or month, however late the step came; the percentage is of those "
    "received. “Too early to say” stands until the youngest enquiry of the line is old enough for the step."
)
BESIDE = (
    "Never contacted: in the funnel as received, without two-way contact so far. The other lines are not in "
    "the funnel: emergencies have their own table below, leads in review have not been accepted yet, and "
    "duplicates and closings as not an enquiry could never convert."
)
FIRST_CONTACT = (
    "First contact is the first logged two-way contact: someone spoke or wrote back. Voicemails and "
    "unanswered calls do not count. Half of those spoken with waited no longer than the median, nine in ten "
    "no longer than the 90th percentile. In time: first contact by the time that the level promises, as a "
    "share of all but those still in time. Not reached: the promised time has passed, and nobody has spoken "
    "with them; they count as not in time. Still in time: the promised time is yet to come."
)
BY_LEVEL = (
    f"{FIRST_CONTACT} The level is the lead's level now. Leads in review, duplicates and closings as not an "
    "enquiry are left out."
)
BY_HOUR = "The hour at which the enquiry came in, by the clock of its site. Everything else as above."
EMERGENCIES = (
    "Leads at E1 or E2: they were shown where to get help at once, and a person calls them as well. Whether "
    "they are admitted is no measure of this service, so they stand apart. Waits and promises are counted as "
    "in the report on the time to first contact."
)
CLOSED = (
    "Every lead received in these dates that is closed now: emergencies, duplicates and closings as not an "
    "enquiry, too. A lead that was opened again is not closed. The stage is the one that the lead was closed "
    "from, the latest time."
)


def steps() -> str:
    days = ", ".join(_settling(settling_days(step), stage.label) for step, stage in enumerate(FUNNEL, 1))
    return (
        f"Enquiries received in these dates. {LEFT_OUT} A lead that got to a later step counts for the "
        f"earlier ones. Percentages look only at enquiries that have had time for the step: {days}."
    )


def _settling(days: int, stage: str) -> str:
    return f"{days} {'day' if days == 1 else 'days'} for {stage}"


def source(before: date) -> str:
    return f"The campaign or the website that a visitor came from, else the channel. {_rates(before)}"


def campaign(before: date) -> str:
    return f"The campaign that the link or the code named; none for most. {_rates(before)}"


def landing(before: date) -> str:
    return f"The page on which the visit began, for enquiries by a form. {_rates(before)}"


def substance(before: date) -> str:
    return f"The substance or behaviour that the enquiry is mainly about. {_rates(before)}"


def _rates(before: date) -> str:
    return (
        f"{LEFT_OUT} The admission rate looks only at enquiries from before {before.day} {before:%B %Y}: "
        "later ones are too young to judge."
    )
