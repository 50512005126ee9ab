"""Images of Relais, made and run by podman inside of a sandbox: of Debian packages, without a registry."""

import json
import pathlib
import shutil
import subprocess

from machines import debian
from servers import jdk
from servers.paths import ROOT

PACKAGES = ("podman", "buildah", "runc", "conmon", "tini", "catatonit", "procps", "util-linux", "mount", "ca-certificates", "iproute2", "iptables",
            "conntrack", "ethtool", "socat", "openssl", "containerd", "containernetworking-plugins", "etcd-server", "etcd-client")
HOST = "bookworm"  # of the sandbox
PHP = {"trixie": "8.4", "bookworm": "8.2"}
MODULES = "java.se,jdk.unsupported,jdk.management,jdk.jfr,jdk.net,jdk.naming.dns,jdk.zipfs,jdk.crypto.ec,jdk.jcmd"
HERE = "/repository"  # the repository, inside
KEPT = debian.CACHE / "containers"  # images and their layers stay for the next run


def folders(scratch):
    """What a sandbox for images needs of this machine."""
    return {HERE: ROOT, "/var/lib/containers": KEPT, "/var/tmp": None, "/scratch": scratch / "files"}


class Engine:
    def __init__(self, sandbox, scratch):
        self.sandbox, self.files = sandbox, scratch / "files"

    @staticmethod
    def root():
        return debian.root("machine", HOST, PACKAGES)

    def podman(self, *words, **options):
        return self.sandbox.run("podman", "--cgroup-manager=cgroupfs", "--events-backend=file", "--runtime=runc", *words, **options)

    def command(self, *words):
        return self.sandbox.command("podman", "--cgroup-manager=cgroupfs", "--events-backend=file", "--runtime=runc", *words)

    def has(self, image):
        return self.podman("image", "exists", image, check=False).returncode == 0

    def base(self, suite):
        """A Debian without anything, under the name that a registry has for it, but for the registry."""
        image = f"localhost/debian:{suite}-slim"
        if not self.has(image):
            tar = debian.archive(suite)
            shutil.copy(tar, self.files / "base.tar")
            self.podman("import", "/scratch/base.tar", image)
            (self.files / "base.tar").unlink()
        return image

    def base_with_java(self, suite, number):
        """Such a Debian with this machine's own JDK, cut to what Relais needs: for a release that has no package of it."""
        image = f"localhost/debian-java:{suite}-{number}"
        if not self.has(image):
            home = pathlib.Path(jdk.find(number)).parents[1]
            folder = self.files / "java"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            subprocess.run([home / "bin/jlink", "--add-modules", MODULES, "--strip-debug", "--no-header-files", "--no-man-pages",
                            "--generate-cds-archive", "--output", folder / "jdk"], check=True, stdout=subprocess.DEVNULL)
            (folder / "Dockerfile").write_text(f"FROM {self.base(suite)}\nCOPY jdk /opt/java\nRUN ln -s /opt/java/bin/* /usr/local/bin/\n")
            self.podman("build", "--network=host", "-t", image, "/scratch/java")
        return image

    def build(self, image, dockerfile="Dockerfile.jvm", **arguments):
        words = [f"--build-arg={key}={value}" for key, value in arguments.items()]
        revision = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
        return self.podman("build", "--network=host", "--format=oci", "-f", f"{HERE}/src/main/docker/{dockerfile}", *words,
                           f"--build-arg=REVISION={revision or 'unknown'}", "-t", image, HERE)

    def inspect(self, image):
        return json.loads(self.podman("image", "inspect", image))[0]

    def pause(self):
        """What holds the namespaces of a pod: catatonit, which is linked statically."""
        image = "localhost/pause:1"
        if not self.has(image):
            folder = self.files / "pause"
            folder.mkdir(exist_ok=True)
            shutil.copy(Engine.root() / "usr/bin/catatonit", folder / "pause")
            (folder / "Dockerfile").write_text("FROM scratch\nCOPY pause /pause\nENTRYPOINT [\"/pause\", \"-P\"]\n")
            self.podman("build", "-t", image, "/scratch/pause")
        return image

    def save(self, image, name):
        """As an archive that containerd imports: its path inside."""
        (self.files / name).unlink(missing_ok=True)
        self.podman("save", "--format=docker-archive", "-o", f"/scratch/{name}", image)
        return f"/scratch/{name}"
