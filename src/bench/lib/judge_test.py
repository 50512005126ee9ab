"""That the judge of a chaos run finds what is wrong with a made-up ledger, and nothing else."""

import unittest

from judge import Event, Judge, Request, read_runs

CHILD, OTHER = 100, 200


def request(**changes):
    return Request(**({"id": "1", "function": "run", "sent": 10.0, "ended": 10.2, "outcome": "200", "right": True} | changes))


def failed(**changes):
    return request(**({"outcome": "502", "problem": "function-failed", "right": False} | changes))


def kill(at=10.1, pid=CHILD):
    return Event("child KILL", at, frozenset([pid]))


def stop(at, until):
    return Event("child STOP", at, frozenset([CHILD]), until)


RUN = ["start 1 100 10.010", "end 1 100 10.150"]
BROKEN = RUN[:1]
TWICE = BROKEN + ["start 1 200 10.120", "end 1 200 10.180"]


def faulty(requests, lines=(), events=()):
    """The questions whose answer is FAIL, by their letters."""
    requests = requests if isinstance(requests, list) else [requests]
    return "".join(v.question[1] for v in Judge(requests, read_runs(lines), list(events)).verdicts() if v.faults)


class JudgeTest(unittest.TestCase):
    def test_a_run_that_was_answered_is_right(self):
        self.assertEqual("", faulty(request(), RUN))

    def test_lost_request(self):
        self.assertEqual("a", faulty(request()), "answered and never ran")
        self.assertEqual("a", faulty(request(), BROKEN), "answered and never ended")
        self.assertEqual("d", faulty(request(outcome=None), RUN), "never answered")
        self.assertEqual("d", faulty(failed(outcome="timeout"), RUN, [kill()]), "not in time: no event excuses that")

    def test_a_slow_reader_may_see_late_that_its_answer_was_broken_off(self):
        late = dict(function="big", outcome="cut", problem=None, ended=14.0)
        self.assertEqual("", faulty(failed(**late, slow=5), BROKEN, [kill()]))
        self.assertEqual("d", faulty(failed(**late), BROKEN, [kill()]))

    def test_answer_of_another_request(self):
        self.assertEqual("a", faulty(request(right=False), RUN))

    def test_doubled_request(self):
        self.assertEqual("ab", faulty(request(), RUN + RUN))
        self.assertEqual("ab", faulty(request(), RUN + ["start 1 200 10.1", "end 1 200 10.2"]))

    def test_end_without_a_start(self):
        self.assertEqual("a", faulty(request(), RUN[1:]))

    def test_retried_request(self):
        self.assertEqual("b", faulty(request(), TWICE, [kill()]))
        self.assertEqual("b", faulty(request(outcome="aborted"), TWICE, [kill()]), "an abort hides nothing")
        self.assertEqual("b", faulty(failed(), TWICE, [kill(), kill(pid=OTHER)]))

    def test_idempotent_request_may_be_retried_once_after_an_event_on_its_process(self):
        again = request(idempotent=True)
        self.assertEqual("", faulty(again, TWICE, [kill()]))
        self.assertEqual("b", faulty(again, TWICE))
        self.assertEqual("b", faulty(again, TWICE, [kill(pid=OTHER)]))
        self.assertEqual("b", faulty(again, BROKEN + TWICE, [kill()]))

    def test_retry_may_have_waited_but_the_event_must_have_hit_the_first_run(self):
        again = request(idempotent=True, ended=12.0)
        late = ["start 1 100 10.010", "start 1 200 11.900", "end 1 200 11.950"]
        self.assertEqual("", faulty(again, late, [kill(at=10.02)]))
        self.assertEqual("", faulty(again, late, [stop(9.9, 14.9)]), "ran into its time limit")
        self.assertEqual("b", faulty(again, late, [kill(at=9.0)]), "before it ran")
        self.assertEqual("b", faulty(again, late, [kill(at=12.0)]), "after it was retried")
        self.assertEqual("b", faulty(again, late, [stop(9.0, 9.5)]), "was over before it ran")
        self.assertEqual("ab", faulty(again, ["start 1 100 10.010", "end 1 100 10.050", *late[1:]], [kill(at=10.5)]), "had ended")

    def test_idempotent_request_may_fail_after_another_wait(self):
        self.assertEqual("", faulty(failed(idempotent=True, ended=13.0), BROKEN, [kill()]))
        self.assertEqual("d", faulty(failed(idempotent=True, ended=14.0), BROKEN, [kill()]))
        self.assertEqual("d", faulty(failed(ended=13.0), BROKEN, [kill()]))

    def test_refused_request_must_not_have_started(self):
        for status, problem in (("503", "overloaded"), ("429", "function-limit")):
            refused = failed(outcome=status, problem=problem)
            self.assertEqual("", faulty(refused))
            self.assertEqual("c", faulty(refused, BROKEN))

    def test_refusal_that_is_no_problem_of_the_gateway(self):
        self.assertEqual("d", faulty(failed(outcome="503", problem=None)))

    def test_half_a_body(self):
        half = request(function="pipe", outcome="aborted", half=True)
        self.assertEqual("", faulty(half, BROKEN))
        self.assertEqual("c", faulty(half, RUN))
        self.assertEqual("c", faulty(request(function="upload", outcome="aborted", half=True), BROKEN))

    def test_failure_is_explained_by_a_kill_of_its_process(self):
        self.assertEqual("", faulty(failed(), BROKEN, [kill()]))
        self.assertEqual("", faulty(failed(), BROKEN, [Event("master SEGV", 9.0, frozenset([CHILD, 101]))]))

    def test_unexplained_failure(self):
        self.assertEqual("d", faulty(failed(), BROKEN), "no event")
        self.assertEqual("d", faulty(failed(), BROKEN, [kill(pid=OTHER)]), "another process")
        self.assertEqual("d", faulty(failed(), BROKEN, [kill(at=9.0)]), "long before")
        self.assertEqual("d", faulty(failed(), BROKEN, [kill(at=10.4)]), "after the failure")
        self.assertEqual("d", faulty(failed(outcome="500"), RUN), "a failure of the gateway")
        self.assertEqual("d", faulty(failed(outcome="refused"), events=[kill()]), "the gateway has to take connections")

    def test_failure_that_did_not_start_needs_a_kill_of_its_own_at_that_time(self):
        self.assertEqual("", faulty(failed(), events=[kill()]))
        self.assertEqual("d", faulty(failed()))
        self.assertEqual("d", faulty(failed(), events=[kill(at=5.0)]))
        self.assertEqual("d", faulty([failed(), failed(id="2")], events=[kill()]), "one process runs one request")

    def test_time_limit_is_explained_by_a_stop_that_lasted(self):
        late = failed(outcome="504", problem="timeout", ended=13.0)
        self.assertEqual("", faulty(late, BROKEN, [stop(10.1, 15.0)]))
        self.assertEqual("d", faulty(late, BROKEN, [stop(9.0, 9.5)]), "was over before it began")
        self.assertEqual("d", faulty(late, BROKEN, [stop(14.0, 15.0)]), "began after it")

    def test_poison_explains_itself_and_must_not_be_retried(self):
        poison = failed(function="poison/segv", poison=True)
        self.assertEqual("", faulty(poison, BROKEN))
        self.assertEqual("d", faulty(poison), "a poison that was not taken poisons nothing")
        self.assertEqual("b", faulty(poison, TWICE))

    def test_poison_does_what_its_name_says(self):
        self.assertEqual("d", faulty(request(function="poison/segv", poison=True), BROKEN), "answered well")
        self.assertEqual("", faulty(request(function="poison/exit", poison=True), BROKEN))
        self.assertEqual("d", faulty(request(function="poison/exit", poison=True, right=False), BROKEN), "another one's answer")
        self.assertEqual("", faulty(failed(function="poison/exit", poison=True), BROKEN, [kill()]))


if __name__ == "__main__":
    unittest.main()
