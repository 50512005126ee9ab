"""The tools of the JDK that runs the gateway."""

import pathlib
import re
import shutil
import subprocess
import sys


def tool(java, name):
    """The program `name` beside this java, wherever links lead; else the one on PATH."""
    beside = pathlib.Path(shutil.which(java) or java).resolve().with_name(name)
    return str(beside) if beside.exists() else name


def version(java):
    """Its major version."""
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else sys.exit(f"{java} says no version: {said}")


def find(number):
    """The java program of that major version, or None. Those of Debian, and the one on PATH, are looked at."""
    if not str(number).isdigit():
        return None
    for java in [*sorted(pathlib.Path("/usr/lib/jvm").glob(f"*{number}*/bin/java")), *filter(None, [shutil.which("java")])]:
        if version(str(java)) == int(number):
            return str(java)
    return None


def jcmd(server, *command):
    """One diagnostic command to the gateway; what it says."""
    run = subprocess.run([tool(server.args.java, "jcmd"), str(server.gateway.pid), *command], capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"jcmd {' '.join(command)}: {run.stdout}{run.stderr}")
    return run.stdout
