"""Every address for staff and every operation of the API, read from the product itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from config.api import api


@dataclass(frozen=True)
class Address:
    """A named address: `crm:lead`, `desk/leads/<str:reference>/`, and the names of its arguments."""

    name: str
    route: str
    arguments: tuple[str, ...]

    @property
    def is_desk(self) -> bool:
        return self.route.startswith("desk/")


@dataclass(frozen=True)
class Operation:
    """One operation of the API's document."""

    name: str
    method: str
    path: str


def every_address() -> dict[str, Address]:
    """Return what our own apps serve, by name."""
    return {each.name: each for each in _walk(get_resolver().url_patterns, "", "")}


def desk_addresses() -> dict[str, Address]:
    """Return the addresses for staff, the reports' among them."""
    return {name: each for name, each in every_address().items() if each.is_desk}


def every_operation() -> dict[str, Operation]:
    """Return what the OpenAPI document lists, by operation id."""
    paths = api.get_openapi_schema()["paths"]
    found = [
        Operation(said["operationId"], method.upper(), path)
        for path, methods in paths.items()
        for method, said in methods.items()
    ]
    return {each.name: each for each in found}


def roots() -> set[str]:
    """Return where the URL conf hands over to something else: "accounts/", "admin/", …"""
    return {f"{each.pattern}" for each in get_resolver().url_patterns}


def _walk(patterns: list[URLPattern | URLResolver], route: str, space: str) -> Iterator[Address]:
    for each in patterns:
        whole = f"{route}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, whole, each.namespace or space)
        elif space in {"crm", "intake", "notifications"}:
            yield Address(f"{space}:{each.name}", whole, tuple(each.pattern.converters))
