import unittest

from reports import stages

LOOP = "[vert.x-eventloop-thread-0 tid=7]"
READ = ["io/netty/channel/epoll/AbstractEpollStreamChannel$EpollStreamUnsafe.epollInReady"]
FROM_PHP = ["io/netty/channel/epoll/EpollDomainSocketChannel$EpollDomainUnsafe.epollInReady", *READ]
WRITE = "io/netty/channel/epoll/AbstractEpollStreamChannel.doWrite"
END = [*FROM_PHP, "dev/relais/fastcgi/FcgiConnection.channelRead", "dev/relais/slot/Slot.onEnd"]


class Stages(unittest.TestCase):
    def test_the_innermost_frame_that_has_a_stage_decides(self):
        self.assertEqual("socket to PHP", stages.stage([*END, "dev/relais/admission/WaitingRoom.serve", "dev/relais/gateway/ChildClaim.use",
                                                        "dev/relais/fastcgi/FcgiConnection.exchange", WRITE, "sendmsg"]))
        self.assertEqual("socket to the client", stages.stage([*END, "dev/relais/http/ResponseWriter.end", WRITE, "sendto"]))
        self.assertEqual("admission", stages.stage([*END, "dev/relais/admission/WaitingRoom.serve", "java/util/Queue.poll"]))
        self.assertEqual("decode", stages.stage([*END[:-1], "dev/relais/fastcgi/HeadParser.parse", "java/lang/String.<init>"]))

    def test_a_read_is_of_the_socket_below_which_it_stands(self):
        self.assertEqual("socket from PHP", stages.stage([*FROM_PHP, "io/netty/channel/epoll/AbstractEpollChannel.doReadBytes", "recv"]))
        self.assertEqual("socket from the client", stages.stage([*READ, "io/netty/channel/epoll/AbstractEpollChannel.doReadBytes", "recv"]))

    def test_other_threads_do_not_count(self):
        shares, total = stages.shares({(LOOP, "io/netty/handler/codec/http/HttpObjectDecoder.decode"): 3, (LOOP, "run"): 1, ("[C2]", "run"): 9},
                                      "eventloop")
        self.assertEqual((4, 0.75, 0.25), (total, shares["head"], shares[stages.OTHER]))
        self.assertAlmostEqual(1, sum(shares.values()))


if __name__ == "__main__":
    unittest.main()
