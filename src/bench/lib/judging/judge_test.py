"""The judge of a chaos run finds what is wrong with an invented ledger, and nothing else."""

import unittest

from judging.judge import Judge
from judging.ledger import Event, Request, read_runs

CHILD, OTHER, MASTER = 100, 200, 9


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

    def test_the_lost_run_may_begin_after_the_one_that_took_its_place(self):
        again = request(idempotent=True, sent=10.0, ended=10.2)
        dead = [Event("master KILL", 9.999, frozenset([CHILD, 101]), victim=MASTER)]
        late = ["start 1 200 10.016 8", "start 1 100 10.017 9", "end 1 200 10.044 8", "end 1 100 10.046 9"]  # seen in a soak
        self.assertEqual("", faulty(again, late, dead))
        self.assertEqual("", faulty(again, late[:3], dead), "it died before its end")
        self.assertEqual("ab", faulty(again, late), "no event")
        self.assertEqual("ab", faulty(again, late, [kill(at=9.999, pid=300)]), "another process")
        self.assertEqual("ab", faulty(again, late, [kill(at=10.1, pid=CHILD)]), "hit when both ran already")
        self.assertEqual("ab", faulty(again, late, [kill(at=9.0, pid=CHILD)]), "long before")
        self.assertEqual("ab", faulty(again, late, [stop(9.9, 10.0)]), "its process went on")
        self.assertEqual("ab", faulty(request(), late, dead), "not idempotent")

    def test_failure_after_a_retry_needs_an_event_on_the_run_that_came_last(self):
        twice = ["start 1 200 10.016", "start 1 100 10.017"]
        first = Event("master KILL", 9.999, frozenset([CHILD]))
        self.assertEqual("", faulty(failed(idempotent=True), twice, [first, kill(pid=OTHER)]))
        self.assertEqual("d", faulty(failed(idempotent=True), twice, [first]), "what explains the retry does not explain the failure")

    def test_child_that_a_master_forked_after_it_was_looked_at_is_hit_with_it(self):
        unseen = Event("master KILL", 10.1, frozenset([OTHER]), victim=MASTER)
        self.assertEqual("", faulty(failed(), ["start 1 100 10.010 9"], [unseen]))
        self.assertEqual("d", faulty(failed(), ["start 1 100 10.010 8"], [unseen]), "another master's")
        self.assertEqual("d", faulty(failed(), ["start 1 100 10.010"], [unseen]), "nobody knows whose")
        child = Event("child KILL", 10.1, frozenset([OTHER]), victim=MASTER)
        self.assertEqual("d", faulty(failed(), ["start 1 100 10.010 9"], [child]), "not its master")

    def test_fault_tells_both_runs_and_what_hit_them(self):
        again = request(idempotent=True)
        events = [kill(at=9.0), kill(at=10.1, pid=300), kill(at=1.0), Event("master KILL", 12.0, frozenset([300]), victim=MASTER)]
        fault = Judge([again], read_runs(["start 1 100 10.010 9", *TWICE[1:]]), events).once().faults[0]
        self.assertTrue(fault.endswith("sent 10.000, -1.000 child KILL of [100], +0.010 started on 100 of master 9, +0.120 started on 200,"
                                       " +0.180 reached its end on 200, +0.200 ended with 200, +2.000 master KILL of 9"), fault)

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
