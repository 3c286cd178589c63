"""Who may use the desk's API: the bearer of a staff token, who sees and may do what they do on the desk."""

from datetime import datetime
from typing import cast

import structlog
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from ninja.security import HttpBearer

from crm.models import User
from crm.permissions import DeskRequest
from crm.selectors.leads import roles_of
from crm.services.api_tokens import use_token
from jobs.clock import database_now

log = structlog.get_logger(__name__)


class StaffRequest(DeskRequest):
    """A request with a good token; `at` is the database's time when it came."""

    at: datetime


class StaffToken(HttpBearer):
    """A token from `manage.py api_token EMAIL`, as `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Make the request a member of staff's. Raises PermissionDenied for one without a role anywhere."""
        at = database_now()
        user = use_token(token=token, at=at)
        if user is None:
            return None
        staff = cast("StaffRequest", request)
        staff.user, staff.roles, staff.at = user, roles_of(user), at
        if not staff.roles:
            raise PermissionDenied
        return user


def has_staff_token(request: HttpRequest) -> bool:
    """Return whether a public call comes with a good token all the same. Without a database none is good."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    try:
        return use_token(token=token.strip(), at=database_now()) is not None
    except (DatabaseError, InterfaceError) as error:
        log.warning("token_not_checked", error=type(error).__name__)
        return False
