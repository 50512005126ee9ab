"""Kubernetes 1.20, the newest server that Debian has, as source: its programs, built once; and a cluster of one node made of them."""

import pathlib
import shutil
import subprocess
import time

from machines import debian
from machines.sandbox import Sandbox

SOURCE = "kubernetes"  # Debian's source package
SUITE = "bookworm"
GO = ("golang-go", "patch", "xz-utils", "mount", "tini", "ca-certificates")
PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl")
BUILT = debian.CACHE / "kubernetes-1.20"

NODE, ADDRESS = "node", "10.99.0.1"
PODS, SERVICES = "10.97.0.0/24", "10.98.0.0/24"
TOKEN = "token-of-the-bench"  # of a cluster that nobody else can reach
COMES_UP_WITHIN = 90  # seconds, each part


def programs(scratch):
    """The folder with the programs."""
    folder = BUILT / "bin"
    if not all((folder / program).exists() for program in PROGRAMS):
        go = debian.root("go", SUITE, GO)
        with debian.alone():
            build(scratch, go)
    return folder


def build(scratch, go):
    BUILT.mkdir(parents=True, exist_ok=True)
    if not list(BUILT.glob("*.dsc")):
        download(BUILT)
    print("building Kubernetes: about seven minutes of CPU, once", flush=True)
    with Sandbox(go, scratch, {"/build": BUILT}, "build") as sandbox:
        (BUILT / "build-kubernetes").write_text(pathlib.Path(__file__).with_name("build-kubernetes").read_text())
        sandbox.run("sh", "/build/build-kubernetes")
    for part in ("go", "cache", "source", "openapi-gen"):
        path = BUILT / part
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def download(folder):
    """The source package, by lists of its own: this machine's have no sources."""
    (folder / "lists/partial").mkdir(parents=True, exist_ok=True)
    (folder / "sources.list").write_text(f"deb-src [signed-by={debian.KEYRING}] {debian.MIRROR} {SUITE} main\n")
    apt = ["apt-get", "-qq", "-o", f"Dir::Etc::SourceList={folder}/sources.list", "-o", "Dir::Etc::SourceParts=/dev/null",
           "-o", f"Dir::State::Lists={folder}/lists", "-o", f"Dir::Cache={folder}/apt", "-o", "APT::Sandbox::User=root"]
    (folder / "apt/archives/partial").mkdir(parents=True, exist_ok=True)
    debian.run(*apt, "update")
    debian.run(*apt, "source", "--download-only", SOURCE, cwd=folder)


# What a kubelet makes of the kernel unless it is so already. It sees that it is, and the machine stays as it was.
KERNEL = {"vm/overcommit_memory": 1, "vm/panic_on_oom": 0, "kernel/panic": 10, "kernel/panic_on_oops": 1, "kernel/keys/root_maxkeys": 1000000,
          "kernel/keys/root_maxbytes": 25000000}

CONTAINERD = """version = 2
oom_score = 0
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/etc/cni/net.d"
"""

NETWORK = """{{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {{"type": "bridge", "bridge": "pods0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
    "ipam": {{"type": "host-local", "ranges": [[{{"subnet": "{pods}"}}]], "routes": [{{"dst": "0.0.0.0/0"}}]}}}}]}}
"""

CONFIG = """apiVersion: v1
kind: Config
clusters: [{{name: c, cluster: {{server: "https://{address}:6443", insecure-skip-tls-verify: true}}}}]
users: [{{name: u, user: {{token: {token}}}}}]
contexts: [{{name: x, context: {{cluster: c, user: u}}}}]
current-context: x
"""


class Cluster:
    """In the network namespace of this process, which has to be a private one, and in a sandbox."""

    def __init__(self, sandbox, engine):
        self.sandbox, self.engine = sandbox, engine

    def write(self, path, text):
        file = self.sandbox.path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def start(self, images):
        self.network()
        self.keep_the_kernel()
        self.write("/etc/containerd/config.toml", CONTAINERD.format(pause=self.engine.pause()))
        self.write("/etc/cni/net.d/10-pods.conflist", NETWORK.format(pods=PODS))
        self.write("/etc/kubernetes/config", CONFIG.format(address=ADDRESS, token=TOKEN))
        self.write("/etc/kubernetes/tokens.csv", f"{TOKEN},bench,1,system:masters\n")
        self.sandbox.run("openssl", "genrsa", "-out", "/etc/kubernetes/accounts.key", "2048")
        self.sandbox.spawn("etcd", "etcd", "--data-dir=/var/lib/etcd-bench", "--unsafe-no-fsync")
        self.sandbox.spawn("containerd", "containerd")
        self.program("kube-apiserver", "--etcd-servers=http://127.0.0.1:2379", f"--advertise-address={ADDRESS}", f"--bind-address={ADDRESS}",
                     f"--service-cluster-ip-range={SERVICES}", "--token-auth-file=/etc/kubernetes/tokens.csv", "--authorization-mode=Node,RBAC",
                     "--kubelet-preferred-address-types=InternalIP",
                     "--allow-privileged", "--cert-dir=/etc/kubernetes/certificates", "--service-account-issuer=https://bench",
                     "--service-account-key-file=/etc/kubernetes/accounts.key", "--service-account-signing-key-file=/etc/kubernetes/accounts.key")
        self.until("the API server", lambda: self.kubectl("get", "--raw=/readyz", check=False).returncode == 0)
        self.program("kube-controller-manager", "--kubeconfig=/etc/kubernetes/config", "--leader-elect=false",
                     "--service-account-private-key-file=/etc/kubernetes/accounts.key")
        self.program("kube-scheduler", "--kubeconfig=/etc/kubernetes/config", "--leader-elect=false")
        self.until("containerd", lambda: self.sandbox.run("ctr", "version", check=False).returncode == 0)
        for number, image in enumerate((self.engine.pause(), *images)):
            archive = self.engine.save(image, f"image-{number}.tar")
            self.sandbox.run("ctr", "-n", "k8s.io", "images", "import", archive)
            self.sandbox.path(archive).unlink()
        self.program("kubelet", "--kubeconfig=/etc/kubernetes/config", f"--node-ip={ADDRESS}", f"--hostname-override={NODE}",
                     "--container-runtime=remote", "--container-runtime-endpoint=unix:///run/containerd/containerd.sock",
                     "--cgroup-driver=cgroupfs", "--enforce-node-allocatable=", "--fail-swap-on=false",
                     "--eviction-hard=", "--image-gc-high-threshold=100", "--oom-score-adj=0", "--resolv-conf=", "--sync-frequency=5s",
                     "--authorization-mode=AlwaysAllow", "--anonymous-auth=true", "--cert-dir=/etc/kubernetes/kubelet",
                     "--allowed-unsafe-sysctls=net.core.somaxconn")
        self.program("kube-proxy", "--kubeconfig=/etc/kubernetes/config", f"--hostname-override={NODE}", "--proxy-mode=iptables",
                     f"--cluster-cidr={PODS}", "--conntrack-max-per-core=0", "--oom-score-adj=0", "--iptables-min-sync-period=0s")
        self.until("the node", lambda: "True" in self.kubectl(
            "get", "node", NODE, "-o", "jsonpath={.status.conditions[?(@.type=='Ready')].status}", check=False).stdout)

    def network(self):
        """A link that is up, and a route: what Kubernetes takes for the node's address."""
        def ip(*words):
            subprocess.run(["ip", *words], check=True)
        ip("link", "set", "lo", "up")
        ip("link", "add", "node0", "type", "veth", "peer", "name", "node1")
        ip("address", "add", f"{ADDRESS}/24", "dev", "node0")
        for link in ("node0", "node1"):
            ip("link", "set", link, "up")
        ip("route", "add", "default", "dev", "node0")
        for key in ("net/ipv4/ip_forward", "net/bridge/bridge-nf-call-iptables"):
            if (file := pathlib.Path("/proc/sys") / key).exists():
                file.write_text("1")

    def keep_the_kernel(self):
        """Puts files before the kernel's settings, which belong to the whole machine, and lets nobody write to the others."""
        for folder in ("vm", "kernel", "fs"):
            self.sandbox.run("mount", "--bind", f"/proc/sys/{folder}", f"/proc/sys/{folder}")
            self.sandbox.run("mount", "-o", "remount,bind,ro", f"/proc/sys/{folder}")
        for key, value in KERNEL.items():
            self.write(f"/run/kernel/{key}", f"{value}\n")
            self.sandbox.run("mount", "--bind", f"/run/kernel/{key}", f"/proc/sys/{key}")

    def program(self, name, *words):
        return self.sandbox.spawn(name, f"/opt/kubernetes/{name}", *words)

    def kubectl(self, *words, **options):
        return self.sandbox.run("/opt/kubernetes/kubectl", "--kubeconfig=/etc/kubernetes/config", *words, **options)

    def apply(self, manifest):
        return self.kubectl("apply", "-f", "-", input=manifest)

    @staticmethod
    def until(what, condition, seconds=COMES_UP_WITHIN):
        """Seconds that it took."""
        begin = time.monotonic()
        while not condition():
            if time.monotonic() - begin > seconds:
                raise TimeoutError(f"{what}: not within {seconds} s")
            time.sleep(0.2)
        return time.monotonic() - begin
