"""Sites with other versions of PHP, other users and settings of their own, whose requests cross for a minute: what one sees of another."""

import collections
import json
import pwd
import random
import threading
import time

from clients import http1
from clients.blocking import Client
from machines import versions
from reports import report
from servers.relais import Relais

CLIENTS = 6
USERS = ("games", "www-data", "nobody")  # Debian's own, one for each site
SCRIPT = """<?php
session_start();
$_SESSION['site'] ??= basename(__DIR__);
$_SESSION['count'] = ($_SESSION['count'] ?? 0) + 1;
header('Content-Type: application/json');
echo json_encode([
    'site' => basename(__DIR__), 'version' => PHP_VERSION, 'user' => posix_geteuid(), 'open_basedir' => ini_get('open_basedir'),
    'session.save_path' => session_save_path(), 'memory_limit' => ini_get('memory_limit'), 'session' => $_SESSION['site'],
    'foreign' => @file_get_contents($_GET['foreign'] ?? '/none'), 'left' => $GLOBALS['left'] ?? ini_get('user_agent'),
]);
ini_set('user_agent', basename(__DIR__)); // must be gone with the request
"""


class Crossed(Relais):
    """One site on the workers of all, and one in a pool for each other version."""

    name = "crossing"

    def prepare(self):
        super().prepare()
        self.programs = {"old": versions.of_the_archive(self.home), "other": versions.of_another_debian(self.args.other, [self.scratch], self.home)}
        self.sites = {"usual": (None, None), **{name: found for name, found in self.programs.items() if found}}
        lines = ["sites:"]
        for number, (name, (_, program)) in enumerate(self.sites.items()):
            root = self.root(name)
            root.mkdir(parents=True)
            (root / "index.php").write_text(SCRIPT)
            (root / "secret.txt").write_text(f"secret of {name}")
            lines += [f"  {name}:", f"    hosts: [{name}.test]", f"    root: {root}",
                      f"    php: {{memory_limit: {100 + number}M, open_basedir: \"{root}:{self.home}/state/{name}\"}}"]
            if program:
                lines += [f"    pool: {{children: 3, user: {USERS[number - 1]}, php-fpm: {program}}}"]
        (self.functions / "functions.yaml").write_text("\n".join(lines) + "\n")

    def root(self, name):
        return self.home / "roots" / name

    def config(self):
        return super().config() | {"relais.sites.state-directory": self.home / "state"}


class Crossing(threading.Thread):
    """A client that goes from site to site with the cookies of all of them, and asks each for a file of another."""

    def __init__(self, server, seed, until):
        super().__init__(daemon=True)
        self.server, self.random, self.until = server, random.Random(seed), until
        self.seen = collections.defaultdict(collections.Counter)
        self.faults, self.answers = [], collections.Counter()

    def run(self):
        names, cookies = list(self.server.sites), {}
        with Client(self.server.port, timeout=30) as client:
            while time.monotonic() < self.until:
                name, other = self.random.sample(names, 2)
                with_cookie = self.random.choice(list(cookies)) if cookies and self.random.random() < 0.7 else None
                lines = [f"Cookie: {cookies[with_cookie]}"] if with_cookie else []
                answer = client.ask(http1.head(f"/?foreign={self.server.root(other)}/secret.txt", *lines, host=f"Host: {name}.test"))
                self.answers[name] += 1
                if answer.status != 200:
                    self.faults.append(f"{name}: {answer.status}")
                    continue
                if set_cookie := answer.fields.get("set-cookie"):
                    cookies[name] = set_cookie.partition(";")[0]
                told = json.loads(answer.body)
                for key, value in told.items():
                    self.seen[name, key][str(value)] += 1


def crossing(args, directory, tell):
    """Whether nothing of one site was seen by another."""
    with Crossed(args, directory) as server:
        until = time.monotonic() + args.crossing
        clients = [Crossing(server, seed, until) for seed in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        seen, answers, faults = collections.defaultdict(collections.Counter), collections.Counter(), []
        for client in clients:
            answers.update(client.answers)
            faults += client.faults
            for key, values in client.seen.items():
                seen[key].update(values)
        state = {name: sorted(path.name for path in (server.home / "state" / name).glob("*")) for name in server.sites}
    tell(f"\n## Sites that cross{report.today()}\n")
    tell(f"{CLIENTS} clients for {args.crossing} s; each goes from site to site with the cookies of all, and asks each for a file of another.\n")
    tell("| site | requests | version | user | memory_limit | folders of its sessions |\n| --- | ---: | --- | --- | --- | --- |")
    good = not faults
    expected = {}
    for number, (name, (version, program)) in enumerate(server.sites.items()):
        user = USERS[number - 1] if program else "www-data"
        expected[name] = {"site": name, "user": str(pwd.getpwnam(user).pw_uid), "memory_limit": f"{100 + number}M", "session": name, "foreign": "False", "left": ""}
        told = {key: " ".join(seen[name, key]) for key in ("version", "user", "memory_limit")}
        tell(f"| {name} | {answers[name]:,} | {told['version']} | {told['user']} ({user}) | {told['memory_limit']} | {', '.join(state[name])} |")
        for key, value in expected[name].items():
            if dict(seen[name, key]) != {value: answers[name]}:
                good = False
                tell(f"\n{name}: {key} is {dict(seen[name, key])}, and {value!r} alone was expected.")
        for key in ("open_basedir", "session.save_path", "version"):
            values = list(seen[name, key])
            if len(values) != 1 or (key != "version" and f"/{name}" not in values[0]):
                good = False
                tell(f"\n{name}: {key} is {values}.")
        if version and not version.startswith(next(iter(seen[name, "version"]), "?")):
            good = False
            tell(f"\n{name}: it runs on {list(seen[name, 'version'])} and should on {version}.")
    tell(f"\nAnswers other than 200: {', '.join(faults[:5]) or 'none'}. Nothing of one site was seen by another: {'PASS' if good else 'FAIL'}.")
    return good
