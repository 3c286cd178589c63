"""The OpenAPI document, put right where the generator is not honest: errors are problem documents."""

from typing import Any

from crm.api.problems import MEDIA_TYPE


def honest(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with the media type that every error really has."""
    for operation in _operations(document):
        for status, response in operation["responses"].items():
            if int(status) >= 400 and "content" in response:
                response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
    return document


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]
