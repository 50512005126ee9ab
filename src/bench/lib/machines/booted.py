"""A container whose first process is systemd, with what a Debian package of Relais depends on, and without a network."""

import os
import subprocess
import sys
import time

BOOTS_WITHIN = 60  # seconds
PACKAGES = "systemd systemd-sysv dbus init-system-helpers adduser default-jre-headless php-fpm php-opcache curl procps"
# The service of PHP-FPM that Debian starts is not ours; without it there is less to look at.
DOCKERFILE = """FROM {base}
RUN mkdir -p /usr/share/man/man1 && apt-get update \\
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends {packages} && rm -rf /var/lib/apt/lists/* \\
    && rm -f /usr/sbin/policy-rc.d /etc/systemd/system/*.wants/php*-fpm.service
CMD ["/sbin/init"]
"""
# What systemd needs to make name spaces for its services, and to see their processes in a /proc that hides them.
RIGHTS = ("--systemd=always", "--cap-add=SYS_ADMIN", "--cap-add=SYS_PTRACE", "--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined", "--network=none")


class Booted:
    def __init__(self, engine, suite):
        self.engine, self.suite, self.name = engine, suite, f"relais-service-{suite}-{os.getpid()}"

    def image(self):
        image = f"localhost/systemd:{self.suite}"
        if not self.engine.has(image):
            folder = self.engine.files / "systemd"
            folder.mkdir(exist_ok=True)
            (folder / "Dockerfile").write_text(DOCKERFILE.format(base=self.engine.base(self.suite), packages=PACKAGES))
            self.engine.podman("build", "--network=host", "-t", image, "/scratch/systemd")
        return image

    def __enter__(self):
        self.engine.podman("run", "--detach", "--name", self.name, *RIGHTS, "-v", "/scratch:/scratch:ro", self.image())
        deadline = time.monotonic() + BOOTS_WITHIN
        while self.ask("systemctl is-system-running").split()[-1:] not in (["running"], ["degraded"]):
            if time.monotonic() > deadline:
                sys.exit(f"systemd has not started:\n{self.engine.podman('logs', self.name, check=False).stdout}\n{self.ask('systemctl list-jobs; systemctl')}")
            time.sleep(0.2)
        return self

    def __exit__(self, *_):
        self.engine.podman("rm", "--force", "--time=0", self.name, check=False)

    def run(self, script, timeout=300):
        """A shell script inside: its exit code, and what it has written."""
        done = self.engine.podman("exec", "-i", self.name, "sh", "-s", check=False, input=script, timeout=timeout)
        return done.returncode, done.stdout.strip()

    def ask(self, script, **options):
        return self.run(script, **options)[1]

    def begin(self, script):
        """Runs a script beside others; `communicate()` ends it."""
        return subprocess.Popen(self.engine.command("exec", self.name, "sh", "-c", script), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, start_new_session=True)

    def until(self, condition, seconds):
        """Seconds until a script inside succeeds, or None."""
        begin = time.monotonic()
        code, _ = self.run(f"end=$(($(date +%s) + {seconds}))\nuntil {{ {condition}\n}} >/dev/null 2>&1; do [ $(date +%s) -lt $end ] || exit 1; sleep 0.1; done",
                           timeout=seconds + 60)
        return None if code else time.monotonic() - begin
