"""Editing, previewing and approving guides: who may do what, and what is refused."""

import pytest
from django.test import Client

from crm.enums import Role
from crm.models import Site, User
from intake.models import Guide
from intake.models.content import ReviewState
from intake.services.guides import approve_guide
from jobs.clock import database_now
from tests.factories import MembershipFactory
from tests.intake.views.pages import document, main, words

pytestmark = pytest.mark.django_db
LIST, ONE = "/desk/guides/", "/desk/guides/alcohol/"
PREVIEW, EDIT, APPROVE = f"{ONE}1/preview/", f"{ONE}1/edit/", f"{ONE}1/approve/"


@pytest.fixture
def plain_clinician(site: Site) -> User:
    return MembershipFactory(site=site, role=Role.CLINICIAN).user


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def alcohol(version: int = 1) -> Guide:
    return Guide.objects.get(slug="alcohol", version=version)


def typed(client: Client, **changes: str) -> dict[str, str]:
    """Return what the editor would send back, with these changes."""
    page = document(client.get(EDIT))
    said = {each.get("name", ""): words(each) for each in page.iterfind(".//main//textarea")}
    for each in page.iterfind(".//main//textarea"):
        said[each.get("name", "")] = "".join(each.itertext())
    for each in page.iterfind(".//main//form//input"):
        if each.get("type") != "checkbox" or each.get("checked") is not None:
            said[each.get("name", "")] = each.get("value", "on")
    return said | {"note": "Shorter"} | changes


@pytest.mark.parametrize("path", [LIST, ONE, PREVIEW, EDIT])
@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 200), ("clinician", 200), ("plain_clinician", 200), ("coordinator", 403), ("outsider", 404)],
)
def test_who_may_read_and_edit(
    client: Client, centre: Site, request: pytest.FixtureRequest, path: str, who: str, status: int
) -> None:
    assert sign_in(client, request.getfixturevalue(who)).get(path).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 403), ("clinician", 302), ("plain_clinician", 302), ("coordinator", 403), ("outsider", 404)],
)
def test_who_may_approve(
    client: Client, centre: Site, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    assert sign_in(client, request.getfixturevalue(who)).post(APPROVE).status_code == status
    assert alcohol().is_approved == (status == 302)


@pytest.mark.parametrize("path", [LIST, ONE, PREVIEW, EDIT, APPROVE])
def test_nobody_gets_in_without_signing_in(client: Client, centre: Site, path: str) -> None:
    assert client.post(path).status_code in {302, 405}
    assert client.get(path).status_code in {302, 405}


def test_wrong_methods_and_unknown_guides(client: Client, centre: Site, clinician: User) -> None:
    sign_in(client, clinician)
    assert [client.post(path).status_code for path in (LIST, ONE, PREVIEW)] == [405] * 3
    assert client.get(APPROVE).status_code == 405
    assert client.get("/desk/guides/unknown/").status_code == 404
    assert client.get(f"{ONE}7/edit/").status_code == 404


def test_the_list_says_what_is_public_and_what_waits(client: Client, centre: Site, manager: User) -> None:
    sign_in(client, manager)
    assert "waits for a clinician" not in main(client.get(LIST))
    client.post(EDIT, typed(client))
    page = main(client.get(LIST))
    assert "Version 2 waits for a clinician" in page
    assert "Nobody yet" in page


def test_saving_makes_a_new_version_and_leaves_the_old_one(
    client: Client, centre: Site, manager: User
) -> None:
    before = alcohol()
    response = sign_in(client, manager).post(EDIT, typed(client, title="Other words"), follow=True)
    assert "Version 2 is saved" in main(response)
    draft = alcohol(2)
    assert (draft.title, draft.note, draft.created_by) == ("Other words", "Shorter", manager)
    assert (draft.sections, draft.danger_signs) == (before.sections, before.danger_signs)
    assert "Other words" not in main(client.get("/help/alcohol/"))


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("text_treatment", "We give you Librium.", "medically supervised detox"),
        ("text_signs", "- an addict", "people who use"),
        ("text_stopping", "Call 111.", "Write a slot"),
        ("text_stopping", "Call {nobody}.", "There is no {nobody}"),
        ("text_what", "It is Class B.", "section on the law"),
        ("text_what", "", "Fill this in"),
        ("signs_today", "\n".join("abcdef"), "5 at most"),
        ("note", "", "Fill this in"),
    ],
)
def test_what_must_not_be_said_is_refused_and_nothing_typed_is_lost(
    client: Client, centre: Site, manager: User, field: str, text: str, said: str
) -> None:
    sign_in(client, manager)
    response = client.post(EDIT, typed(client, **{field: text, "title": "Kept words"}))
    assert response.status_code == 422
    assert said in main(response)
    assert 'value="Kept words"' in response.content.decode()
    assert not Guide.objects.filter(version=2).exists()


def test_the_preview_is_the_public_page_with_all_of_its_parts(
    client: Client, centre: Site, clinician: User
) -> None:
    shown = document(sign_in(client, clinician).get(PREVIEW))
    approve_guide(guide=alcohol(), by=clinician, at=database_now())
    public = document(client.get("/help/alcohol/"))
    parts = [[words(each) for each in page.iterfind(".//article/section")] for page in (shown, public)]
    assert parts[0] == parts[1]
    assert "Preview of version 1" in words(shown.find(".//main"))
    assert "Awaiting clinical review" in words(shown.find(".//main"))


def test_approving_twice_is_said_kindly(client: Client, centre: Site, clinician: User) -> None:
    sign_in(client, clinician).post(APPROVE)
    assert "already" in main(client.post(APPROVE, follow=True))


def test_an_older_version_is_brought_back_and_the_history_is_shown(
    client: Client, centre: Site, clinician: User
) -> None:
    sign_in(client, clinician).post(EDIT, typed(client, title="Other words"))
    for version in (1, 2, 1):
        client.post(f"{ONE}{version}/approve/")
    page = main(client.get(ONE))
    assert page.count("approved by Clem Clinical-Lead") == 3
    assert "Bring back version 2" in page
    assert "Other words" not in main(client.get("/help/alcohol/"))
    assert alcohol(2).state == ReviewState.RETIRED


def test_a_manager_is_offered_no_approval(client: Client, centre: Site, manager: User) -> None:
    page = document(sign_in(client, manager).get(ONE))
    assert not page.findall(".//main//form")


@pytest.mark.parametrize("model", ["guide", "callermessage"])
def test_the_technical_admin_only_looks(client: Client, centre: Site, admin_user: User, model: str) -> None:
    client.force_login(admin_user)
    first = Guide.objects.all()[0] if model == "guide" else None
    assert client.get(f"/admin/intake/{model}/add/").status_code == 403
    if first:
        page = client.get(f"/admin/intake/guide/{first.pk}/change/")
        assert b'name="_save"' not in page.content
