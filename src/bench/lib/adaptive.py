"""The adaptive limit against the fixed one, for runs that compute and runs that wait: see src/bench/README.md."""

import argparse

import load
import report
import servers

FUNCTIONS = {"computes": "/api/compute", "waits": "/api/wait"}


class Fixed(servers.Relais):
    label = "fixed"


class Adaptive(servers.Relais):
    label = "adaptive"

    def start(self):
        self.args.config.append("relais.queue.adaptive-limit=true")
        try:
            super().start()
        finally:
            self.args.config.pop()


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/adaptive", description=__doc__)
    servers.options(parser)
    parser.set_defaults(children=32)
    parser.add_argument("--seconds", type=int, default=8, help="of each measurement (default 8)")
    parser.add_argument("--only", default="", metavar="TEXT", help="functions whose name holds it; writes no result")
    return parser.parse_args()


def measure(server, what, args):
    path = FUNCTIONS[what]
    load.wrk(server.port, path, 2, 6)  # few at a time: how fast it is when nothing stands in its way
    load.wrk(server.port, path, args.connections, args.seconds)  # the limit settles
    seen = load.wrk(server.port, path, args.connections, args.seconds)
    limit = server.metric("relais_concurrency_limit")
    return (f"| {what} | {server.label} | {limit:.0f} | {1e6 * seen['requests'] / seen['micros']:,.0f} | {seen['p50'] / 1000:,.1f} |"
            f" {seen['p99'] / 1000:,.1f} | {seen['not_ok'] + seen['socket_errors']} |")


def main():
    args = arguments()
    scratch = servers.scratch()
    tell = report.Report()
    tell("# Adaptive limit\n\n"
         f"{report.command()}, {report.machine(args)}. {args.children} PHP children in all, {args.workers} workers;"
         f" `wrk` with {args.connections} connections for {args.seconds} s, after 6 s with two connections and {args.seconds} s with all."
         " Latencies (ms) are from the client, the wait in the queue included.\n")
    tell("| the function | limit | in force at the end | requests/s | p50 | p99 | errors |")
    tell("| --- | --- |" + " ---: |" * 5)
    for what in FUNCTIONS:
        for kind in (Fixed, Adaptive):
            if args.only in what:
                with kind(args, scratch) as server:
                    tell(measure(server, what, args))
    if not args.only:
        tell.write("adaptive")


if __name__ == "__main__":
    main()
