"""What several tests of the readers share."""

import time

import pytest

from .misbehaving import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time that passes only by waiting; stamina waits by time.sleep."""
    clock = Clock()
    monkeypatch.setattr(time, "sleep", clock.sleep)
    return clock
