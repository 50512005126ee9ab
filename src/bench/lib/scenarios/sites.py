"""Web applications at `/` of host names, beside nginx, and many hosts: see src/bench/README.md."""

import argparse
import contextlib
import re
import statistics
import sys
import traceback

from clients.browser import Browser
from clients.visitor import Visitor
from clients.wrk import per_second, warm, wrk
from machines import apart
from reports import report
from reports.likeness import Likeness
from scenarios import sites_crossing, sites_hosts, turns
from servers import processes
from servers.options import options, scratch
from servers.paths import RESULTS
from servers.server import free_ports
from servers.websites.all import ALL, OTHERS
from servers.websites.stacks import Database, Nginx, Relais

PICTURES = RESULTS / "sites"
TOOLS = ("mariadb-server", "mariadb-client", "php-mysql", "php-sqlite3", "php-gd", "php-mbstring", "php-xml", "php-intl", "chromium", "chromium-driver",
         "dovecot-imapd", "nginx-light", "wrk")
SHOWN = 14  # kinds of differences of an application that are listed; the others are counted
WARMUP = 2  # bursts on each page
CHEAP = "adminer"  # whose page is asked for before all, until the JVM has compiled what it needs
PARTS = ("applications", "hosts", "crossing")


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/sites", description=__doc__)
    options(parser)
    parser.set_defaults(children=8, workers=1, connections=8)
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--only", default=",".join(ALL), metavar="A,B", help=f"of the applications {', '.join(ALL)}")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=3, help="of load per server and round; 0: none is measured")
    parser.add_argument("--warmup", type=int, default=24, help="seconds of load on each server before all, in bursts")
    parser.add_argument("--hosts", type=int, default=10_000)
    parser.add_argument("--crossing", type=int, default=60, metavar="SECONDS", help="for which requests of sites cross")
    parser.add_argument("--other", default="trixie", metavar="SUITE", help="the Debian whose PHP one of these has (default trixie)")
    parser.add_argument("--name", default="sites", help="of the report in src/bench/results")
    parser.add_argument("--keep", metavar="DIR", help="where all answers of the tours are written, to look at")
    args = parser.parse_args()
    if unknown := set(args.only.split(",")) - ALL.keys():
        sys.exit(f"there is no {', '.join(unknown)}")
    return args


class Toured:
    """One application on both servers. `failed` says for each server why its tour ended early, if it did."""

    def __init__(self, website, servers):
        self.website, self.visitors, self.failed = website, {}, {}
        for server in servers:
            visitor = self.visitors[server.name] = Visitor(server.address, website.host)
            try:
                website.tour(visitor)
            except Exception as e:  # whatever an application does that its tour does not expect
                self.failed[server.name] = f"{type(e).__name__}: {str(e)[:600] or traceback.format_exc(limit=-1)}"
        self.likeness = Likeness(*(self.visitors[server.name].steps for server in servers), website.masks)

    @property
    def statuses(self):
        return sum(d.fact == "status" for d in self.likeness.differences)

    @property
    def unexplained(self):
        """The statuses that differ without a reason that is known."""
        return [d for d in self.likeness.differences if d.fact in ("status", "steps") and not why(self.website, d)]


def measured(website, servers, args):
    """{server: (requests/s, ms of CPU of the front, of PHP) per request}, medians of rounds in turns"""
    def load(server, seconds):
        return wrk(server.port, website.page, args.connections, seconds, server.address, headers={"Host": website.host})

    for server in servers:
        for _ in range(WARMUP):
            load(server, 2)
    seen = {server: [] for server in servers}
    for _, server in turns.in_turns(servers, args.rounds):
        front, php = server.front(), server.php()
        before = processes.cpu(front), processes.cpu(php)
        run = load(server, args.seconds)
        if run["not_ok"] or run["socket_errors"] or not run["requests"]:
            return None
        used = [1e3 * (processes.cpu(of) - had) / run["requests"] for of, had in zip((front, php), before)]
        seen[server].append((per_second(run), *used))
    return {server.name: [statistics.median(column) for column in zip(*rounds)] for server, rounds in seen.items()}


def picture(browser, toured, server):
    """(KiB of the picture, resources that the page has loaded, those that failed)"""
    website = toured.website
    browser.open("about:blank", 1000, 720)
    browser.devtools("Network.clearBrowserCookies")
    for key, value in toured.visitors[server.name].cookies.items():
        browser.devtools("Network.setCookie", name=key, value=value, url=f"http://{website.host}/")
    browser.open(f"http://{website.host}{website.shown}", 1000, 720)
    browser.wait("document.readyState === 'complete'")
    loaded = browser.run("return performance.getEntriesByType('resource').map(r => [r.name, r.responseStatus])")
    PICTURES.mkdir(parents=True, exist_ok=True)
    file = PICTURES / f"{website.name}.jpg"
    browser.picture(file, quality=60)
    return file.stat().st_size / 1024, len(loaded), [f"{name} {status}" for name, status in loaded if status >= 400]


def section(tell, toured, version, speed, shot):
    website, likeness = toured.website, toured.likeness
    tell(f"\n## {website.name}{report.today()}\n")
    tell(f"`{website.package}` {version}, site [{website.recipe or website.name}.yaml](../../main/sites/{website.recipe or website.name}.yaml), beside"
         f" [{website.name}.conf](../nginx/sites/{website.name}.conf)."
         + (f" [Picture](sites/{website.name}.jpg): {shot[1]} resources loaded, {len(shot[2])} failed{''.join(': ' + s for s in shot[2][:3])}." if shot else ""))
    for name, cause in toured.failed.items():
        tell(f"\nThe tour ended early on {name}: `{' '.join(cause.split())[:400]}`")
    tell(f"\n{len(likeness.one)} requests; {toured.statuses} statuses differ; {likeness.same_pages} of {likeness.pages} pages and {likeness.same} of all bodies are"
         f" alike, byte for byte after masking; {likeness.bytes:,} bytes compared, {likeness.masked:,} masked.")
    if speed:
        tell("\n| server | requests/s | front ms/request | PHP ms/request |\n| --- | ---: | ---: | ---: |")
        for name, (rate, front, php) in speed.items():
            tell(f"| {name} | {rate:,.0f} | {front:.3f} | {php:.3f} |")
    grouped = likeness.grouped()
    if not grouped:
        return
    tell("\n| nginx / Relais | requests | why |\n| --- | --- | --- |")
    for text, found in sorted(grouped.items(), key=lambda item: -len(item[1]))[:SHOWN]:
        names = list(dict.fromkeys(d.step for d in found))
        names = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        tell(f"| {cell(text)} | {cell(names)} | {why(website, found[0])} |")
    if len(grouped) > SHOWN:
        tell(f"\n{len(grouped) - SHOWN} other kinds, in {sum(sorted(map(len, grouped.values()), reverse=True)[SHOWN:])} places.")


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


# Of differences of all applications: a pattern of a step's name and its difference -> why.
REASONS = {
    r"^refused .*status: `\d+` / `404`": "the recipe refuses it, as if it were not there",
    r"^refused .*(body|field): ": "each server's own page for errors, or the application's",
    r"field: `-` / `cache-control: max-age": "the recipe's time",
    r"field: `(cache-control: (max-age|public)|expires: )": "the time of nginx' configuration; Relais sends no Expires",
    r"content-type: (application|text)/javascript": "the name of RFC 9239, with the charset",
    r"content-type: image/(x-icon|vnd)": "the registered name",
    r"content-type: text/(css|plain|html)": "with the charset",
    r"field: `-` / `(x-content-type-options|x-frame-options|x-robots-tag|content-security-policy|referrer-policy): ": "the recipe's field",
    r"field: .*location: (http://|/)": "Relais' redirects have no host",
}


def why(website, difference):
    text = f"{difference.step}: {difference}"
    return next((reason for pattern, reason in {**website.reasons, **REASONS}.items() if re.search(pattern, text)), "")


def keep(folder, toured):
    for name, visitor in toured.visitors.items():
        for number, step in enumerate(visitor.steps):
            file = folder / toured.website.name / f"{number:02}-{name}"
            file.parent.mkdir(parents=True, exist_ok=True)
            head = "".join(f"{key}: {value}\n" for key, value in step.headers)
            file.write_bytes(f"{step.name}\n{step.method} {step.path}\n{step.status}\n{head}\n".encode() + step.body)


def applications(args, directory, tell, stack):
    """Whether all was as it should be."""
    websites = [ALL[name]() for name in args.only.split(",")]
    base = apart.installed("sites", sorted({*TOOLS, *(package for kind in ALL.values() for package in kind.packages)}))
    ready, absent = prepared(websites, base, directory)
    lowers = [directory / "layers/prepared", base]
    servers = []
    for kind in (Nginx, Relais):
        layer = stack.enter_context(apart.Apart(directory, kind.name, lowers))
        database = Database(layer, directory)
        database.start()
        stack.callback(database.stop)
        for website in ready:
            website.accompany(layer, kind.address, directory, stack)
        servers.append(stack.enter_context(kind(args, directory, layer, ready)))
    browser = stack.enter_context(Browser(directory / "browser", free_ports(1)[0], ["--disable-background-networking", f"--host-resolver-rules=MAP *.test {Relais.address}"]))
    rows, good = [], True
    cheap = next((w for w in ready if w.name == CHEAP), ready[0])
    for server in servers if args.seconds else []:
        warm(server.port, cheap.page, args.connections, args.warmup, server.address, headers={"Host": cheap.host})
    for website in ready:
        toured = Toured(website, servers)
        if args.keep:
            keep(directory.__class__(args.keep), toured)
        shot = picture(browser, toured, servers[1])
        speed = measured(website, servers, args) if args.seconds else None
        version = layer.run("dpkg-query", "-W", "-f", "${Version}", website.package)
        section(tell, toured, version, speed, shot)
        rows.append(row(toured, version, speed))
        good = good and not toured.failed and not toured.unexplained
    tell(f"\n## All applications{report.today()}\n")
    tell("| application | version | tour | requests | statuses that differ | pages alike | bytes compared | requests/s | of nginx' | CPU ms/request | of nginx' |")
    tell("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for line in rows:
        tell(line)
    for names, reason in OTHERS.items():
        tell(f"\nNot here: {names} {reason}.")
    for website, reason in absent:
        tell(f"\n{website.name} could not be driven: {cell(reason)}")
    return good and not absent


def prepared(websites, base, directory):
    """(the websites that are ready, (website, reason) of the others)"""
    ready, absent = [], []
    with apart.Apart(directory, "prepared", [base]) as layer:
        database = Database(layer, directory)
        database.make(sorted({name for website in websites for name in website.databases}))
        layer.sql = database.sql
        for website in websites:
            try:
                website.prepare(layer)
                ready.append(website)
            except SystemExit as e:
                absent.append((website, str(e)[-400:]))
                print(f"{website.name}: {e}", flush=True)
        database.stop()
    return ready, absent


def row(toured, version, speed):
    likeness = toured.likeness
    cells = [toured.website.name, version, "whole" if not toured.failed else "early end on " + " and ".join(toured.failed), len(likeness.one), toured.statuses,
             f"{likeness.same_pages} of {likeness.pages}", f"{likeness.bytes:,}"]
    if speed:
        (rate, *cpu), (our_rate, *our_cpu) = speed["nginx"], speed["relais"]
        cells += [f"{our_rate:,.0f}", f"{our_rate / rate:.2f}", f"{sum(our_cpu):.2f}", f"{sum(our_cpu) / sum(cpu):.2f}"]
    else:
        cells += [""] * 4
    return "| " + " | ".join(map(str, cells)) + " |"


def main():
    args = arguments()
    directory = scratch()
    tell = report.Report()
    tell("# Whole sites\n")
    tell(f"- {report.machine(args, ('wrk', '-v'))}")
    tell(f"- {report.command()}")
    good = True
    with contextlib.ExitStack() as stack:
        if "applications" in args.parts.split(","):
            good = applications(args, directory, tell, stack)
    if "hosts" in args.parts.split(","):
        good = sites_hosts.hosts(args, directory, tell) and good
    if "crossing" in args.parts.split(","):
        good = sites_crossing.crossing(args, directory, tell) and good
    tell.renew(args.name)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
