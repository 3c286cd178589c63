"""Refusals that never reach the API's own code answer as problem documents all the same."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from crm.api.problems import Kind


def problem(response: Any, status: int) -> dict[str, Any]:
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    body = response.json()
    assert (body["status"], body["title"]) == (status, Kind.of_status(status).title)
    return body


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v2/enquiries", "/api/v1/enquiries/", "/api/v1/%FF"]
)
def test_an_address_that_is_not_there(path: str) -> None:
    assert problem(Client().get(path), 404)["type"].endswith("/not-found")


def test_a_host_that_is_not_ours(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["threshold.example"]
    problem(Client().post("/api/v1/enquiries", headers={"Host": "evil.example"}), 400)


def test_a_fault_of_our_own_tells_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("sekrit")

    monkeypatch.setattr("intake.api.enquiries.read_enquiry", fail)
    client = Client(raise_request_exception=False)
    response = client.post("/api/v1/enquiries", {}, content_type="application/json")
    assert problem(response, 500)["type"].endswith("/error")
    assert b"sekrit" not in response.content


def test_the_headers_that_protect_a_browser_stay() -> None:
    headers = Client().get("/api/v1/nope").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "no-store" in headers["Cache-Control"]


def test_pages_keep_their_own_errors() -> None:
    response = Client().get("/no-such-page/")
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422, 500, 503])
def test_every_status_has_a_kind_of_its_own(status: int) -> None:
    assert Kind.of_status(status).status == status


@pytest.mark.parametrize(("status", "kind"), [(418, Kind.MALFORMED), (502, Kind.ERROR)])
def test_an_unusual_status_has_the_nearest_kind(status: int, kind: Kind) -> None:
    assert Kind.of_status(status) == kind


def test_a_body_that_breaks_off() -> None:
    class Broken(BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError("connection reset")

    response = Client().post(
        "/api/v1/enquiries", b"{}", content_type="application/json", **{"wsgi.input": Broken()}
    )
    assert problem(response, 400)["detail"] == "The connection ended before the body did."
