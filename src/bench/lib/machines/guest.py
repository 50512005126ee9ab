"""A Linux of its own in an emulated machine, with control groups of the second version: where the image is run as on a newer host."""

import hashlib
import pathlib
import re
import subprocess

from machines import debian
from machines.sandbox import Sandbox
from servers import processes

SUITE = "bookworm"
EMULATOR = ("qemu-system-x86", "e2fsprogs", "mount", "tini", "ca-certificates")
SYSTEM = ("linux-image-cloud-amd64", "podman", "runc", "conmon", "procps", "util-linux", "mount", "ca-certificates", "curl", "tini", "iproute2")
START = "#!/bin/sh\nmount /dev/vdb /mnt && exec /mnt/init\n"
ENDS_WITHIN = 1800  # seconds: without KVM all of it is emulated
MEMORY = 3072  # MiB
DISK = "5G"
RESULT = re.compile(r"RESULT (\S+) (.*?)\r?$", re.M)  # the first one stands behind what the firmware has written


def disk(sandbox, folder, file, size):
    sandbox.run("mke2fs", "-q", "-t", "ext4", "-d", folder, file, size)


def kept(sandbox, system):
    """The file in CACHE with the guest's own disk, which is made when it is not there yet, or when its packages or its start are others."""
    name = f"guest-{SUITE}-{hashlib.sha256(' '.join((*SYSTEM, START)).encode()).hexdigest()[:16]}.img"
    with debian.alone():
        if not (debian.CACHE / name).exists():
            for old in debian.CACHE.glob(f"guest-{SUITE}*.img*"):
                old.unlink()
            start = system / "usr/local/sbin/guest"
            start.write_text(START)
            start.chmod(0o755)
            disk(sandbox, "/system", f"/kept/{name}.new", "3G")
            (debian.CACHE / f"{name}.new").rename(debian.CACHE / name)
    return name


def results(scratch, engine, image):
    """{what: seen} of machines/guest-init, for the image, run in such a guest, and all that its console has shown."""
    files = scratch / "files"
    folder = files / "guest"
    folder.mkdir()
    archive = engine.save(image, "guest/image.tar")
    assert archive == "/scratch/guest/image.tar"
    (folder / "init").write_text(pathlib.Path(__file__).with_name("guest-init").read_text())
    (folder / "init").chmod(0o755)
    (folder / "image").write_text(image)
    system = debian.root("guest", SUITE, SYSTEM)
    folders = {"/scratch": files, "/kept": debian.CACHE, "/system": system}
    with Sandbox(debian.root("emulator", SUITE, EMULATOR), scratch, folders, "guest") as sandbox:
        own = kept(sandbox, system)
        disk(sandbox, "/scratch/guest", "/scratch/run.img", DISK)
        kernel, ram = (next(iter(sorted((system / "boot").glob(f"{name}-*")))).name for name in ("vmlinuz", "initrd.img"))
        console = scratch / "guest-console.log"
        with console.open("wb") as log:
            process = subprocess.Popen(sandbox.command(
                "qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", MEMORY, "-nographic", "-no-reboot", "-nic", "none",
                "-kernel", f"/system/boot/{kernel}", "-initrd", f"/system/boot/{ram}",
                "-append", "root=/dev/vda rw console=ttyS0 quiet panic=-1 init=/usr/local/sbin/guest",
                "-drive", f"file=/kept/{own},format=raw,if=virtio,snapshot=on", "-drive", "file=/scratch/run.img,format=raw,if=virtio"),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
            processes.remember(scratch, processes.read(process.pid))
            try:
                off = "by itself" if process.wait(ENDS_WITHIN) == 0 else f"the emulator failed with {process.returncode}"
            except subprocess.TimeoutExpired:
                process.kill()
                off = f"ended after {ENDS_WITHIN} s"
        text = console.read_text(errors="replace")
        return dict(RESULT.findall(text)) | {"off": off}, text
