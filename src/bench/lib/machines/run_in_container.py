"""`run_in_container.py FIRST GROUPS ROOT IMAGE PIDFILE WORD...`: for the packaged tests, which start this as they start the launcher. Runs the image in the
sandbox whose first process and control groups are named, with these words, until it has ended or is told to end; its exit code is the container's.

It runs as root and with what root needs to become PHP's user, as the tests do on this machine, and has this machine's temporary files. There java's of
several containers have the same process number, so they share no performance data, for which they would warn on the log."""

import os
import pathlib
import signal
import subprocess
import sys
import time

CAPABILITIES = ("SETUID", "SETGID", "CHOWN", "KILL", "DAC_OVERRIDE", "FOWNER")


def outside(number, groups):
    """The number that this machine has for a process of the sandbox; 0 when it is gone."""
    for folder in pathlib.Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and groups in (folder / "cgroup").read_text():
                line = next(line for line in (folder / "status").read_text().splitlines() if line.startswith("NSpid:"))
                if line.split()[2:3] == [number]:
                    return int(folder.name)
        except OSError:
            pass
    return 0


def main():
    first, groups, root, image, pid_file, *words = sys.argv[1:]
    inner = f"{pid_file}.inside"  # of the container's first process, as the sandbox counts; below /tmp, which both have
    enter = ["nsenter", f"--target={first}", "--mount", "--pid", "--cgroup", "--root", "--wd", "--", "/run/join", "podman",
             "--cgroup-manager=cgroupfs", "--events-backend=file", "--runtime=runc"]
    name = f"relais-it-{os.getpid()}"
    container = subprocess.Popen([
        *enter, "run", "--rm", f"--name={name}", f"--pidfile={inner}", "--read-only", "--cap-drop=all", f"--cap-add={','.join(CAPABILITIES)}",
        "--user=0:0", "--pids-limit=2048", "--network=host", "--ulimit=host", "--volume=/tmp:/tmp", f"--volume={root}:{root}:ro",
        "--env=RELAIS_FUNCTIONS_RELOAD=files", "--env=JAVA_OPTS=-XX:-UsePerfData", image, *words], stdin=subprocess.DEVNULL)
    found = []

    def stop(*_):
        if found:
            try:
                os.kill(found[0], signal.SIGTERM)
            except ProcessLookupError:
                pass
        else:
            subprocess.run([*enter, "kill", "--signal=TERM", name], capture_output=True)

    signal.signal(signal.SIGTERM, stop)
    while container.poll() is None and not found:
        text = pathlib.Path(inner).read_text() if pathlib.Path(inner).exists() else ""
        tini = outside(text, groups) if text else 0
        if tini:  # the gateway is its only child
            children = pathlib.Path(f"/proc/{tini}/task/{tini}/children").read_text().split()
            if children:
                found.append(int(children[0]))
                new = pathlib.Path(f"{pid_file}.new")
                new.write_text(children[0])
                new.rename(pid_file)
        time.sleep(0.02)
    code = container.wait()
    pathlib.Path(inner).unlink(missing_ok=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
