"""A site's words, and who may carry them."""

import pytest
from django.db import IntegrityError, transaction

from crm.models import LeadTag, Site, Tag, User
from crm.refusals import TagIsKnown, TagNotOfSite
from crm.services.tagging import add_tag, retire_tag, tag_lead, untag_lead
from jobs.clock import database_now
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db


def test_a_word_is_added_once_whatever_its_capitals(site: Site) -> None:
    assert add_tag(site=site, name="  Needs   funding ", at=database_now()).name == "Needs funding"
    with pytest.raises(TagIsKnown):
        add_tag(site=site, name="needs FUNDING", at=database_now())


def test_a_retired_word_stays_and_is_put_on_no_more(site: Site, coordinator: User) -> None:
    tag, lead = add_tag(site=site, name="Old", at=database_now()), LeadFactory(site=site)
    tag_lead(lead=lead, tag=tag, by=coordinator, at=database_now())
    retire_tag(tag=tag, at=database_now())
    tag.refresh_from_db()
    with pytest.raises(TagNotOfSite):
        tag_lead(lead=LeadFactory(site=site), tag=tag, by=coordinator, at=database_now())
    assert LeadTag.objects.get().lead == lead
    assert add_tag(site=site, name="Old", at=database_now()) != tag


def test_twice_is_once(site: Site, coordinator: User) -> None:
    tag, lead = add_tag(site=site, name="Word", at=database_now()), LeadFactory(site=site)
    said = {"lead": lead, "tag": tag, "by": coordinator, "at": database_now()}
    assert [tag_lead(**said), tag_lead(**said), untag_lead(**said), untag_lead(**said)] == [
        True, False, True, False,
    ]  # fmt: skip


def test_the_database_refuses_another_sites_word(site: Site, coordinator: User) -> None:
    tag = Tag.objects.create(site=site, name="Word", created_at=database_now())
    with pytest.raises(IntegrityError, match="words of its site"), transaction.atomic():
        LeadTag.objects.create(lead=LeadFactory(), tag=tag, by=coordinator, tagged_at=database_now())
