"""The tools of the JDK that runs the gateway."""

import pathlib
import shutil
import subprocess


def tool(java, name):
    """The program `name` beside this java, wherever links lead; else the one on PATH."""
    beside = pathlib.Path(shutil.which(java) or java).resolve().with_name(name)
    return str(beside) if beside.exists() else name


def jcmd(server, *command):
    """One diagnostic command to the gateway; what it says."""
    run = subprocess.run([tool(server.args.java, "jcmd"), str(server.gateway.pid), *command], capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"jcmd {' '.join(command)}: {run.stdout}{run.stderr}")
    return run.stdout
