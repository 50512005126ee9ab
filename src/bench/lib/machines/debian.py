"""A Debian of one's own in a folder: what a script needs of packages that this machine does not have, without installing anything here."""

import contextlib
import fcntl
import os
import pathlib
import shutil
import subprocess
import sys

CACHE = pathlib.Path(os.environ.get("RELAIS_BENCH_CACHE") or pathlib.Path.home() / ".cache/relais/bench")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
MIRROR = os.environ.get("RELAIS_DEBIAN_MIRROR", "http://deb.debian.org/debian")
SHORT = [f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("doc", "man", "info", "locale")]


def run(*command, **options):
    """Runs a program; when it fails, what it said ends this one."""
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed with {done.returncode}\n{done.stdout[-6000:]}")
    return done.stdout


def mmdebstrap(*words):
    """Runs the program, out of its package when it is not on PATH: it is one Perl script, and one of Python that it calls."""
    path = os.environ["PATH"]
    if not shutil.which("mmdebstrap"):
        path = f"{unpacked() / 'usr/bin'}:{path}"
    run("env", f"PATH={path}", "mmdebstrap", "--mode=root", f"--keyring={KEYRING}", *SHORT, *words, MIRROR)


def unpacked():
    folder = CACHE / "mmdebstrap"
    if not (folder / "usr/bin/mmdebstrap").exists():
        if not shutil.which("apt-get"):
            sys.exit("mmdebstrap is missing, and this system has no apt-get to get it with")
        folder.mkdir(parents=True, exist_ok=True)
        run("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", "mmdebstrap", cwd=folder)
        run("dpkg-deb", "-x", *folder.glob("mmdebstrap_*.deb"), folder)
    return folder


@contextlib.contextmanager
def alone():
    """While what is kept is made, another run waits."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def root(name, suite, packages):
    """The folder with this Debian, which is made when it is not there yet, or had other packages."""
    folder, wanted = CACHE / f"{name}-{suite}", " ".join(packages)
    made = CACHE / f"{name}-{suite}.packages"
    with alone():
        if not made.exists() or made.read_text() != wanted:
            print(f"making {folder}: Debian {suite} with {wanted}", flush=True)
            made.unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
            mmdebstrap("--variant=apt", "--aptopt=APT::Install-Recommends \"false\"", f"--include={','.join(packages)}", suite, folder)
            made.write_text(wanted)
    return folder


def archive(suite, packages=("ca-certificates",)):
    """A tar file of the smallest such Debian, for the base of an image."""
    file = CACHE / f"base-{suite}.tar"
    with alone():
        if not file.exists():
            print(f"making {file}: Debian {suite}", flush=True)
            new = file.with_suffix(".new.tar")
            mmdebstrap("--variant=minbase", f"--include={','.join(packages)}", suite, new)
            new.rename(file)
    return file
