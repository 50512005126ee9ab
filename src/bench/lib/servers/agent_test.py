import unittest

from servers.agent import LEAST, weights


def load(rps, utilization):
    return {"rps": rps, "applicationUtilization": utilization}


class AgentTest(unittest.TestCase):
    def test_a_gateway_gets_what_it_could_serve(self):
        self.assertEqual([100, 100, 25], weights([load(100, 0.2), load(50, 0.1), load(50, 0.4)]))

    def test_one_without_requests_may_show_what_it_can(self):
        self.assertEqual([100, 100], weights([load(100, 0.2), load(0, 0)]))
        self.assertEqual([100, 100], weights([load(100, 0.2), {}]))
        self.assertEqual([100], weights([{}]))

    def test_even_the_slowest_gets_some(self):
        self.assertEqual([100, LEAST], weights([load(1000, 0.1), load(1, 3)]))


if __name__ == "__main__":
    unittest.main()
