import pytest

from textmine.reports.fetch_pace import Pace, read_retry_after

from .misbehaving import NOW, Clock


def test_the_first_request_goes_out_at_once_and_the_next_a_second_later() -> None:
    clock = Clock()
    pace = Pace(1.0, clock=clock, sleep=clock.sleep)
    starts = []
    for took in (0.25, 0.0, 3.0, 0.0):
        pace.wait()
        starts.append(clock.now)
        clock.now += took
    assert starts == [0.0, 1.0, 2.0, 5.0]
    assert clock.waits == [0.75, 1.0]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Thu, 01 Jan 2026 12:02:00 GMT", 120.0),
        ("Thursday, 01-Jan-26 12:02:00 GMT", 120.0),
        ("Thu Jan  1 12:02:00 2026", 120.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
        ("Thu, 99 Jan 2026 12:02:00 GMT", None),
        ("9" * 400, float("9" * 12)),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert read_retry_after(value, NOW) == seconds
