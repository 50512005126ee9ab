"""The image: built, run as strictly as a cluster does, asked, stopped, killed, and measured. See src/bench/README.md."""

import argparse
import collections
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree

from clients import http1
from clients.blocking import Client
from machines import guest
from machines.container import STRICT, USER, Container
from machines.images import PHP, Engine, folders
from machines.sandbox import Sandbox
from reports.checks import Checks
from reports.report import Report, output, today
from servers import jdk, processes
from servers.options import scratch
from servers.paths import BENCH, ROOT

STARTS = 5  # of each kind; medians
PARTS = ("check", "packaged", "guest", "starts")
USUAL = ("check", "starts")  # the others take long
TESTS = "dev.relais.packaged.*IT"
MIB = 1 << 20
FUNCTIONS = {
    "hello.php": "<?php echo 'hello ', PHP_VERSION;",
    "length.php": "<?php echo strlen(file_get_contents('php://input')), ' ', $_FILES['f']['size'] ?? 'none';",
    "who.php": "<?php echo trim(shell_exec('id -u')), ' ', php_sapi_name();",
    "write.php": "<?php foreach (['/srv/functions/x', '/opt/relais/x', '/etc/x', '/x'] as $f) echo @file_put_contents($f, 'x') === false ? 'no ' : 'yes ';"
                 " echo file_put_contents('/tmp/x' . getmypid(), 'x') === 1 ? 'yes' : 'no';",
    "session.php": "<?php session_start(); $_SESSION['n'] = ($_SESSION['n'] ?? 0) + 1; echo $_SESSION['n'], ' ', session_id();",
    "orphan.php": "<?php exec('(sleep 0.1 &) >/dev/null 2>&1'); echo 'ok';",
    "eat.php": "<?php ini_set('memory_limit', -1); $a = []; for (;;) $a[] = str_repeat('x', 1 << 20);",
    "sleep.php": "<?php sleep(3); echo 'slept';",
    "größe.php": "<?php echo 'UTF-8';",
}


# What machines/guest-init has to see: what it is, and all that is seen as a pattern.
GUEST = {
    "cgroup": ("control groups", "v2"),
    "ready": ("its readiness", "200"),
    "hello": ("a function", "200 hello"),
    "memory": ("memory.max", str(768 * MIB)),
    "pids": ("pids.max", "512"),
    "cpu": ("cpu.max", "200000 100000"),
    "memory-known": ("the memory that Relais knows of", str(768 * MIB)),
    "pids-known": ("the processes and threads that Relais knows of", r"4[0-9][0-9] more"),
    "cpu-known": ("the processors that Relais knows of", "2 processors"),
    "user": ("users of its processes", "10001"),
    "capabilities": ("capabilities", "0{16}"),
    "root": ("writes to /, /etc, its own, the functions', and to /tmp", "no no no no yes"),
    "many": ("a function that starts more processes than the limit", "200 refused"),
    "many-refused": ("how often the kernel has refused one", r"max [1-9][0-9]*"),
    "many-after": ("the next request, and by which gateway", "200 hello of the same"),
    "eat": ("a function that takes more memory than there is", "502"),
    "eat-killed": ("what the kernel has killed", r"low 0 high 0 max [0-9]+ oom [1-9][0-9]* oom_kill 1 oom_group_kill 0"),
    "eat-after": ("the next request, and by which gateway", "200 hello of the same"),
    "slept": ("a request that runs at the stop", "200 slept"),
    "exit": ("exit code of a stop", "0"),
    "left": ("processes that are left then", "0"),
    "again": ("started again: its readiness", "200"),
    "group": ("memory.oom.group, as kubelets set it", "1"),
    "group-known": ("what Relais knows of it", "1"),
    "group-eat": ("a function that takes more memory than there is", "000"),
    "group-exit": ("the container's exit code: all of it is killed", "137"),
    "off": ("the machine ends", "by itself"),
}


class Variant:
    """One kind of image. `java`: the JDK by which the base is made, where its release has no package of it."""

    def __init__(self, name, words, suite, dockerfile="Dockerfile.jvm", java=None, package=None):
        self.name, self.words, self.suite, self.dockerfile, self.java, self.package = name, words, suite, dockerfile, java, package
        self.image = f"localhost/relais:{name}"

    def build(self, engine):
        arguments = {"PHP_VERSION": PHP[self.suite]}
        arguments["BASE"] = engine.base_with_java(self.suite, self.java) if self.java else engine.base(self.suite)
        if self.package:
            arguments["JAVA_PACKAGE"] = self.package
        return engine.build(self.image, self.dockerfile, **arguments)

    def lacks(self):
        """Why it cannot be built here, or nothing."""
        if self.java and not jdk.find(self.java):
            return f"no JDK {self.java} on this machine"
        if self.dockerfile.endswith("native") and not list((ROOT / "target").glob("*-runner")):
            return "no executable in target: ./mvnw package -Dnative"
        return None


VARIANTS = [
    Variant("25", "JDK 25 and PHP 8.4 of Debian 13", "trixie"),
    Variant("25-debian12", "this machine's JDK 25, PHP 8.2 of Debian 12", "bookworm", java=25),
    Variant("17", "JDK 17 and PHP 8.2 of Debian 12", "bookworm", package="openjdk-17-jre-headless"),
    Variant("native", "native executable, PHP 8.4 of Debian 13", "trixie", "Dockerfile.native"),
]


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/image", description=__doc__)
    parser.add_argument("--variants", default=",".join(v.name for v in VARIANTS), help="a part of them (default all that can be built)")
    parser.add_argument("--starts", type=int, default=STARTS, help=f"starts that are measured (default {STARTS})")
    parser.add_argument("--parts", type=parts, default=list(USUAL), help=f"which of {', '.join(PARTS)} are run (default {','.join(USUAL)}); "
                        "what the report has of the others stays")
    parser.add_argument("--guest", action="append_const", const="guest", dest="more", help="and the first of them under control groups of version 2, "
                        "in an emulated machine")
    parser.add_argument("--packaged", action="append_const", const="packaged", dest="more", help="and the packaged tests of Maven on the first of them")
    parser.add_argument("--tests", default=TESTS, help="which of the packaged tests, as Maven's -Dit.test takes them (default all)")
    parser.add_argument("--report", default="image", help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.parts += args.more or []
    return args


def parts(text):
    chosen = text.split(",")
    if unknown := set(chosen) - set(PARTS):
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return chosen


class Run:
    def __init__(self, engine, tell, variant):
        self.engine, self.tell, self.variant = engine, tell, variant
        self.name = variant.image
        self.count = 0

    def container(self, functions=FUNCTIONS, **options):
        self.count += 1
        return Container(self.engine, self.variant.image, f"relais-{self.variant.name}-{os.getpid()}-{self.count}", functions, **options)

    def check(self):
        checks = self.checks = Checks(self.tell, f"{self.variant.name}: {self.variant.words}{today()}", self)
        self.made(checks)
        with self.container() as container:
            checks.add("ready after", took(container.until(container.ready)), "in time", container.ready())
            if container.ready():
                self.asked(checks, container)
                self.bounded(checks, container)
                self.changed(checks, container)
                self.starved(checks, container)
                self.stopped(checks, container)
            else:
                self.tell(f"```\n{container.log.read_text(errors='replace')[-3000:]}\n```")
        with self.container(user="54321:54321") as container:
            container.until(container.ready)
            checks.add("another user id", container.get("/api/who")[1].decode(), "54321 fpm-fcgi", container.get("/api/who")[1] == b"54321 fpm-fcgi")
            self.killed(checks, container)
        self.copied_in(checks)
        self.mounted(checks)
        return checks.passed

    def made(self, checks):
        facts = self.engine.inspect(self.variant.image)
        config, labels = facts["Config"], facts["Config"].get("Labels") or {}
        checks.add("size on disk", f"{facts['Size'] / 1e6:,.0f} MB in {len(facts['RootFS']['Layers'])} layers")
        checks.add("user", config["User"], "a number, not 0", config["User"].split(":")[0].isdigit() and not config["User"].startswith("0"))
        wanted = {f"org.opencontainers.image.{key}" for key in ("title", "description", "licenses", "version", "revision", "base.name")}
        checks.add("OCI labels", len(wanted & labels.keys()), len(wanted), wanted <= labels.keys())
        checks.add("LANG", [e for e in config["Env"] if e.startswith("LANG=")], "C.UTF-8", "LANG=C.UTF-8" in config["Env"])

    def asked(self, checks, container):
        php = PHP[self.variant.suite]
        expect = lambda what, path, wanted: self.expect(checks, container, what, path, wanted)
        expect("a function", "/api/hello", lambda s, b: s == 200 and b.startswith(f"hello {php}".encode()))
        expect("a name beyond ASCII", "/api/gr%C3%B6%C3%9Fe", lambda s, b: (s, b) == (200, b"UTF-8"))
        expect("nothing there", "/api/nothing", lambda s, b: s == 404 and b"problem" in b)
        expect("a session", "/api/session", lambda s, b: s == 200 and b.startswith(b"1 "))
        for size in (1000, 8 * MIB):
            with Client(container.port, timeout=30) as client:
                answer = client.ask(http1.head("/api/length", f"Content-Length: {size}", method="POST") + b"x" * size)
            checks.add(f"a body of {size} bytes", bytes(answer.body).decode(), f"{size} none", answer.body == f"{size} none".encode())
        known = int(container.metric("relais_functions"))
        checks.add("functions that it knows", known, len(FUNCTIONS), known == len(FUNCTIONS))
        for path in ("/q/health/live", "/q/health/started", "/q/metrics", "/q/info"):
            code = http(container.management, path)
            checks.add(path, code, 200, code == 200)
        libraries = container.execute("cat", "/opt/relais/relais.cdx.json").count('"purl"')
        checks.add("libraries in its bill of materials", libraries, "more than 50", libraries > 50)
        cache = container.says(r"(?i).*(AOT|CDS|shared archive).*")
        checks.add("complaints about the cache of classes", cache or "none", "none", cache is None)

    @staticmethod
    def expect(checks, container, what, path, wanted):
        status, body = container.get(path, timeout=20)
        checks.add(what, f"{status} {body[:60].decode(errors='replace')!r}", "as it should be", wanted(status, body))

    def bounded(self, checks, container):
        status, body = container.get("/api/write")
        checks.add("writes to its own, the functions', /etc and /, and to /tmp", body.decode(), "no no no no yes", body == b"no no no no yes")
        running = container.processes()
        facts = [container.facts(p.pid) for p in running]
        facts = [f for f in facts if f]
        users = {f["Uid"].split()[1] for f in facts}
        checks.add("users of its processes", users, {USER}, users == {USER})
        capabilities = {int(f["CapEff"], 16) | int(f["CapBnd"], 16) for f in facts}
        checks.add("capabilities", capabilities, {0}, capabilities == {0})
        checks.add("no new privileges, seccomp", {(f["NoNewPrivs"], f["Seccomp"]) for f in facts}, "1, 2", {(f["NoNewPrivs"], f["Seccomp"]) for f in facts} == {("1", "2")})
        if self.variant.dockerfile.endswith("jvm"):
            epoll = any("libnetty_transport_native_epoll" in container.maps(p.pid) for p in running)
            checks.add("a library that is unpacked to /tmp is loaded", "epoll" if epoll else "none", "epoll", epoll)
        for _ in range(20):
            container.get("/api/orphan")
        deadline = time.monotonic() + 10
        while (left := [p.name for p in container.processes() if not p.running or p.name == "sleep"]) and time.monotonic() < deadline:
            time.sleep(0.05)
        checks.add("orphans and zombies a while after 20 scripts left a process behind", left, [], not left)

    def changed(self, checks, container):
        container.replace("hello.php", "<?php echo 'changed';")
        begin = time.monotonic()
        while container.get("/api/hello")[1] != b"changed" and time.monotonic() - begin < 30:
            time.sleep(0.02)
        checks.add("changed code after", f"{time.monotonic() - begin:.1f} s", "in time", container.get("/api/hello")[1] == b"changed")

    def starved(self, checks, container):
        before = container.first()
        status, _ = container.get("/api/eat", timeout=60)
        checks.add("a function that takes more memory than there is", status, 502, status == 502)
        status, _ = container.get("/api/hello", timeout=20)
        checks.add("the next request, by the same gateway", status, 200, status == 200 and container.first() == before)

    def stopped(self, checks, container):
        answers = []
        asking = threading.Thread(target=lambda: answers.append(container.get("/api/sleep", timeout=20)))
        asking.start()
        while not any(c.get("function") == "sleep" for w in container.status().get("workers", []) for c in w.get("children", [])):
            time.sleep(0.05)
            if not asking.is_alive():
                break
        seconds, code = container.stop(30)
        asking.join()
        checks.add("a request that runs at the stop", answers, "answered", answers == [(200, b"slept")])
        checks.add("exit code of a stop", code, 0, code == 0)
        checks.add("the stop took", f"{seconds:.1f} s", "the request's 3 s and less than 10", seconds < 10)

    def killed(self, checks, container):
        own = container.processes()
        container.kill()
        left = processes.running(own)
        checks.add(f"of {len(own)} processes after a kill", len(left), 0, not left)

    def copied_in(self, checks):
        """The image of two lines that the documentation shows."""
        folder = self.engine.files / "two-lines"
        (folder / "functions").mkdir(parents=True, exist_ok=True)
        (folder / "functions/mine.php").write_text("<?php echo 'mine';")
        (folder / "Dockerfile").write_text(f"FROM {self.variant.image}\nCOPY functions/ /srv/functions/\n")
        image = f"{self.variant.image}-mine"
        self.engine.podman("build", "-t", image, "/scratch/two-lines")
        with Container(self.engine, image, f"relais-mine-{os.getpid()}") as container:
            container.until(container.ready)
            body = container.get("/api/mine")[1]
            checks.add("functions copied in by two lines", body.decode(), "mine", body == b"mine")
        self.engine.podman("rmi", "--force", image)

    def mounted(self, checks):
        """Functions in an image of their own, as a cluster mounts it (the component functions-volume)."""
        folder = self.engine.files / "image-volume"
        folder.mkdir(exist_ok=True)
        (folder / "mounted.php").write_text("<?php echo 'mounted';")
        (folder / "Dockerfile").write_text("FROM scratch\nCOPY mounted.php /\n")
        image = f"localhost/functions:{os.getpid()}"
        self.engine.podman("build", "-t", image, "/scratch/image-volume")
        mount = f"--mount=type=image,source={image},destination=/srv/functions"
        with Container(self.engine, self.variant.image, f"relais-volume-{os.getpid()}", strict=(*STRICT, mount)) as container:
            container.until(container.ready)
            body = container.get("/api/mounted")[1]
            checks.add("functions in an image that is mounted", body.decode(), "mounted", body == b"mounted")
        self.engine.podman("rmi", "--force", image)

    def starts(self, count, words="", environment=()):
        """One row: medians of some starts."""
        answered, ready = [], []
        for _ in range(count):
            with self.container(environment=environment) as container:
                answered.append(container.until(lambda: container.get("/api/hello")[0] == 200))
                ready.append(container.until(container.ready))
        middle = lambda values: "not in time" if None in values else f"{statistics.median(values) * 1000:,.0f} ms"
        self.tell(f"| {self.variant.words}{words} | {middle(answered)} | {middle(ready)} |")


def second_version(engine, tell, directory, variant):
    """In a guest whose kernel has control groups of version 2 only."""
    seen, console = guest.results(directory, engine, variant.image)
    checks = Checks(tell, f"Under control groups of version 2, in an emulated machine{today()}", variant)
    for name, (what, wanted) in GUEST.items():
        found = seen.get(name, "nothing").strip()
        checks.add(what, found, wanted, re.fullmatch(wanted, found))
    if not checks.passed:
        print(console[-6000:], file=sys.stderr)
    return checks.passed


def packaged(sandbox, tell, directory, variant, tests):
    """The packaged tests, whose gateways are containers: those that failed, and those that cannot run so with their reasons."""
    program = directory / "in-container"
    words = [sys.executable, BENCH / "lib/machines/run_in_container.py", sandbox.first, sandbox.groups, ROOT, variant.image]
    program.write_text(f"#!/bin/sh\nexec {shlex.join(map(str, words))} \"$@\"\n")
    program.chmod(0o755)
    reports = ROOT / "target/failsafe-reports"
    shutil.rmtree(reports, ignore_errors=True)
    run = subprocess.run(["./mvnw", "-B", "-q", "failsafe:integration-test", f"-Dit.test={tests}", f"-Drelais.test.container={program}"],
                         cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    count, failed, empty, reasons = 0, [], [], collections.Counter()
    for file in sorted(reports.glob("TEST-*.xml")):
        cases = list(xml.etree.ElementTree.parse(file).getroot().iter("testcase"))
        if not cases:  # its tests are made by what cannot run so
            empty.append(file.stem.rpartition(".")[2])
        for test in cases:
            count += 1
            name = f"{test.get('classname').rpartition('.')[2]}.{test.get('name')}"
            if test.find("failure") is not None or test.find("error") is not None:
                failed.append(name)
            elif (skipped := test.find("skipped")) is not None:
                why = (skipped.get("message") or skipped.text or "no reason").splitlines()[0]
                reasons[re.sub(r".*Assumption failed: ", "", why)] += 1
    checks = Checks(tell, f"The packaged tests, in containers{today()}", variant)
    if tests != TESTS:
        checks.add("chosen", tests)
    checks.add("tests that ran", count - sum(reasons.values()), "some", count > sum(reasons.values()))
    checks.add("tests that failed", ", ".join(failed) or "none", "none", not failed)
    for reason, number in sorted(reasons.items()):
        checks.add(f"not run: {reason}", number)
    if empty:
        checks.add("classes that made no test", ", ".join(empty))
    if not checks.passed:
        print(run.stdout[-6000:], file=sys.stderr)
    return checks.passed


def starts(tell, runs, count):
    load = os.getloadavg()[0]
    tell(f"\n## From `podman run` to the first answer of PHP, and until it is ready{today()}\n\n| image | first answer | ready |\n| --- | ---: | ---: |")
    for run in runs:
        run.starts(count)
        if run.variant.dockerfile.endswith("jvm"):
            run.starts(count, ", without its cache of classes", ["JAVA_OPTS=-Xshare:auto"])
    tell(f"\nMedians of {count}, one image after the other; load average at the beginning {load:.1f}, at the end {os.getloadavg()[0]:.1f}.")


def http(port, path):
    try:
        with Client(port, timeout=20) as client:
            return client.ask(http1.head(path)).status
    except OSError:
        return 0


def took(seconds):
    return "never" if seconds is None else f"{seconds:.1f} s"


def main():
    args = arguments()
    if os.geteuid():
        sys.exit("src/bench/image needs root")
    directory = scratch()
    (directory / "files").mkdir()
    (directory / "files").chmod(0o755)
    tell = Report()
    tell("# The container image\n")
    tell(f"{output('uname', '-sr')}, {os.cpu_count()} cores; run with `podman run {' '.join(STRICT)} --user={USER}`.")
    passed, runs = True, []
    shared = {"/tmp": "/tmp", str(ROOT): ROOT} if "packaged" in args.parts else {}
    with Sandbox(Engine.root(), directory, folders(directory) | shared) as sandbox:
        engine = Engine(sandbox, directory)
        tell(f"{engine.podman('--version').strip()}, {sandbox.run('runc', '--version').splitlines()[0]}, cgroup "
             f"{'v2' if (sandbox.path('/sys/fs/cgroup/cgroup.controllers')).exists() else 'v1'}.")
        wanted = args.variants.split(",")
        try:
            for variant in [v for v in VARIANTS if v.name in wanted]:
                if reason := variant.lacks():
                    tell(f"\n## {variant.name}: {variant.words}\n\nNot built: {reason}.")
                    continue
                variant.build(engine)
                run = Run(engine, tell, variant)
                if "check" in args.parts:
                    passed = run.check() and passed
                runs.append(run)
            if "packaged" in args.parts and runs:
                passed = packaged(sandbox, tell, directory, runs[0].variant, args.tests) and passed
            if "guest" in args.parts and runs:
                passed = second_version(engine, tell, directory, runs[0].variant) and passed
            if "starts" in args.parts:
                starts(tell, runs, args.starts)
        finally:
            engine.podman("rm", "--force", "--all", "--time=0", check=False)
    tell.renew(args.report)
    sys.exit(not passed)


if __name__ == "__main__":
    main()
