import unittest

from servers import sched

LOOP, PHP, C2 = 100, 200, 300


def switch(at, cpu, prev, state, then):
    names = {LOOP: "vert.x-eventloo", PHP: "php-fpm8.2", C2: "C2 CompilerThre", 0: f"swapper/{cpu}"}
    return (f" {names[prev]}-{prev}     [{cpu:03}] d..2. {at:.6f}: sched_switch: prev_comm={names[prev]} prev_pid={prev} prev_prio=120 "
            f"prev_state={state} ==> next_comm={names[then]} next_pid={then} next_prio=120")


def wakeup(at, cpu, pid, target):
    return f" php-fpm8.2-{PHP}     [{cpu:03}] dN.4. {at:.6f}: sched_wakeup: comm=vert.x-eventloo pid={pid} prio=120 target_cpu={target:03}"


class Waits(unittest.TestCase):
    def test_a_wait_is_from_the_wake_up_to_the_core_and_behind_who_ran_there(self):
        lines = [switch(1.000, 0, 0, "R", PHP), wakeup(1.001, 0, LOOP, 0), switch(1.003, 0, PHP, "S", C2), switch(1.004, 0, C2, "R", LOOP)]
        (wait,) = sched.waits(lines, {LOOP})
        self.assertEqual(LOOP, wait.pid)
        self.assertAlmostEqual(0.003, wait.seconds)
        self.assertAlmostEqual(0.002, wait.behind["php-fpm8.2"])
        self.assertAlmostEqual(0.001, wait.behind["C2 CompilerThre"])

    def test_who_is_taken_off_its_core_waits_from_then_on(self):
        lines = [switch(1.000, 1, 0, "R", LOOP), switch(1.002, 1, LOOP, "R", C2), switch(1.006, 1, C2, "S", LOOP)]
        (wait,) = sched.waits(lines, {LOOP})
        self.assertAlmostEqual(0.004, wait.seconds)
        self.assertAlmostEqual(0.004, wait.behind["C2 CompilerThre"])

    def test_who_sleeps_does_not_wait(self):
        lines = [switch(1.0, 0, LOOP, "S", 0), wakeup(2.0, 1, LOOP, 0), switch(2.00001, 0, 0, "R", LOOP)]
        (wait,) = sched.waits(lines, {LOOP})
        self.assertAlmostEqual(0.00001, wait.seconds)
        self.assertEqual(["idle"], list(wait.behind))

    def test_the_others_are_not_counted(self):
        self.assertEqual([], sched.waits([wakeup(1.0, 0, PHP, 0), switch(1.5, 0, 0, "R", PHP)], {LOOP}))

    def test_a_buffer_that_was_too_small_is_an_error(self):
        with self.assertRaises(ValueError):
            sched.waits(["CPU:0 [LOST 12 EVENTS]"], {LOOP})


if __name__ == "__main__":
    unittest.main()
