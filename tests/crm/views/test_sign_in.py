"""Signing in, and what happens when the mail server does not answer."""

from email.utils import parseaddr

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.test import Client

from config.servers.ports import free_port
from crm.models import Site, User
from tests.factories import LeadFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


def test_nobody_signs_up(client: Client) -> None:
    response = client.post("/accounts/signup/", {"email": "new@threshold.example"})
    assert not User.objects.exists()
    assert b"<form" not in response.content.split(b"<main")[1]


def test_a_forgotten_password_with_the_mail_server_down_is_no_error_page(
    client: Client, coordinator: User, settings: LazySettings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    page = client.post("/accounts/password/reset/", {"email": coordinator.email}, follow=True)
    assert page.status_code == 200
    assert "could not be sent" in page.content.decode()


def test_a_mail_about_an_account_comes_from_the_desk(
    client: Client, coordinator: User, settings: LazySettings, mailoutbox: list[EmailMessage]
) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.DESK_NAME = "Sam <sam@post.example>", "Hill House desk"
    client.post("/accounts/password/reset/", {"email": coordinator.email})
    (mail,) = mailoutbox
    assert parseaddr(mail.from_email) == ("Hill House desk", "sam@post.example")


@pytest.mark.parametrize("password", ["not it", PASSWORD])
def test_staff_sign_in_without_redis(
    client: Client, coordinator: User, settings: LazySettings, password: str
) -> None:
    nowhere = f"redis://127.0.0.1:{free_port()}/1"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": nowhere}}
    coordinator.set_password(PASSWORD)
    coordinator.save()
    page = client.post("/accounts/login/", {"login": coordinator.email, "password": password})
    assert page.status_code == (302 if password == PASSWORD else 200)


def test_the_page_asks_in_our_words_and_remembers_nobody(client: Client, coordinator: User) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "E-mail address</label>" in page
    assert "placeholder" not in page
    assert "Remember" not in page
    coordinator.set_password(PASSWORD)
    coordinator.save()
    signed_in = {"login": coordinator.email, "password": PASSWORD}
    assert client.post("/accounts/login/", signed_in).status_code == 302
    assert client.session.get_expire_at_browser_close()


def test_a_wrong_password_is_refused_in_words(client: Client, coordinator: User) -> None:
    page = client.post("/accounts/login/", {"login": coordinator.email, "password": "not it"})
    assert page.status_code == 200
    assert "not correct" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_form_sent_after_the_sign_in_ran_out_comes_back_to_its_page(
    client: Client, coordinator: User, site: Site
) -> None:
    page = f"/desk/leads/{LeadFactory(site=site).reference}/"
    for sent, back in {page + "close/": page, "/desk/bulk/": "/desk/"}.items():
        answer = client.post(sent, {"note": "words"})
        assert answer.url == f"/accounts/login/?next={back}"
        client.force_login(coordinator)
        assert client.get(back).status_code == 200
        client.logout()


def test_the_address_of_a_form_opens_with_the_way_back(desk: Client, site: Site) -> None:
    page = f"/desk/leads/{LeadFactory(site=site).reference}/"
    answer = desk.get(page + "attempts/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert 'href="../">Open the lead' in answer.content.decode()
    assert "Nothing to open here" in text_of(answer)
    assert "Go to the dashboard" in text_of(desk.get("/desk/bulk/"))
