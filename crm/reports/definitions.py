"""What each figure means, in the words that stand beside it."""

from datetime import date

from crm.enums import FUNNEL
from crm.reports.cohorts import settling_days

ENOUGH = (5, 10, 100)  # answers, of which the median, the 90th and the 99th percentile say something
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

OF_ALERTS = (
    "Alerts that go on until somebody answers, about all enquiries received in these dates: emergencies, "
    "review and duplicates, too. A lead can have several; a number opens their leads, each once."
)
ALERTS = (
    f"{OF_ALERTS} The time runs from the beginning of the alert until somebody said that they have it, took "
    "the lead or tried to reach the caller: an answer is no contact yet. Half of the alerts were answered no "
    "later than the median, nine in ten no later than the 90th percentile, 99 in 100 no later than the 99th. "
    f"“Too early to say” stands below {ENOUGH[0]}, {ENOUGH[1]} and {ENOUGH[2]} answers. The level is the "
    "last one that people were told. Not answered: it goes on, or ended because the lead was over or not "
    "urgent any more; the table of steps says which. Answered, then alerted again: of the answered ones, "
    "those after which nobody tried to call until it alerted again."
)
ALERTS_BY_HOUR = "The hour at which the alert began, by the clock of the site. Everything else as above."
DUTY = (
    "What the rota says of whoever answered, at that moment: a shift at the desk, a shift on call, or "
    "neither. Times and answers as above."
)
ALERT_STEPS = (
    "How far the alert had gone when it ended, or has gone by now. Lead over first, lowered first: it ended "
    "so before anybody answered. Managers decide under Who is alerted who is "
    "told in which step. Whoever was told in the first step can answer after the second."
)
ALERT_ROLES = (
    "Answered alerts, by how far they had gone and by the role that whoever answered has at the site now. It "
    "shows whether the steps reach the right people, not who was slow: nobody is named, and a late answer "
    "is no fault by itself."
)
ALERT_WAYS = "The first answer to each alert. What others did after it is not counted. Times as above."
ALERT_MESSAGES = (
    "Messages about one lead to one person by one channel. Summaries of several leads, which people get "
    "after an outage, are about no single lead and left out. Perhaps twice: it was marked as possibly a "
    "second copy. Went another way: this one was given up for another channel. A number opens the leads."
)
ALERT_TRIES = (
    "Every failed try at handing such a message to its channel, with the reason that the provider or the "
    "connection gave. Most messages got through in a later try or another way: the table above says so."
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
