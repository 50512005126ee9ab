"""Resident functions beside the same code that is built anew for each request, in turns: see src/bench/README.md."""

import argparse
import contextlib
import statistics
import sys

from clients.wrk import per_second, warm, wrk
from judging.goals import PASS, Goal
from reports import report
from scenarios import turns
from servers import applications, memory, processes
from servers.options import options, scratch
from servers.peers import Nginx
from servers.relais import Relais

RATE = "requests/s"
NGINX, FPM, RESIDENT = "nginx", "relais", "resident"
GOALS = [
    Goal("bare", RATE, 3, True, NGINX),
    Goal("laravel", RATE, 3, True, NGINX),
    Goal("symfony", RATE, 2, True, NGINX),
    Goal("hello", RATE, 1.2, True, FPM),
]
WHAT = {"hello": "one line of JSON", "bare": "Symfony's framework with one route", "symfony": "Symfony: a page with a form and a session",
        "laravel": "Laravel 8: a page with a session"}
FOUND = {"bare": applications.bare, "symfony": applications.symfony, "laravel": applications.laravel}
HELLO = "hello"
KEPT = "kept"  # behind the name of a function: the same code as a resident function
WORKED = 0.2  # of the CPU of the busiest child, from which a child has taken part
WARMUP = 3  # seconds on each way of each application


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/resident", description=__doc__)
    options(parser)
    parser.set_defaults(children=4, workers=1, connections=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--duration", type=int, default=3, help="seconds of load per server, application and round")
    parser.add_argument("--warmup", type=int, default=30, help="seconds of load on the gateway before, in each of its two ways")
    parser.add_argument("--applications", default=",".join(WHAT))
    parser.add_argument("--name", default="resident", help="of the table in src/bench/results")
    return parser.parse_args()


class WithApplications:
    """A server that has the applications, and a folder of its own for sessions."""

    def prepare(self):
        super().prepare()
        (self.home / "sessions").mkdir(mode=0o777)
        (self.home / "sessions").chmod(0o777)
        for application in self.args.found:
            (self.functions / application.name).symlink_to(application.folder)

    def settings_of_php(self):
        return {"session.save_path": str(self.home / "sessions")}


class Gateway(WithApplications, Relais):
    """Each function twice: as it is, and as a resident one."""

    name = "relais"

    def prepare(self):
        super().prepare()
        text = f"functions:\n  hello{KEPT}: {{resident: {{script: index.php, children: {self.args.children}}}}}\n"
        for application in self.args.found:
            (self.functions / (application.name + KEPT)).symlink_to(application.folder)
            text += application.yaml() + application.yaml(name=application.name + KEPT) + f"    resident: {{children: {self.args.children}}}\n"
        (self.functions / "functions.yaml").write_text(text)

    def config(self):
        return super().config() | {f'relais.workers.php-settings."{key}"': value for key, value in self.settings_of_php().items()}


class Fixed(WithApplications, Nginx):
    """With an opcache that never looks at the disk."""

    name = NGINX
    conf = "nginx/applications.conf"

    @property
    def php_settings(self):
        return super().php_settings | {"opcache.validate_timestamps": "0"} | self.settings_of_php()


class Way:
    """How an application is asked."""

    def __init__(self, name, server, application):
        self.name, self.server = name, server
        page = next((a.page for a in server.args.found if a.name == application), "?name=Ada")
        self.path = f"/api/{application}{KEPT if name == RESIDENT else ''}{page}"

    def asked(self, seconds):
        """One turn, and the memory of the children that took part."""
        server = self.server
        php, front = server.php(), server.front()
        before = {p.pid: p.cpu for p in php}, processes.cpu(front)
        seen = wrk(server.port, self.path, server.args.connections, seconds)
        if seen["not_ok"] or seen["socket_errors"] or not seen["requests"]:
            sys.exit(f"{self.name} {self.path}: {seen} {server.get(self.path)[1][:500]!r}")
        used = {p.pid: p.cpu - before[0].get(p.pid, 0) for p in map(processes.read, {p.pid for p in server.php()}) if p}
        working = [pid for pid, cpu in used.items() if cpu > WORKED * max(used.values())]
        return {
            RATE: per_second(seen),
            "PHP ms/request": 1e3 * sum(used.values()) / seen["requests"],
            "front us/request": 1e6 * (processes.cpu(front) - before[1]) / seen["requests"],
            "p50 ms": seen["p50"] / 1e3,
            "p99 ms": seen["p99"] / 1e3,
            "private MB of a child": statistics.median(memory.private(pid) for pid in working) / 1e6,
        }


def compare(application, gateway, nginx, args):
    """{way: rounds}"""
    ways = [Way(NGINX, nginx, application), Way(FPM, gateway, application), Way(RESIDENT, gateway, application)]
    for way in ways:
        way.asked(WARMUP)
    rounds = {way.name: [] for way in ways}
    for number, way in turns.in_turns(ways, args.rounds):
        rounds[way.name].append(way.asked(args.duration))
        print(f"{application} {number + 1} {way.name}: {rounds[way.name][-1]}", flush=True)
    return rounds


def table(tell, results):
    columns = list(next(iter(results.values()))[NGINX][0])
    tell("\n| application | served by | " + " | ".join(columns) + f" | {RATE} / nginx |\n| --- | --- |" + " ---: |" * (len(columns) + 1))
    for application, ways in results.items():
        for way, rounds in ways.items():
            cells = [statistics.median(r[column] for r in rounds) for column in columns]
            ratio = Goal(application, RATE, 0, of=NGINX).seen(results, way)
            tell(f"| {application} | {way} | " + " | ".join(f"{c:,.0f}" if c >= 1000 else f"{c:.3g}" for c in cells) + f" | {ratio:.2f} |")


def judge(tell, results):
    """Whether all goals that this run says something about are reached."""
    tell("\n| wanted of resident functions | median of the rounds' ratios | |\n| --- | ---: | --- |")
    reached = []
    for goal in GOALS:
        if (seen := goal.seen(results, RESIDENT)) is not None:
            reached.append(goal.good(seen))
            tell(f"| {goal.workload}: {goal.words()} {goal.wanted()} | {seen:.2f} | {PASS if reached[-1] else '**FAIL**'} |")
    return all(reached)


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    with contextlib.ExitStack() as stack:
        wanted = args.applications.split(",")
        made = {name: FOUND[name](directory, stack) for name in wanted if name in FOUND}
        args.found = [application for application in made.values() if application]
        nginx, gateway = (stack.enter_context(kind(args, directory)) for kind in (Fixed, Gateway))
        tell("# Applications that stay in memory\n")
        tell(f"- {report.machine(args, ('wrk', '-v'))}")
        tell(f"- {report.command()}")
        tell(f"- medians of {args.rounds} rounds of {args.duration} s in turns, {args.connections} clients, {args.children} children each")
        tell("- nginx: with PHP-FPM and `opcache.validate_timestamps=0`; relais: the same code in Relais' usual way, which looks at the disk; resident: a"
             " resident function, Symfony and Laravel by `resident: true`")
        for name in wanted:
            tell(f"- {name}: {WHAT[name]}" if made.get(name, True) else f"- {name} is not installed and left out")
        for name in (HELLO, HELLO + KEPT):
            warm(gateway.port, f"/api/{name}?name=Ada", args.connections, args.warmup)
        results = {name: compare(name, gateway, nginx, args) for name in wanted if made.get(name, True)}
        table(tell, results)
        boots(tell, gateway)
        reached = judge(tell, results)
    tell.write(args.name)
    sys.exit(not reached)


def boots(tell, gateway):
    """What a boot of a resident child takes, which is once for each child and for each version of its code."""
    meters = gateway.meters()
    tell("\n| resident function | boots | ms each, of the wall |\n| --- | ---: | ---: |")
    for function, count in sorted(meters.by("relais_resident_boot_seconds_count", "function").items()):
        seconds = meters.total("relais_resident_boot_seconds_sum", function=function)
        tell(f"| {function.removesuffix(KEPT)} | {count:.0f} | {1e3 * seconds / max(1, count):.0f} |")
    failures = meters.total("relais_resident_boots_total", outcome="failure")
    tell(f"\nBoots that failed: {failures:.0f}.")


if __name__ == "__main__":
    main()
