"""The bounds of the fault suite hold in every run."""

import pytest

from tests.faults import checks


@pytest.mark.parametrize(("is_long", "allowed", "refused"), [(True, 14.9, 15.0), (False, 46.9, 47.0)])
def test_no_run_passes_whatever_it_took(
    monkeypatch: pytest.MonkeyPatch, allowed: float, refused: float, *, is_long: bool
) -> None:
    monkeypatch.setattr(checks, "LONG", is_long)
    checks.check_bound(allowed, 15)
    with pytest.raises(AssertionError, match="15 promised"):
        checks.check_bound(refused, 15)


def test_a_step_that_only_the_sweep_does_is_too_late_in_a_short_run_too() -> None:
    with pytest.raises(AssertionError, match="promised"):
        checks.check_bound(10.0, 2)
