"""Other versions of PHP-FPM than this machine's, each as a program that Relais can start: another one of this machine's archive, unpacked in a folder,
and that of another Debian, in a root of its own."""

import re
import shutil
import subprocess
import sys

from machines import debian

MODULES = ("fpm", "common", "opcache")


def of_the_archive(within):
    """(the version, a program): the oldest PHP-FPM of this Debian that the archive has, with its modules. `within`: a folder for the program.
    None when there is but one."""
    listed = subprocess.run(["apt-cache", "madison", "php-fpm"], capture_output=True, text=True).stdout
    series = re.search(r"\| 2:(\d+\.\d+)", listed)
    versions = subprocess.run(["apt-cache", "madison", f"php{series[1]}-fpm"], capture_output=True, text=True).stdout.splitlines() if series else []
    found = list(dict.fromkeys(line.split("|")[1].strip() for line in versions))
    if len(found) < 2:
        return None
    version, name = found[-1], series[1]
    folder = debian.CACHE / f"php-{version}"
    with debian.alone():
        if not folder.exists():
            new = folder.with_name(folder.name + ".new")
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            debian.run("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", *(f"php{name}-{module}={version}" for module in MODULES), cwd=new)
            for package in new.glob("*.deb"):
                debian.run("dpkg-deb", "-x", package, new)
            new.rename(folder)
    (api,) = (folder / "usr/lib/php").glob("20*")
    return version, program(within / "php-fpm-old", f'exec {folder}/usr/sbin/php-fpm{name} -d extension_dir={api} "$@"')


def of_another_debian(suite, folders, within):
    """(the version, a program): PHP-FPM of that Debian in a root of its own, in which these folders of this machine are where they are here. The
    program keeps its process, as Relais wants it, and has a mount namespace of its own."""
    root = debian.root("php", suite, ["php-fpm", "procps"])
    found = sorted((root / "usr/sbin").glob("php-fpm[0-9]*"))
    if not found:
        sys.exit(f"{root} has no PHP-FPM")
    binds = "".join(f"mkdir -p {root}{folder}; mount --rbind {folder} {root}{folder}; " for folder in ("/proc", "/dev", "/sys", *folders))
    inner = f"{binds}exec chroot {root} /usr/sbin/{found[-1].name} \"$@\""
    version = debian.run("chroot", root, f"/usr/sbin/{found[-1].name}", "-v").split()[1]
    return version, program(within / f"php-fpm-{suite}", f"exec unshare --mount --propagation private sh -c '{inner}' php-fpm \"$@\"")


def program(file, line):
    file.write_text(f"#!/bin/sh\n{line}\n")
    file.chmod(0o755)
    return file
