"""None of several deeds keeps another from being done."""

import pytest

from core.all_of import all_of


def failing(problem):
    def fail():
        raise problem

    return fail


def test_all_are_done_in_their_order():
    done = []
    all_of([lambda: done.append(1), lambda: done.append(2)])
    assert done == [1, 2]


def test_what_fails_is_raised_as_it_is_after_the_last():
    done, problem = [], OSError("full")
    with pytest.raises(OSError, match="full") as raised:
        all_of([failing(problem), lambda: done.append("after")])
    assert (raised.value is problem, done) == (True, ["after"])


def test_several_are_raised_together():
    problems = [OSError("full"), KeyError("gone")]
    with pytest.raises(ExceptionGroup) as raised:
        all_of(map(failing, problems))
    assert raised.value.exceptions == tuple(problems)


def test_who_ends_the_program_is_not_held_up():
    with pytest.raises(KeyboardInterrupt):
        all_of([failing(KeyboardInterrupt()), lambda: pytest.fail("it goes on")])


def test_nothing_to_do_is_no_problem():
    all_of([])
