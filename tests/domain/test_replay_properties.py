"""What holds whatever happened and in whatever order it became known."""

from dataclasses import replace as changed
from datetime import date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.domain.stories import DM, ENROLLED, HTN, a_register, known
from tracker.domain.calendar import CHINA
from tracker.domain.events import AttemptEvent, OutcomeEvent, StatusEvent, VisitEvent
from tracker.domain.policy import load
from tracker.domain.replay import replay
from tracker.domain.terms import CLOSING, Classification, Mode, ReferralResult, Status, TaskKind

POLICY = load()
REGISTERS = {disease: a_register(disease) for disease in (HTN, DM)}
# Few days and moments, so that many events meet on one day and are recorded at the same time.
dates = st.integers(-1, 60).map(lambda days: ENROLLED + timedelta(days=days))
hours = st.sampled_from([8, 12, 20, 24 * 5, 24 * 40])
uuids = st.uuids(version=4)


def moment(on: date, hours_after: int) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=CHINA) + timedelta(hours=hours_after)


readings = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {
            "sbp": st.sampled_from([118, 139, 140, 155, 180]),
            "dbp": st.sampled_from([70, 89, 90, 110]),
            "fpg": st.sampled_from([3.9, 5.5, 7.0, 16.7]),
        }
    ),
)
harms = st.fixed_dictionaries(
    {
        "adverse_reaction": st.sampled_from([None, 1, 1, 2]),
        "adverse_reaction_uncontrollable": st.sampled_from([False, False, True]),
        "complication": st.sampled_from(["none", "none", "none", "new"]),
    }
)
signs = st.sampled_from([None, [], [], ["eye_pain"], ["ketone_breath"]])


@st.composite
def outcomes(draw, on=dates):
    day = draw(on)
    result, flags = draw(st.sampled_from(list(ReferralResult))), draw(st.tuples(st.booleans(), st.booleans()))
    return OutcomeEvent(draw(uuids), day, moment(day, draw(hours)), result, *flags)


@st.composite
def visits(draw, disease):
    on, measured, block = draw(dates), dict(draw(readings)), dict(draw(harms))
    block["fpg"] = measured.pop("fpg", None)
    told = known(disease, {**measured, disease.value: block, "emergency_signs": draw(signs)}, on)
    mode = draw(st.sampled_from([Mode.CLINIC, Mode.HOME, Mode.PHONE, None]))
    raised = draw(st.sampled_from([None, None, *Classification]))
    carried = draw(st.one_of(st.none(), st.none(), outcomes(st.just(on))))
    return VisitEvent(
        draw(uuids), on, moment(on, draw(hours)), mode, told, draw(st.booleans()), raised, "", carried
    )


@st.composite
def statuses(draw):
    on, until = draw(dates), draw(st.one_of(st.none(), dates))
    # A return and a loss are the commonest: otherwise most stories would end with a death.
    status = draw(st.sampled_from([*Status, Status.ACTIVE, Status.ACTIVE, Status.LOST]))
    return StatusEvent(draw(uuids), on, moment(on, draw(hours)), status, until)


@st.composite
def attempts(draw):
    on = draw(dates)
    return AttemptEvent(draw(uuids), on, moment(on, draw(hours)))


@st.composite
def stories(draw):
    disease = draw(st.sampled_from([HTN, DM]))
    visit = visits(disease)
    events = draw(st.lists(st.one_of(visit, visit, visit, outcomes(), statuses(), attempts()), max_size=14))
    assume(len({event.id for event in events}) == len(events))
    return REGISTERS[disease], events


@settings(max_examples=80, deadline=None)
@given(stories(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_become_known_changes_nothing(story, random):
    register, events = story
    shuffled = list(events)
    random.shuffle(shuffled)
    assert replay(register, shuffled, POLICY) == replay(register, events, POLICY)


@settings(max_examples=80, deadline=None)
@given(stories())
def test_one_task_of_the_chain_is_open_and_one_of_a_kind_beside_it(story):
    register, events = story
    course = replay(register, events, POLICY)
    still = [task for task in course.tasks if task.is_open]
    beside = [task.kind for task in still if not task.chain]
    if course.status in CLOSING:
        assert still == []
    else:
        assert len([task for task in still if task.chain]) == 1
    assert len(set(beside)) == len(beside)
    assert TaskKind.ROUTINE not in beside
    assert len([task for task in still if task.kind is TaskKind.REFERRAL_TRACKING]) <= 1
    assert (TaskKind.RECONTACT in beside) is (course.status is Status.LOST)


@settings(max_examples=80, deadline=None)
@given(stories())
def test_the_next_due_date_is_the_earliest_or_that_of_the_search(story):
    register, events = story
    course = replay(register, events, POLICY)
    still = [task for task in course.tasks if task.is_open]
    search = [task for task in still if task.kind is TaskKind.RECONTACT]
    assert course.next_due == min((task.due_on for task in search or still), default=None)
    assert (course.next_due, course.next_task) in {(task.due_on, task.kind) for task in still} | {
        (None, None)
    }


@settings(max_examples=80, deadline=None)
@given(stories())
def test_tasks_and_periods_make_sense(story):
    register, events = story
    course = replay(register, events, POLICY)
    assert len({task.id for task in course.tasks}) == len(course.tasks)
    for task in course.tasks:
        ended = task.closed_on or task.cancelled_on
        assert task.closed_on is None or task.cancelled_on is None
        assert ended is None or ended >= task.opened_on
        assert (task.timely is None) is (task.closed_on is None)
        assert not task.timely or task.closed_on <= task.due_on
    first, *later = course.periods
    assert first.from_on == register.enrolled_on
    for before, after in zip(course.periods, later, strict=False):
        assert before.to_on == after.from_on
        assert before.status is not after.status
    assert course.periods[-1].to_on is None


@settings(max_examples=80, deadline=None)
@given(stories())
def test_a_later_day_never_changes_what_was_answered_before(story):
    register, events = story
    course = replay(register, events, POLICY)
    last = max((event.on for event in events), default=ENROLLED)
    earlier = replay(register, [event for event in events if event.on < last], POLICY)
    assert {key: course.judgements[key] for key in earlier.judgements} == dict(earlier.judgements)


@settings(max_examples=80, deadline=None)
@given(stories(), st.data())
def test_raising_a_class_never_lowers_it_nor_what_follows(story, data):
    register, events = story
    told = [event for event in events if isinstance(event, VisitEvent)]
    assume(told)
    chosen = data.draw(st.sampled_from(told))
    plain = [changed(event, raised=None) if event is chosen else event for event in events]
    before, after = (replay(register, story, POLICY).judgements for story in (plain, events))
    assert set(before) == set(after)
    for visit_id, judgement in before.items():
        assert severity(after[visit_id].classification) >= severity(judgement.classification)
        assert after[visit_id].controlled is judgement.controlled
        assert (after[visit_id].next_step or 0) >= (judgement.next_step or 0)


def severity(classification: Classification | None) -> int:
    return 0 if classification is None else int(classification)
