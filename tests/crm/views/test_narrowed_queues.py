"""Narrowing a queue, keeping that under a name, tags, and one thing done to ticked leads."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.enums import Level, Role
from crm.models import Batch, Lead, LeadTag, SavedView, Site, Tag, User
from crm.services.tagging import add_tag, tag_lead
from jobs.clock import database_now
from tests.factories import LeadFactory
from tests.pages import text_of

URGENT = "/desk/queues/urgent/"
VIEWS, TAGS, BULK = "/desk/views/", "/desk/tags/", "/desk/bulk/"


def rows(response: Any) -> list[str]:
    return re.findall(r'id="lead-([A-Z0-9-]{9})"', response.content.decode())


@pytest.fixture
def tag(site: Site) -> Tag:
    return add_tag(site=site, name="Call after payday", at=database_now())


def test_the_address_narrows_the_page_and_its_refresh(desk: Client, site: Site) -> None:
    wanted, _ = LeadFactory(site=site, level=Level.U1), LeadFactory(site=site, level=Level.U3)
    page = desk.get(URGENT + "?level=U1")
    assert rows(page) == [wanted.reference]
    assert 'hx-get="/desk/queues/urgent/?level=U1"' in page.content.decode()
    assert rows(desk.get(URGENT + "?level=U1", headers={"HX-Request": "true"})) == [wanted.reference]


def test_the_next_page_stays_narrowed(desk: Client, site: Site) -> None:
    for number in range(70):
        LeadFactory(site=site, level=Level.U1 if number % 7 else Level.U3)
    first = desk.get(URGENT + "?level=U1")
    following = re.findall(r'id="page-next" href="([^"]+)"', first.content.decode())[0].replace("&amp;", "&")
    second = desk.get(following)
    assert len(rows(first) + rows(second)) == 60
    assert set(rows(first)).isdisjoint(rows(second))
    assert 'id="page-first" href="/desk/queues/urgent/?level=U1"' in second.content.decode()


def test_nothing_like_that_says_so(desk: Client, site: Site) -> None:
    LeadFactory(site=site)
    assert "Nothing here is like that" in text_of(desk.get(URGENT + "?substance=ketamine"))


def test_one_narrowed_lead_and_thirty_cost_the_same(
    desk: Client,
    site: Site,
    coordinator: User,
    tag: Tag,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    address = f"{URGENT}?tag={tag.pk}&level=U2"
    for number in range(30):
        lead = LeadFactory(site=site)
        tag_lead(lead=lead, tag=tag, by=coordinator, at=database_now())
        if number in {0, 29}:
            with django_assert_max_num_queries(16):
                assert len(rows(desk.get(address))) == number + 1


def test_a_view_is_kept_and_leads_back(desk: Client, site: Site) -> None:
    said = {"name": "  Detox  this week ", "tab": "urgent", "level": ["U1", "U2"], "nonsense": "1"}
    assert desk.post(VIEWS, said).url == URGENT + "?level=U1&level=U2"
    view = SavedView.objects.get()
    assert (view.name, view.query, view.site) == ("Detox this week", "level=U1&level=U2", None)
    assert "Detox this week" in text_of(desk.get(URGENT))


def test_a_view_of_the_same_name_is_replaced(desk: Client) -> None:
    for level in ("U1", "U3"):
        desk.post(VIEWS, {"name": "Mine", "tab": "urgent", "level": level})
    assert SavedView.objects.get().query == "level=U3"


def test_a_view_needs_a_name_and_a_tab(desk: Client) -> None:
    assert "Give the view a name." in text_of(desk.post(VIEWS, {"tab": "urgent"}, follow=True))
    assert desk.post(VIEWS, {"tab": "prebooked", "level": "P1"}).url == "/desk/queues/prebooked/?level=P1"
    desk.post(VIEWS, {"name": "x", "tab": "../x"})
    assert not SavedView.objects.exists()


def test_managers_share_views_with_their_site(
    client: Client, site: Site, manager: User, coordinator: User, outsider: User
) -> None:
    said = {"name": "Everybody here", "tab": "urgent", "level": "U1", "share_at": str(site.pk)}
    client.force_login(coordinator)
    assert "Managers share views" in text_of(client.post(VIEWS, said, follow=True))
    client.force_login(manager)
    client.post(VIEWS, said)
    for who, sees in ((coordinator, True), (outsider, False)):
        client.force_login(who)
        assert ("Everybody here" in text_of(client.get(URGENT))) is sees


def test_a_view_is_deleted_by_its_maker_or_a_manager(
    client: Client, site: Site, manager: User, coordinator: User, outsider: User
) -> None:
    shared = SavedView.objects.create(
        user=manager, site=site, name="Shared", tab="urgent", created_at=database_now()
    )
    url = f"{VIEWS}{shared.pk}/delete/"
    client.force_login(outsider)
    assert client.post(url).status_code == 404
    client.force_login(coordinator)
    client.post(url)
    assert SavedView.objects.exists()
    client.force_login(manager)
    client.post(url)
    assert not SavedView.objects.exists()


def test_managers_choose_the_words(client: Client, site: Site, manager: User, coordinator: User) -> None:
    client.force_login(manager)
    assert "No tags yet." in text_of(client.get(TAGS))
    said = {"name": "Needs funding", "site": str(site.pk)}
    assert client.post(TAGS, said).status_code == 302
    again = client.post(TAGS, said | {"name": "needs FUNDING"})
    assert (again.status_code, "has that tag already" in text_of(again)) == (422, True)
    assert client.post(TAGS, {"site": str(site.pk)}).status_code == 422
    client.post(f"{TAGS}{Tag.objects.get().pk}/retire/")
    assert "No tags yet." in text_of(client.get(TAGS))
    client.force_login(coordinator)
    assert client.get(TAGS).status_code == 403


def test_another_sites_words_are_404(client: Client, outsider: User, tag: Tag) -> None:
    outsider.memberships.update(role=Role.MANAGER)
    client.force_login(outsider)
    assert client.post(f"{TAGS}{tag.pk}/retire/").status_code == 404
    assert str(tag.pk) not in client.get(TAGS).content.decode()


def test_a_lead_is_tagged_on_its_page(desk: Client, site: Site, tag: Tag) -> None:
    lead = LeadFactory(site=site)
    url = f"/desk/leads/{lead.reference}/tags/"
    desk.post(url, {"add": str(tag.pk)})
    assert "Call after payday" in text_of(desk.get(URGENT))
    assert "Tagged by Casey Coordinator: Call after payday." in text_of(
        desk.get(f"/desk/leads/{lead.reference}/")
    )
    desk.post(url, {"remove": str(tag.pk)})
    assert not LeadTag.objects.exists()
    assert desk.post(url, {"add": "x"}).status_code == 404


def ticked(*leads: Lead, **said: str) -> dict[str, Any]:
    return {"lead": [str(lead.pk) for lead in leads], "back": URGENT + "?level=U2", **said}


def test_ticked_leads_are_done_and_undone_in_one_go(desk: Client, site: Site, coordinator: User) -> None:
    leads = [LeadFactory(site=site) for _ in range(3)] + [LeadFactory(site=site, closed=True)]
    page = desk.post(BULK, ticked(*leads, action="ASSIGN", to=str(coordinator.pk)), follow=True)
    text = text_of(page)
    assert "Assign: 3 done, 1 not" in text
    assert f"{leads[3].reference} This lead is over. Open it again first." in text
    assert 'href="/desk/queues/urgent/?level=U2"' in page.content.decode()
    undone = text_of(desk.post(f"{BULK}{Batch.objects.get().pk}/undo/", follow=True))
    assert "All 3 are as they were." in undone
    assert not Lead.objects.filter(owner=coordinator).exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"action": "ASSIGN"}, "Choose whom to assign them to."),
        ({"action": "TAG"}, "Choose a tag."),
        ({"action": "CLOSE"}, "Choose why they are closed."),
        ({"action": "CLOSE", "disposition": "REFERRED_ON"}, "Tick the leads first."),
        ({"action": "SELL"}, "Tick the leads first."),
    ],
)
def test_half_an_order_does_nothing(desk: Client, site: Site, said: dict[str, str], words: str) -> None:
    page = desk.post(BULK, ticked(LeadFactory(site=site), **said), follow=True)
    assert not Batch.objects.exists()
    if "SELL" not in said.values() and "REFERRED_ON" not in said.values():
        assert words in text_of(page)


def test_nothing_ticked_or_nothing_of_ours_does_nothing(desk: Client, site: Site, tag: Tag) -> None:
    strange = LeadFactory()
    for leads in ([], [strange]):
        text = text_of(desk.post(BULK, ticked(*leads, action="TAG", tag=str(tag.pk)), follow=True))
        assert "Tick the leads first." in text
    assert not Batch.objects.exists()


def test_it_goes_back_to_the_desk_only(desk: Client) -> None:
    assert desk.post(BULK, {"back": "//evil.example/desk/"}).url == "/desk/"
    assert desk.post(BULK, {"back": "https://evil.example/desk/"}).url == "/desk/"


def test_a_batch_is_for_its_maker(client: Client, desk: Client, site: Site, manager: User, tag: Tag) -> None:
    desk.post(BULK, ticked(LeadFactory(site=site), action="TAG", tag=str(tag.pk)))
    url = f"{BULK}{Batch.objects.get().pk}/"
    assert desk.get(url).status_code == 200
    assert desk.get(url + "undo/").status_code == 405
    client.force_login(manager)
    assert client.get(url).status_code == client.post(url + "undo/").status_code == 404
