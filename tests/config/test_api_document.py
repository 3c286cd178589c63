"""The OpenAPI document: complete, and no third party needed to read it."""

from typing import Any

import pytest
from django.test import Client

from config.api import api
from intake.api.schemas import EXAMPLE
from intake.triage.answers import Answers
from tests.factories import SiteFactory


@pytest.fixture
def document() -> dict[str, Any]:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    return response.json()


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_every_operation_of_the_design_is_there(document: dict[str, Any]) -> None:
    said = {(path, method) for path, methods in document["paths"].items() for method in methods}
    assert said == {
        ("/api/v1/enquiries", "post"),
        ("/api/v1/queues/{queue}/leads", "get"),
        ("/api/v1/leads/{reference}", "get"),
        ("/api/v1/leads/{reference}/claim", "post"),
        ("/api/v1/leads/{reference}/contact-attempts", "post"),
        ("/api/v1/leads/{reference}/placements", "post"),
        ("/api/v1/leads/{reference}/close", "post"),
    }


def test_every_error_is_a_problem_document(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for status, response in operation["responses"].items():
            media_type = "application/json" if int(status) < 400 else "application/problem+json"
            assert list(response["content"]) == [media_type]
        assert {"500", "503"} <= operation["responses"].keys()


def test_everything_but_sending_an_enquiry_needs_a_token(document: dict[str, Any]) -> None:
    public = [each["operationId"] for each in operations(document) if not each.get("security")]
    assert public == ["send_enquiry"]
    assert document["components"]["securitySchemes"] == {"StaffToken": {"type": "http", "scheme": "bearer"}}
    for operation in operations(document):
        assert ("401" in operation["responses"]) == bool(operation.get("security"))


def test_every_answer_of_the_specification_is_in_it(document: dict[str, Any]) -> None:
    [body] = [each["requestBody"] for each in operations(document) if each["operationId"] == "send_enquiry"]
    schema = body["content"]["application/json"]["schema"]
    said = Answers.model_fields.keys() - {"timing_assumed"}  # what a form of ours notes about itself
    assert schema["properties"].keys() == said | {"contact", "consent"}
    assert schema["required"] == ["contact"]
    assert body["content"]["application/json"]["example"] == EXAMPLE


def test_every_reference_in_it_leads_somewhere(document: dict[str, Any]) -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [each for value in part.values() for each in references(value)]
        return [each for value in part for each in references(value)] if isinstance(part, list) else []

    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known


@pytest.mark.django_db
def test_the_example_works() -> None:
    SiteFactory(is_default=True)
    response = Client().post("/api/v1/enquiries", EXAMPLE, content_type="application/json")
    assert response.status_code == 201


def test_there_is_no_page_that_loads_scripts_from_elsewhere() -> None:
    assert api.docs_url is None
    assert Client().get("/api/v1/docs").status_code == 404
