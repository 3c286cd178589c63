"""The OpenAPI document, put right where the generator is not honest: errors are problem documents."""

from typing import Any

from crm.api.problems import MEDIA_TYPE, Kind

HEADERS = {
    401: {"WWW-Authenticate": {"description": "Which kind of token.", "schema": {"const": "Bearer"}}},
    503: {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}},
}


def honest(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with what every error really says: its media type, its headers, in our words."""
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    _make_honest(int(status), response)
    return document


def _make_honest(status: int, response: dict[str, Any]) -> None:
    response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
    response["description"] = Kind.of_status(status).title
    if headers := HEADERS.get(status):
        response["headers"] = headers
