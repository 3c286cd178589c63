"""How a channel fails."""

import pytest

from notifications.channels.base import Channel, DeliveryError, Outgoing


def failure(send: Channel, outgoing: Outgoing) -> DeliveryError:
    """Return the error that sending raises."""
    with pytest.raises(DeliveryError) as caught:
        send(outgoing)
    return caught.value
