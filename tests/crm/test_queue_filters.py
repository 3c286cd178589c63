"""What stands in the address of a narrowed queue, and which leads that shows."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from crm.enums import Level, Stage
from crm.models import Lead, Site, User
from crm.queue_filters import QueueFilter
from crm.services.tagging import add_tag, tag_lead
from jobs.clock import database_now
from tests.factories import LeadFactory


def parsed(text: str) -> QueueFilter:
    return QueueFilter.parse(QueryDict(text))


@given(
    st.builds(
        QueueFilter,
        levels=st.lists(st.sampled_from(Level), unique=True).map(
            lambda found: tuple(sorted(found, key=list(Level).index))
        ),
        stages=st.lists(st.sampled_from(Stage), unique=True).map(
            lambda found: tuple(sorted(found, key=list(Stage).index))
        ),
        owner=st.sampled_from(["", "me", "nobody", str(uuid4())]),
        source=st.text(max_size=20).filter(lambda text: "\x00" not in text),
        tag=st.sampled_from(["", str(uuid4())]),
        overdue=st.booleans(),
    )
)
def test_a_filter_comes_back_from_its_address_as_it_was(narrowed: QueueFilter) -> None:
    assert parsed(str(narrowed)) == narrowed


@pytest.mark.parametrize(
    "text", ["", "level=X9", "owner=Ada", "tag=1", "overdue=yes", "stage=", "nonsense=1"]
)
def test_what_makes_no_sense_narrows_nothing(text: str) -> None:
    assert not parsed(text)
    assert str(parsed(text)) == ""


@pytest.fixture
def leads(site: Site, coordinator: User) -> dict[str, Lead]:
    at = database_now()
    found = {
        "late": LeadFactory(site=site, level=Level.U1, received_at=at - timedelta(hours=3)),
        "mine": LeadFactory(site=site, level=Level.U2, taken=True, owner=coordinator),
        "ketamine": LeadFactory(site=site, level=Level.U3, main_substance="ketamine", source="google"),
        "offered": LeadFactory(site=site, level=Level.U3, contacted=True, stage=Stage.OFFERED),
        "unplaced": LeadFactory(site=site, unrouted=True),
    }
    tag = add_tag(site=site, name="Word", at=at)
    tag_lead(lead=found["late"], tag=tag, by=coordinator, at=at)
    return found


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"levels": (Level.U1,)}, {"late", "unplaced"}),
        ({"levels": (Level.U2, Level.U3)}, {"mine", "ketamine", "offered"}),
        ({"stages": (Stage.OFFERED,)}, {"offered"}),
        ({"owner": "me"}, {"mine"}),
        ({"owner": "nobody"}, {"late", "ketamine", "offered", "unplaced"}),
        ({"source": "google"}, {"ketamine"}),
        ({"substance": "ketamine", "levels": (Level.U1,)}, set()),
        ({"overdue": True}, {"late"}),
        ({}, {"late", "mine", "ketamine", "offered", "unplaced"}),
    ],
)
def test_each_condition_shows_what_it_says(
    leads: dict[str, Lead], coordinator: User, said: dict[str, Any], names: set[str]
) -> None:
    found = Lead.objects.filter(QueueFilter(**said).condition(coordinator, database_now()))
    assert {name for name, lead in leads.items() if lead in found} == names


def test_a_tag_and_a_colleague_narrow_too(leads: dict[str, Lead], coordinator: User, manager: User) -> None:
    tag = str(leads["late"].tagged.get().tag_id)
    at = database_now()
    assert list(Lead.objects.filter(QueueFilter(tag=tag).condition(manager, at))) == [leads["late"]]
    hers = QueueFilter(owner=str(coordinator.pk)).condition(manager, at)
    assert list(Lead.objects.filter(hers)) == [leads["mine"]]


def test_it_says_in_words_what_is_shown() -> None:
    narrowed = QueueFilter(levels=(Level.U1,), substance="ghb_gbl", owner="nobody", tag="x", overdue=True)
    assert narrowed.words == "Only: U1, GHB or GBL, overdue, with nobody, with a tag."
    assert QueueFilter(owner=str(uuid4())).words == "Only: with one colleague."
