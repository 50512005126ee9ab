"""This machine with more on it than there is: what a run installs and writes lies in layers over /usr, /etc, /var, /opt and /srv, which only
those see who were started apart. So Debian's packages are at the places for which they are made, and the machine stays as it was."""

import hashlib
import pathlib
import shutil
import subprocess
import sys
import time

from machines.debian import CACHE, alone
from servers import processes

APART = pathlib.Path(__file__).with_name("apart")
STARTS_WITHIN = 20  # seconds
INSTALLS_WITHIN = 900  # seconds
# No package starts a service, none asks, and none makes a database: that is the run's business.
INSTALL = """set -e
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
for package; do
    echo "$package $package/dbconfig-install boolean false"
done | debconf-set-selections
apt-get -qq update
DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@"
"""


def installed(name, packages):
    """The folder with the layer in which these packages are installed. It is kept, until this machine's packages or those wanted are others."""
    status = pathlib.Path("/var/lib/dpkg/status").read_bytes()
    key = hashlib.sha256(status + " ".join(packages).encode()).hexdigest()[:16]
    folder = CACHE / f"apart-{name}-{key}"
    with alone():
        if not folder.exists():
            for old in CACHE.glob(f"apart-{name}-*"):
                shutil.rmtree(old)
            print(f"making {folder}: this machine with {' '.join(packages)}", flush=True)
            new = folder.with_name(folder.name + ".new")
            done = subprocess.run([APART, new, "-", "sh", "-c", INSTALL, "install", *packages], stdin=subprocess.DEVNULL, timeout=INSTALLS_WITHIN,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
            if done.returncode:
                sys.exit(f"cannot install {' '.join(packages)}, for which it takes root, Debian and overlays\n{done.stdout[-6000:]}")
            new.rename(folder)
    return folder


class Apart:
    """A layer in `folder` over those of `lowers`, the uppermost first, for as long as it is entered. Its files stay."""

    def __init__(self, scratch, name, lowers):
        self.scratch, self.folder, self.lowers = scratch, scratch / "layers" / name, lowers

    def __enter__(self):
        ready = self.folder / "ready"
        self.folder.mkdir(parents=True)
        with open(f"{self.folder}.log", "wb") as log:
            self.holder = subprocess.Popen([APART, self.folder, ":".join(map(str, self.lowers)) or "-", "sh", "-c", f"touch {ready}; exec sleep infinity"],
                                           stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        processes.remember(self.scratch, processes.read(self.holder.pid))
        deadline = time.monotonic() + STARTS_WITHIN
        while not ready.exists():
            if self.holder.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                sys.exit("no layers, for which it takes root and overlays: " + pathlib.Path(f"{self.folder}.log").read_text(errors="replace"))
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self.holder.kill()
        self.holder.wait()

    def command(self, *words, folder="/"):
        """The command line that runs these words here, in this working directory, as the very process that is started."""
        return ["nsenter", f"--target={self.holder.pid}", "--mount", "--", "env", "-C", str(folder), *map(str, words)]

    def run(self, *words, input=None, timeout=300):
        """What a program has written, without its complaints; when it fails, that ends this one."""
        done = subprocess.run(self.command(*words), input=input, stdin=None if input is not None else subprocess.DEVNULL, timeout=timeout,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
        if done.returncode:
            sys.exit(f"{' '.join(map(str, words))[:300]} failed with {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done.stdout

    def path(self, inside):
        """Where this machine finds a file of the layers that is no symlink: an absolute one would lead to this machine's own files."""
        return pathlib.Path(f"/proc/{self.holder.pid}/root{inside}")

    def write(self, inside, text, owner=None):
        """Writes a file for everybody to read, below folders that are made, in the layers whatever symlink leads there."""
        self.run("sh", "-euc", 'mkdir -p "${1%/*}"; cat >"$1"; chmod 644 "$1"; [ -z "$2" ] || chown "$2:$2" "$1"', "write", inside, owner or "", input=text)
