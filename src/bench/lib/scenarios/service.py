"""The Debian package in a container with systemd: installed, asked, reloaded, hung, killed, upgraded, removed. See src/bench/README.md."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time

from machines.booted import Booted
from machines.images import Engine, folders
from machines.sandbox import Sandbox
from reports.checks import Checks, took
from reports.report import Report, output, today
from servers.options import scratch
from servers.paths import ROOT

SUITES = ("bookworm", "trixie")
WORST = 2.5  # of systemd-analyze security
SCORE = "systemd-analyze security relais.service --no-pager | tail -1"
UNIT = "systemctl show relais --value -p"
HELLO = "curl -sS -m 20 http://127.0.0.1:8080/api/hello?name=Ada"
# Active it is when it has warmed up, some time after its first answer; a reload that comes between belongs to the start, says systemd.
SERVES = f"[ \"$(systemctl is-active relais)\" = active ] && {HELLO} -f"
STATUS = "curl -sS -m 20 http://127.0.0.1:9000/q/relais | tr -d ' \\n'"
GENERATION = STATUS + " | grep -oE '\"generation\":\\{\"number\":[0-9]+' | cut -d: -f3"
RUNS_SLOW = STATUS + " | grep -q '\"function\":\"slow\"'"
# The state of all processes of the service but the shell that asks: the user and the name of each.
PROCESSES = "for p in $(cat $(find /sys/fs/cgroup -path '*relais.service/cgroup.procs' 2>/dev/null | head -1)); do" \
            " echo \"$(stat -c %U /proc/$p) $(cat /proc/$p/comm)\"; done | sort | uniq -c | awk '{print $2, $3}'"
LOAD = """while [ ! -e /run/load-is-over ]; do curl -sS -o /dev/null -m 30 -w '%{http_code} %{exitcode}\\n' http://127.0.0.1:8080/api/slow 2>/dev/null; done | sort | uniq -c
rm /run/load-is-over"""


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/service", description=__doc__)
    parser.add_argument("--suites", default=",".join(SUITES), help="releases of Debian (default %(default)s)")
    return parser.parse_args()


def package():
    found = sorted((ROOT / "target").glob("relais_*_all.deb"))
    if not found:
        sys.exit("no package in target: ./mvnw -ntp package -Pdeb -DskipTests")
    return found[-1]


def newer(files, deb):
    """The same package as a newer version."""
    folder = files / "newer"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["dpkg-deb", "-R", deb, folder], check=True)
    control = folder / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^(Version: .*)$", r"\1.1", control.read_text()))
    configuration = folder / "etc/relais/application.properties"
    configuration.write_text(configuration.read_text() + "\n# New in this version.\n")
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-b", folder, files / "newer.deb"], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder)


class Service:
    def __init__(self, machine, tell, name):
        self.machine, self.name = machine, name
        self.checks = Checks(tell, name, self)

    def check(self, what, script, wanted):
        """One row: what a script inside says against a text, a pattern or a condition."""
        seen = self.machine.ask(script)
        ok = wanted(seen) if callable(wanted) else re.fullmatch(wanted, seen, re.DOTALL)
        self.checks.add(what, f"`{seen[-200:]}`" if seen else "nothing", "as it should be" if callable(wanted) else f"`{wanted}`", ok)
        return seen

    def all(self):
        if not self.installed():
            return False
        self.asked()
        self.bounded()
        self.attacked()
        self.reloaded()
        self.reloaded_in_vain()
        self.hung()
        self.killed()
        self.stopped()
        self.upgraded()
        self.as_root()
        self.removed()
        return self.checks.passed

    def serves(self, what, seconds=60):
        waited = self.machine.until(SERVES, seconds)
        self.checks.add(what, took(waited), f"within {seconds} s", waited is not None)

    def installed(self):
        begin = time.monotonic()
        code, said = self.machine.run("touch /run/before; DEBIAN_FRONTEND=noninteractive dpkg -i /scratch/relais.deb")
        self.checks.add("dpkg -i", code if code == 0 else said[-2000:], 0, code == 0)
        self.checks.add("it took, with its cache of classes", took(time.monotonic() - begin))
        # dpkg has waited for the service, which has said that it is ready.
        if self.check("active, when dpkg has ended", f"systemctl is-active relais; {UNIT} SubState", "active\nrunning") != "active\nrunning":
            return False
        self.check("its first answer", HELLO, r'\{"message":"Hello, Ada!"\}')
        self.check("started again at boot", "systemctl is-enabled relais", "enabled")
        self.check("what it says of itself", f"{UNIT} StatusText", "Serving")
        self.check("kind of the service", f"{UNIT} Type", "notify" if self.machine.suite == "bookworm" else "notify-reload")
        self.check("complaints of systemd about the unit", "journalctl -b -q --no-pager | grep -c 'relais.service:.*[Ff]ailed to parse' || true",
                   "[1-9]" if self.machine.suite == "bookworm" else "0")
        return True

    def asked(self):
        self.check("users and programs", PROCESSES, r"(relais (java|sh|sleep|rm|php-fpm8\.\d)\n?)+")
        self.check("run directory", "ls /run/relais | sed 's/[0-9].*//' | sort -u", "relais-")
        self.check("the cache of classes is used", "tr '\\0' '\\n' </proc/$(systemctl show relais --value -p MainPID)/cmdline | grep -cE 'SharedArchiveFile|AOTCache'", "1")
        self.check("who may read the configuration", "stat -c '%U:%G %a' /etc/relais/application.properties", "root:relais 640")
        most = min(65536, int(self.machine.ask("awk '/Max open files/ {print $5}' /proc/1/limits")))  # the container may have less to give
        self.check("open files", "awk '/Max open files/ {print $4}' /proc/$(systemctl show relais --value -p MainPID)/limits", str(most))
        self.check("where the management port listens: 127.0.0.1 alone", "awk '$2 ~ /:2328$/ && $4 == \"0A\" {print $2}' /proc/net/tcp /proc/net/tcp6",
                   "(0{16}FFFF0000)?0100007F:2328")

    def bounded(self):
        self.machine.ask("""cat >/srv/functions/write.php <<'END'
<?php foreach (['/srv/functions/x', '/usr/share/relais/x', '/etc/relais/x', '/var/cache/relais/x', '/root/x', '/home/x'] as $f) echo @file_put_contents($f, 'x') === false ? 'no ' : 'yes ';
echo file_put_contents('/tmp/x', 'x') === 1 ? 'yes' : 'no';
END
cat >/srv/functions/slow.php <<'END'
<?php sleep(3); echo 'slow';
END
cat >/srv/functions/session.php <<'END'
<?php session_start(); $_SESSION['n'] = 1; session_write_close(); echo filesize(session_save_path() . '/sess_' . session_id()) > 0 ? 'kept' : 'lost';
END
cat >/srv/functions/mine.php <<'END'
<?php echo 'mine ', PHP_VERSION;
END
chmod 644 /srv/functions/*.php""")
        self.machine.until("curl -sf -m 20 http://127.0.0.1:8080/api/mine", 20)
        self.check("writes to functions, program, configuration, cache, /root, /home; /tmp", "curl -sS -m 20 http://127.0.0.1:8080/api/write", "no no no no no no yes")
        self.check("a session", "curl -sS -m 20 http://127.0.0.1:8080/api/session", "kept")
        self.check("its /tmp is its own", "ls /tmp/x 2>&1 | grep -c 'No such'", "1")
        self.check("capabilities, no new privileges, seccomp",
                   "p=$(systemctl show relais --value -p MainPID); awk '/CapBnd|NoNewPrivs|Seccomp:/ {print $2}' /proc/$p/status | paste -sd' '", "0+ 1 2")
        self.score("systemd-analyze security")

    def score(self, what):
        said = self.machine.ask(SCORE)
        score = re.search(r"(\d+\.\d)", said)
        self.checks.add(what, score[1] if score else said, f"at most {WORST}", score and float(score[1]) <= WORST)

    def reloaded(self):
        before = int(self.machine.ask(GENERATION) or 0)
        begin = time.monotonic()
        code, said = self.machine.run("systemctl reload relais")
        self.checks.add("systemctl reload", code if code == 0 else said, 0, code == 0)
        self.checks.add("it took", took(time.monotonic() - begin))
        self.check("generation when it has ended", GENERATION, str(before + 1))
        self.check("what it says of itself", f"{UNIT} StatusText", rf"Generation {before + 1} serves")
        self.check("active", "systemctl is-active relais", "active")

    def reloaded_in_vain(self):
        """Settings that are wrong are passed over; with PHP settings that cannot work, what serves goes on, and says why."""
        before = int(self.machine.ask(GENERATION) or 0)
        self.machine.ask("printf 'functions:\\n  mine:\\n    timeout: soon\\n' >/srv/functions/functions.yaml; systemctl reload relais")
        self.check("reload with a functions.yaml that is wrong: generation", GENERATION, str(before + 1))
        self.check("what the log says of it", "journalctl -u relais -b -q --no-pager -o cat | grep -c 'functions.yaml.*soon'", "[1-9][0-9]*")
        self.machine.ask("rm /srv/functions/functions.yaml; for d in /etc/php/*/fpm/conf.d; do echo 'opcache.preload=/nothing/here.php' >$d/99-wrong.ini; done; systemctl reload relais")
        self.check("reload with an opcache.preload that is missing: what it says", f"{UNIT} StatusText", rf"Generation {before + 1} serves on; {before + 2} was given up: .*")
        self.check("active", "systemctl is-active relais", "active")
        self.check("generation", GENERATION, str(before + 1))
        self.check("the function", "curl -sS -m 20 http://127.0.0.1:8080/api/mine", r"mine 8\..*")
        self.machine.ask("rm /etc/php/*/fpm/conf.d/99-wrong.ini; systemctl reload relais")
        self.check("reloaded without it: what it says", f"{UNIT} StatusText", r"Generation [0-9]+ serves")

    def attacked(self):
        """By a function, which runs as the gateway's user: what the unit keeps from it, and what it mends."""
        self.machine.ask("""cat >/srv/functions/attack.php <<'END'
<?php
$parent = fn ($p) => (int) explode(' ', preg_replace('/.*\\) /', '', file_get_contents("/proc/$p/stat")))[1];
$gateway = (int) $_GET['gateway'];
switch ($_GET['by']) {
    case 'lie':
        $s = @stream_socket_client('udg:///run/systemd/notify');
        echo $s && fwrite($s, "STOPPING=1\\nSTATUS=Taken over\\nMAINPID=" . getmypid()) ? 'sent' : 'no socket';
        break;
    case 'end': echo posix_kill($gateway, 15) ? 'sent' : 'refused'; break;
    case 'configuration': echo is_readable('/etc/relais/application.properties') ? 'yes' : 'no'; break;
    case 'others': echo count(array_filter(glob('/proc/[0-9]*'), fn ($p) => @fileowner($p) !== posix_geteuid())); break;
    case 'suid': echo posix_setuid(0) || trim((string) shell_exec('su -c id 2>/dev/null; /usr/bin/newgrp 2>/dev/null </dev/null')) !== '' ? 'yes' : 'no'; break;
    case 'manager': exec('systemd-run --no-ask-password --quiet touch /run/pwned 2>&1; systemctl --no-ask-password restart relais 2>&1', $o, $c); echo $c === 0 || file_exists('/run/pwned') ? 'yes' : 'no'; break;
    case 'shm': echo @file_put_contents('/dev/shm/relais-was-here', 'x') === 1 ? 'written' : 'refused'; break;
    case 'unit': echo count(array_filter(['/etc/systemd/system', '/run/systemd/system', '/etc/relais', '/usr/share/relais', '/var/cache/relais', '/etc/cron.d', '/run', '/var'], is_writable(...))); break;
}
END
chmod 644 /srv/functions/attack.php""")
        main = self.machine.ask(f"{UNIT} MainPID")
        attack = f"curl -sS -m 20 'http://127.0.0.1:8080/api/attack?gateway={main}&by=%s'"
        self.machine.until((attack % "none") + " -f", 20)
        self.check("a function tells systemd that the service stops, and is another process", attack % "lie", "sent|no socket")
        self.check("what systemd believes", f"{UNIT} MainPID; {UNIT} SubState; {UNIT} StatusText", rf"{main}\nrunning\nServing")
        self.check("a function sees processes of other users", attack % "others", "0")
        self.check("a function becomes root, by a program that may", attack % "suid", "no")
        self.check("a function has systemd start something", attack % "manager", "no")
        self.check("folders of others that a function may write to", attack % "unit", "0")
        self.check("a function writes to the shared memory", attack % "shm", "written|refused")
        self.check("which is not that of all", "ls /dev/shm/relais-was-here 2>&1 | grep -c 'No such'", "1")
        self.check("a function reads the configuration, as the gateway's user", attack % "configuration", "yes")
        before = self.machine.ask(f"{UNIT} NRestarts")
        self.check("a function sends the gateway a SIGTERM", attack % "end", "sent|.*(52|56).*")
        waited = self.machine.until(f"[ \"$({UNIT} NRestarts)\" -gt {before} ] && {SERVES}", 60)
        self.checks.add("another one serves after", took(waited), "within 60 s", waited is not None)

    def hung(self):
        """All threads stand still: nothing but the missing sign of life tells."""
        self.machine.ask("mkdir -p /etc/systemd/system/relais.service.d; printf '[Service]\\nWatchdogSec=4s\\nTimeoutAbortSec=1s\\n' >/etc/systemd/system/relais.service.d/quick.conf;"
                         " systemctl daemon-reload; systemctl restart relais")
        self.serves("with a watchdog of 4 s")
        old = self.machine.ask(f"{UNIT} MainPID")
        self.check("restarts while nothing hangs, after 6 s", f"sleep 6; {UNIT} NRestarts", "0")
        self.machine.ask(f"kill -STOP {old}")
        waited = self.machine.until(f"[ \"$({UNIT} NRestarts)\" = 1 ] && {SERVES}", 60)
        self.checks.add("a gateway that hangs (SIGSTOP) is replaced and serves after", took(waited), "within 60 s", waited is not None)
        self.check("what the journal says", "journalctl -u relais -b -q --no-pager | grep -c \"Failed with result 'watchdog'\"", "1")
        self.check("processes of the old one", f"[ -e /proc/{old} ] && echo there || echo gone", "gone")
        self.machine.ask("rm /etc/systemd/system/relais.service.d/quick.conf; systemctl daemon-reload; systemctl restart relais")
        self.serves("without that watchdog")

    def killed(self):
        main = self.machine.ask(f"{UNIT} MainPID")
        self.machine.ask(f"pkill -KILL -o -P {main} php-fpm")
        self.serves("a worker's master killed: serves after")
        self.check("by the same gateway", f"{UNIT} MainPID", main)
        before = self.machine.ask(f"{UNIT} NRestarts")
        self.machine.ask(f"pgrep -u relais php-fpm >/run/killed; kill -KILL {main}")
        waited = self.machine.until(f"[ \"$({UNIT} NRestarts)\" -gt {before} ] && {SERVES}", 60)
        self.checks.add("the gateway killed: another one serves after", took(waited), "within 60 s", waited is not None)
        self.check("PHP processes of the killed one", "for p in $(cat /run/killed); do [ -e /proc/$p ] && echo $p; done; echo none", "none")

    def stopped(self):
        asking = self.machine.begin("curl -sS -m 30 -w ' %{http_code}' http://127.0.0.1:8080/api/slow")
        self.machine.until(RUNS_SLOW, 20)
        code, _ = self.machine.run("systemctl stop relais")
        said, _ = asking.communicate(timeout=60)
        self.checks.add("a request that runs at the stop", said, "slow 200", said == "slow 200")
        self.check("result of the stop", f"{UNIT} Result; {UNIT} ExecMainStatus", "success\n0")
        self.check("processes of its user", "pgrep -u relais | wc -l", "0")
        self.check("its run directory", "ls -d /run/relais 2>&1 | grep -c 'No such'", "1")
        self.machine.ask("systemctl start relais")
        self.serves("started again")

    def upgraded(self):
        self.machine.ask("sed -i 's/^#relais.workers.children=8/relais.workers.children=3/' /etc/relais/application.properties; chmod 600 /etc/relais/application.properties; chgrp relais /etc/relais/application.properties; chmod 640 /etc/relais/application.properties")
        main = self.machine.ask(f"{UNIT} MainPID")
        load = self.machine.begin(LOAD)
        self.machine.until(RUNS_SLOW, 20)
        code, said = self.machine.run("DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold -i /scratch/newer.deb")
        self.checks.add("dpkg -i of a newer version", code if code == 0 else said[-2000:], 0, code == 0)
        self.serves("after the upgrade")
        self.machine.ask("touch /run/load-is-over")
        told, _ = load.communicate(timeout=120)
        outcomes = {" ".join(line.split()[1:]): int(line.split()[0]) for line in told.splitlines() if line.strip()}
        broken = {k: n for k, n in outcomes.items() if k not in ("200 0", "000 7", "503 0")}
        self.checks.add("requests of a client meanwhile (status, exit code of curl; 7: nobody listens)", outcomes, "none broken off", not broken and "200 0" in outcomes)
        self.check("another gateway", f"{UNIT} MainPID", lambda seen: seen not in (main, "0"))
        self.check("how the former one ended", "journalctl -u relais -b -q --no-pager | grep -c 'NoClassDefFound\\|ClassNotFound\\|NoSuchFile' || true", "0")
        self.check("version", "dpkg-query -W -f '${Version}' relais", r".*\.1")
        self.check("the configuration that was changed", "grep -c '^relais.workers.children=3' /etc/relais/application.properties", "1")
        self.check("the new version's own, beside it", "ls /etc/relais | paste -sd' '", "application.properties application.properties.dpkg-dist")
        self.check("who may read it", "stat -c '%U:%G %a' /etc/relais/application.properties", "root:relais 640")
        self.check("it is in force", STATUS + " | grep -oE '\"children\":\\[[^]]*' | head -1 | grep -o '\"pid\"' | wc -l", "3")
        self.check("the function that was added", "curl -sS -m 20 http://127.0.0.1:8080/api/mine", r"mine 8\..*")

    def as_root(self):
        self.machine.ask("install -m 644 -D /usr/share/relais/systemd/as-root.conf /etc/systemd/system/relais.service.d/as-root.conf; systemctl daemon-reload; systemctl restart relais")
        self.serves("as root, by the drop-in")
        self.check("users and programs", PROCESSES, lambda seen: "www-data php-fpm" in seen and "root java" in seen and "relais" not in seen)
        main = self.machine.ask(f"{UNIT} MainPID")
        self.machine.ask(f"pkill -KILL -o -P {main} php-fpm")
        self.serves("a worker's master killed: serves after")
        self.machine.ask("systemctl reload relais")
        self.serves("reloaded")
        self.check("a function reads the configuration, as another user", "curl -sS -m 20 'http://127.0.0.1:8080/api/attack?gateway=1&by=configuration'", "no")
        self.check("a function ends the gateway, as another user", f"curl -sS -m 20 \"http://127.0.0.1:8080/api/attack?by=end&gateway=$({UNIT} MainPID)\"", "refused")
        self.check("what the log says was denied", "journalctl -u relais -b -q --no-pager -o cat | grep -iE 'denied|not permitted' || true", "")
        self.check("systemd-analyze security as root, by the drop-in", SCORE, r".* \d\.\d .*")
        self.machine.ask("rm /etc/systemd/system/relais.service.d/as-root.conf; systemctl daemon-reload; systemctl restart relais")
        self.serves("as relais again")

    def removed(self):
        code, said = self.machine.run("DEBIAN_FRONTEND=noninteractive dpkg -r relais")
        self.checks.add("dpkg -r", code if code == 0 else said[-2000:], 0, code == 0)
        self.check("the service", "systemctl is-active relais; pgrep -u relais | wc -l", "inactive\n0")
        self.check("what stays", "ls /etc/relais /srv/functions | paste -sd' '", ".*application.properties.*mine.php.*")
        self.check("the example", "ls /srv/functions/hello.php 2>&1 | grep -c 'No such'", "1")
        code, said = self.machine.run("DEBIAN_FRONTEND=noninteractive dpkg -P relais")
        self.checks.add("dpkg -P", code if code == 0 else said[-2000:], 0, code == 0)
        self.check("its user", "getent passwd relais || echo none", "none")
        self.check("files of that name, but for the user's drop-ins", "find /etc /usr /var /run /srv -xdev -name '*relais*' ! -path '/var/log/*' ! -path '*/relais.service.d' | paste -sd' '", "")
        self.check("the user's functions", "ls /srv/functions | paste -sd' '", "attack.php mine.php session.php slow.php write.php")


def main():
    args = arguments()
    if os.geteuid():
        sys.exit("src/bench/service needs root")
    directory = scratch()
    (directory / "files").mkdir()
    (directory / "files").chmod(0o755)
    deb = package()
    shutil.copy(deb, directory / "files/relais.deb")
    newer(directory / "files", deb)
    tell = Report()
    tell("# The Debian package, as a service of systemd\n")
    tell(f"{output('uname', '-sr')}, {os.cpu_count()} cores; {deb.name}, {deb.stat().st_size / 1e6:.1f} MB{today()}.")
    passed = True
    with Sandbox(Engine.root(), directory, folders(directory)) as sandbox:
        engine = Engine(sandbox, directory)
        for suite in args.suites.split(","):
            with Booted(engine, suite) as machine:
                version = machine.ask("systemctl --version | head -1; java -version 2>&1 | head -1; basename /usr/sbin/php-fpm8.*").replace("\n", ", ")
                service = Service(machine, tell, f"Debian {suite}: {version}")
                if not service.all():
                    passed = False
                    print(machine.ask("journalctl -u relais -b -q --no-pager | tail -150; systemctl status relais --no-pager -l | head -40"), file=sys.stderr)
    tell.write("service")
    sys.exit(not passed)


if __name__ == "__main__":
    main()
