"""What the desk says when a rule says no."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages

from crm.permissions import DeskRequest
from crm.refusals import Refusal


@contextmanager
def refusals_shown(request: DeskRequest) -> Iterator[None]:
    """Show a refusal on the next page, in place of what the block would have gone on to do."""
    try:
        yield
    except Refusal as refusal:
        messages.error(request, str(refusal))
