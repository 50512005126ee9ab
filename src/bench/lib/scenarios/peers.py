"""Relais beside nginx, HAProxy, Apache, Caddy, lighttpd and PHP-FPM alone, in turns, in one run: see src/bench/README.md."""

import argparse
import contextlib
import math
import sys
import time

from clients.generator import Generator
from clients.wrk import warm
from reports import report
from scenarios.contest import lives, tables
from scenarios.contest.entrants import entrants
from scenarios.contest.workloads import CLOSED, COMPUTES, FULL_SPEED, HELLO, WORKLOADS, Field, turn
from scenarios.turns import PAUSE, in_turns
from servers import autogroup, link, spent
from servers.options import counts_of_processes, scratch
from servers.paths import RESULTS

ROUNDS, SECONDS, WARMUP, IDLE, STARTS = 5, 4, 60, 60, 3
QUICK = {"rounds": 2, "seconds": 2, "warmup": 15, "idle": 10, "starts": 1}
FEW = 3  # the servers that no goal names take part in every third round
PEER_WARMUP = 3  # seconds; nothing there is compiled
LIVES = ["start", "idle", "memory"]  # what is looked at besides the workloads
OTHERS_MIB = 400  # of memory for a server that is up while others are measured


def words(text):
    return [word for word in text.split(",") if word]


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/peers", description=__doc__)
    counts_of_processes(parser)
    of_one = "; NAME: for that package of Relais alone; may be repeated"
    parser.add_argument("--java", action="append", default=[], metavar="[NAME:]PATH", help=f"the java program, or 17, or 25{of_one}")
    parser.add_argument("--jvm", action="append", default=[], metavar="[NAME:]OPTION", help=f"a JVM option{of_one}")
    parser.add_argument("--config", action="append", default=[], metavar="[NAME:]KEY=VALUE", help=f"a config key of Relais{of_one}")
    names = [workload.name for workload in WORKLOADS] + LIVES
    parser.add_argument("--servers", type=words, default=[], metavar="A,B", help="only these; `relais` stands for all packages of it")
    parser.add_argument("--workloads", type=words, default=names, metavar="X,Y", help=f"only these of {', '.join(names)}")
    parser.add_argument("--rounds", type=int, help=f"twice as many in the open loop (default {ROUNDS})")
    parser.add_argument("--seconds", type=int, help=f"of load per server and round (default {SECONDS})")
    parser.add_argument("--warmup", type=int, help=f"seconds of load on each package of Relais before (default {WARMUP})")
    parser.add_argument("--idle", type=int, help=f"seconds without load (default {IDLE})")
    parser.add_argument("--starts", type=int, help=f"of each server (default {STARTS})")
    parser.add_argument("--relais", action="append", default=[], metavar="[NAME=]PATH,...",
                        help="packages of Relais: a folder, a launcher or a jar (default target/quarkus-app on each of JDK 17 and 25)")
    parser.add_argument("--speed", type=float, help="by which the open loop's rates are multiplied (default: nginx' requests/s in the closed"
                        f" loop as a share of {FULL_SPEED:,}, at most 1)")
    parser.add_argument("--network", choices=["loopback", "veth"], default="loopback", help="veth: clients in another namespace (as root)")
    parser.add_argument("--quick", action="store_true", help="few and short rounds, and only the servers that goals name beyond the closed loop")
    parser.add_argument("--name", help="of the files in src/bench/results (default peers for a whole run, else none are written)")
    args = parser.parse_args()
    if not args.name and not args.quick and not args.servers and args.workloads == names:
        args.name = "peers"
    if unknown := set(args.workloads) - set(names):
        parser.error(f"--workloads: no {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    for name, value in (QUICK if args.quick else dict(rounds=ROUNDS, seconds=SECONDS, warmup=WARMUP, idle=IDLE, starts=STARTS)).items():
        if getattr(args, name) is None:
            setattr(args, name, value)
    return args


def calibrated(field, server):
    """With so many rounds of compute.php as take COMPUTES ms of CPU, asked by one client after the other."""
    before = spent.cpu(server)
    rounds = 20_000
    seen = field.generator.run(server, f"/api/compute?rounds={rounds}", 1, 1)
    used = max(after - b for after, b in zip(spent.cpu(server), before))  # PHP's, or all of a server that has PHP in it
    return field._replace(rounds_of_compute=round(rounds * COMPUTES / 1000 * max(1, seen["requests"]) / max(used, 0.01)))


def measured_speed(field, base):
    """The machine's, so that the open loop's rates are the same shares of what it can do on each."""
    seen = [turn(CLOSED, field, base, 3)["requests/s"] for _ in range(3)]
    return min(1, round(sorted(seen)[1] / FULL_SPEED, 2))


def contest(workload, field, running, chosen, args):
    """{server: rows}, in turns."""
    rows = {entrant.name: [] for entrant in chosen}
    rounds = args.rounds * (2 if workload.tail else 1)
    for entrant in chosen if workload.name != "closed" else []:
        turn(workload, field, running[entrant.name], 1)  # does not count: this path is not warm yet
    for number, entrant in in_turns(chosen, rounds, lambda number, entrant: entrant.leading or number < math.ceil(rounds / FEW)):
        rows[entrant.name].append(turn(workload, field, running[entrant.name], args.seconds))
        print(f"{workload.name} {number + 1} {entrant.name}: {tables.described(rows[entrant.name][-1])}", flush=True)
    return rows


def takes_part(workload, entrant, running, args):
    if not hasattr(running[entrant.name], "port"):
        return workload.bare
    return workload.name == "closed" or not entrant.shipped and (entrant.leading or not args.quick)


def starts(field, running, chosen, args):
    rows = {entrant.name: [] for entrant in chosen}
    for number in range(args.starts):
        for entrant in chosen:
            time.sleep(PAUSE)
            rows[entrant.name].append(lives.start(field, entrant, running[entrant.name]))
            print(f"start {number + 1} {entrant.name}: {rows[entrant.name][-1]}", flush=True)
    return rows


def measure(field, running, chosen, before, args):
    """{workload: {server: rows}}, in the order of the issue's table."""
    results = {}
    if "idle" in args.workloads:
        time.sleep(PAUSE)
        idle = {name: [row] for name, row in lives.idle(list(running.values()), args.idle).items()}
    loaded = {}
    for workload in WORKLOADS:
        if not loaded and not workload.plain:
            loaded = {name: spent.memory(server) for name, server in running.items()}
        taking = [entrant for entrant in chosen if takes_part(workload, entrant, running, args)]
        if workload.name in args.workloads and taking:
            results[workload.name] = contest(workload, field, running, taking, args)
    if "start" in args.workloads:
        results["start"] = starts(field, running, [e for e in chosen if e.relais or e.name == tables.BASE], args)
    if "idle" in args.workloads:
        results["idle"] = idle
    if "memory" in args.workloads:
        results["memory"] = {name: [lives.memory(server, before[name], loaded[name])] for name, server in running.items()}
    return results


def publish(tell, results, running, chosen, args):
    titles = {workload.name: f"{workload.name}: {workload.words}" for workload in WORKLOADS} | {
        "start": "start, and the load at once after readiness", "idle": f"idle, {args.idle} s, after the warm-up",
        "memory": "memory; what several processes share counts once"}
    versions = {entrant.name: running[entrant.name].version for entrant in chosen if entrant.relais}
    for line in tables.goals(results, versions):
        tell(line)
    drawn = tables.charts(results, [entrant.name for entrant in chosen if entrant.leading])
    for suffix in drawn if args.name else ():
        tell(f"\n![{suffix}]({args.name}-{suffix}.svg)")
    for name, by_server in results.items():
        for line in tables.table(titles[name], by_server, tables.columns_of(by_server)):
            tell(line)
    if not args.name:
        return
    tell.write(args.name)
    for suffix, svg in drawn.items():
        (RESULTS / f"{args.name}-{suffix}.svg").write_text(svg)


def differences(servers):
    """The PHP settings in which a server differs from BASE, as lines; a difference may decide the comparison."""
    if tables.BASE not in servers:
        return []
    settings = {name: server.settings() for name, server in servers.items()}
    base, lines = settings[tables.BASE], []
    for name, own in settings.items():
        other = {key: value for key, value in own.items() if value != base.get(key, "")}
        if other and not servers[name].shipped:
            lines.append(f"PHP settings of {name} that {tables.BASE} has not: " + ", ".join(f"`{key}={value}`" for key, value in other.items()))
    return lines


def enough_memory(count):
    available = spent.field("/proc/meminfo", "MemAvailable") / spent.MIB
    if available < count * OTHERS_MIB:
        sys.exit(f"{count} servers at a time want {count * OTHERS_MIB} MiB of memory, {available:.0f} are available: name fewer by --servers")


def main():
    args = arguments()
    directory = scratch()
    with contextlib.ExitStack() as stack:
        kernel = stack.enter_context(autogroup.off(directory))
        args.address, within = stack.enter_context(link.veth(directory)) if args.network == "veth" else ("127.0.0.1", [])
        chosen = entrants(args)
        if not chosen:
            sys.exit("no server to measure")
        enough_memory(len(chosen))
        running, before = {}, {}
        for entrant in chosen:
            running[entrant.name] = stack.enter_context(entrant.make(directory, entrant.name))
            before[entrant.name] = spent.memory(running[entrant.name])
        fronts = [server for server in running.values() if hasattr(server, "port")]
        field = Field(directory, Generator(directory, within), within, args.connections, 0, args.speed or 1)
        tell = report.Report()
        tell("# Relais and its peers in turns\n")
        versions = [("haproxy", "-v"), ("apache2", "-v"), ("caddy", "version"), ("lighttpd", "-v"), ("wrk", "-v")]
        for line in [report.machine(argparse.Namespace(java="java"), *versions), report.command(),
                     f"the kernel's autogroup: {kernel}; network: {args.network}; {args.children} PHP children for each server, for Relais"
                     f" {args.workers} workers of {args.children // args.workers}; medians of the rounds, in brackets the least and the greatest",
                     *(f"{name}: {server.words}" for name, server in running.items()), *differences(running)]:
            tell(f"- {line}")
        for entrant in chosen:
            if hasattr(server := running[entrant.name], "port"):
                warm(server.port, HELLO, args.connections, args.warmup if entrant.relais else PEER_WARMUP, server.address, within)
        if not args.speed and tables.BASE in running:
            field = field._replace(speed=measured_speed(field, running[tables.BASE]))
        tell(f"- the machine's speed, by which the open loop's rates are multiplied: {field.speed}")
        if fronts and "cpu" in args.workloads:
            field = calibrated(field, fronts[0])
        results = measure(field, running, chosen, before, args)
        publish(tell, results, running, chosen, args)


if __name__ == "__main__":
    main()
