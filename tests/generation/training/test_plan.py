import pytest

from generation.refusal import Refused
from generation.training.plan import (
    LOWEST_RATE,
    MEASURED_STEPS,
    RISE_STEPS,
    UNMEASURED_STEPS,
    Course,
    Forecast,
    Need,
    Plan,
    check_hours,
    duration,
)

NEED = Need("pictures", 40_000, "grey blobs", "colours and outlines")


def rates_of(plan, *, examples=1):
    """The learning rate of every step to the end of the plan."""
    rates = []
    while not plan.is_over:
        rates.append(plan.next_rate())
        plan.count(examples)
    return rates


def test_the_learning_rate_rises_stays_and_falls_to_its_lowest():
    rates = rates_of(Plan(Course(), "first", examples=2_000, full_rate=0.5))
    assert rates[0] == pytest.approx(1 / RISE_STEPS)
    assert rates[RISE_STEPS // 2 :: 500][:3] == [0.5, 0.5, 0.5]
    assert rates[1_800] == pytest.approx(0.25)
    assert rates[-1] == pytest.approx(0.5 * LOWEST_RATE)


def test_a_phase_after_another_begins_where_the_rate_has_fallen_to():
    course = Course()
    last = rates_of(Plan(course, "first", examples=1_000))[-1]
    assert Plan(course, "second", examples=1_000).next_rate() == pytest.approx(
        last + 1 / RISE_STEPS
    )


def test_a_run_that_is_given_more_goes_on_as_if_it_had_been_planned_so_long():
    course = Course()
    rates_of(Plan(course, "first", examples=1_000))
    longer = Plan(course, "first", examples=2_000)
    assert longer.done == 0.5
    rates = rates_of(longer)
    assert len(rates) == 1_000
    assert rates[0] < 2 * LOWEST_RATE and max(rates) == 1.0
    assert rates[-1] == pytest.approx(LOWEST_RATE)


def test_time_is_counted_over_all_calls():
    course = Course()
    for _ in range(2):
        plan = Plan(course, "first", seconds=100)
        plan.set_elapsed(10)
        plan.set_elapsed(40)
    assert plan.done == 0.8 and not plan.is_over
    assert plan.seconds_left(1.0) == 20
    assert Plan(course, "first", seconds=80).is_over
    assert Plan(course, "second", seconds=80).done == 0


@pytest.mark.parametrize(
    ("step_seconds", "sentences"),
    [
        (
            1.0,
            (
                "takes 1 seconds here, so the net will learn from about 5,200 of them",
                "That is far too few; expect grey blobs.",
                "About 40,000 pictures are enough, which this machine needs 7.7 hours for",
            ),
        ),
        (0.25, ("about 21,000", "Expect colours and outlines.", "needs 1.9 hours for")),
        (0.1, ("about 52,000 of them. That is enough.",)),
    ],
)
def test_the_first_steps_tell_what_can_be_expected(step_seconds, sentences):
    plan = Plan(Course(), "first", seconds=0.72 * 3600)
    forecast = Forecast(plan, NEED, hours=1.0)
    said = []
    for step in range(100):
        plan.count(2)
        plan.set_elapsed((step + 1) * step_seconds)
        said.append(forecast.after_step((step + 1) * step_seconds, batch=2))
    assert [bool(text) for text in said].index(True) == UNMEASURED_STEPS + MEASURED_STEPS - 1
    (text,) = filter(None, said)
    assert all(sentence in text for sentence in sentences), text


def test_a_plan_by_numbers_needs_no_hours():
    plan = Plan(Course(), "first", examples=1_000)
    forecast = Forecast(plan, NEED, hours=2.0)
    said = "".join(forecast.after_step(float(step), batch=4) for step in range(30))
    assert "about 1,000 of them. That is far too few" in said
    assert said.endswith("About 40,000 pictures are enough.")


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.001, "a minute"), (0.5, "30 minutes"), (2, "2.0 hours"), (40, "40 hours")],
)
def test_hours_in_words(hours, words):
    assert duration(hours) == words


@pytest.mark.parametrize("hours", [0.0, -1.0, float("nan"), 24 * 400])
def test_impossible_hours_are_refused(hours):
    with pytest.raises(Refused, match="--hours must be more than 0"):
        check_hours(hours)
