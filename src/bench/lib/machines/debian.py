"""A Debian of one's own in a folder: what a script needs of packages that this machine does not have, without installing anything here."""

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


def mmdebstrap():
    """The program, out of its package when it is not on PATH: it is one Perl script."""
    if found := shutil.which("mmdebstrap"):
        return found
    folder = CACHE / "mmdebstrap"
    program = folder / "usr/bin/mmdebstrap"
    if not program.exists():
        if not shutil.which("apt-get"):
            sys.exit("mmdebstrap is missing, and this system has no apt-get to get it with")
        folder.mkdir(parents=True, exist_ok=True)
        run("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", "mmdebstrap", cwd=folder)
        run("dpkg-deb", "-x", *folder.glob("mmdebstrap_*.deb"), folder)
    return program


def root(name, suite, packages):
    """The folder with this Debian, which is made when it is not there yet. A name stands for its packages: another list, another name."""
    folder = CACHE / f"{name}-{suite}"
    if not (folder / "complete").exists():
        print(f"making {folder}: Debian {suite} with {' '.join(packages)}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        run(mmdebstrap(), "--mode=root", "--variant=apt", f"--keyring={KEYRING}", *SHORT, "--aptopt=APT::Install-Recommends \"false\"",
            f"--include={','.join(packages)}", suite, folder, MIRROR)
        (folder / "complete").touch()
    return folder


def archive(suite, packages=("ca-certificates",)):
    """A tar file of the smallest such Debian, for the base of an image."""
    file = CACHE / f"base-{suite}.tar"
    if not file.exists():
        print(f"making {file}: Debian {suite}", flush=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new.tar")
        run(mmdebstrap(), "--mode=root", "--variant=minbase", f"--keyring={KEYRING}", *SHORT, f"--include={','.join(packages)}",
            suite, new, MIRROR)
        new.rename(file)
    return file
