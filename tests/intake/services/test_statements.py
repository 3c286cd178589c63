"""How many statements an enquiry costs: each one that is added is a decision, not an accident."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Site
from intake.services.submission import Submission, submit_enquiry
from jobs.clock import database_now
from tests.factories.enquiries import DRINKER, submission

pytestmark = pytest.mark.django_db(transaction=True)


def statements(sent: Submission) -> list[str]:
    """Return the statements of one submission, BEGIN and COMMIT among them."""
    at = database_now()
    with CaptureQueriesContext(connection) as captured:
        submit_enquiry(submission=sent, at=at)
    return [query["sql"].strip() for query in captured]


def test_a_new_caller_costs_twenty_statements_in_two_transactions(site: Site) -> None:
    said = statements(submission(site, said=DRINKER, email=""))
    assert [said.count("BEGIN"), said.count("COMMIT")] == [2, 2]
    assert not [each for each in said if each.startswith(("SAVEPOINT", "RELEASE"))]
    assert len(said) == 20


def test_an_acknowledgement_costs_four_more(site: Site) -> None:
    """One of them asks the desk whether the address is safe: the last word, whoever sends."""
    assert len(statements(submission(site, said=DRINKER))) == 24


def test_a_repeat_caller_costs_one_more(site: Site) -> None:
    """No new person and lead: the open lead is read, its caller brought up to date, the enquiry counted.

    Two statements move the lead up its queue, by the weights of its site.
    """
    statements(submission(site, said=DRINKER, email=""))
    assert len(statements(submission(site, said=DRINKER, email=""))) == 21


def test_a_retry_costs_four(site: Site) -> None:
    sent = submission(site, said=DRINKER)
    statements(sent)
    assert len(statements(sent)) == 4  # BEGIN, INSERT, ROLLBACK, SELECT
