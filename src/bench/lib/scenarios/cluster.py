"""The manifests on a real cluster of one node: rolled out, asked, changed, updated and drained under load. See src/bench/README.md."""

import argparse
import json
import os
import sys
import time

from clients import http1
from clients.blocking import Client
from clients.steady import Steady
from machines import kubernetes
from machines.images import PHP, Engine, folders
from machines.kubernetes import Cluster
from machines.sandbox import Sandbox
from reports.checks import Checks
from reports.report import Report
from servers.options import scratch
from servers.paths import ROOT

IMAGE = "docker.io/relais/relais:0.1.0"  # what a node takes the manifest's name for
MANIFEST = ROOT / "kubernetes/kubernetes.yml"
# What a server of 1.20 does not know yet: the versions of the same kinds that it has.
OLDER = {"apiVersion: policy/v1\n": "apiVersion: policy/v1beta1\n"}
STEPS = ("change", "bounds", "memory", "probe", "update", "delete", "drain")  # after the roll-out; each brings about what it needs
UPDATES = 20
DELETED = 3
MINUTES = 60  # seconds
ROLLED_OUT_WITHIN = "300s"
NOT_HERE = ("autoscaling/v2, HTTPRoute, ServiceMonitor, KEDA, `hostUsers` and image volumes, which a server of 1.20 does not know, and the "
            "NetworkPolicy, which this network does not enforce, are rendered and checked by `./mvnw verify`")
EAT = "<?php ini_set('memory_limit', -1); $a = []; for (;;) $a[] = str_repeat('x', 1 << 20);"
WRITE = "<?php echo @file_put_contents('/opt/relais/x', 'x') === false ? 'read only' : 'written', ' ', trim(shell_exec('id -u'));"


def arguments():
    parser = argparse.ArgumentParser(prog="src/bench/cluster", description=__doc__)
    parser.add_argument("--updates", type=int, default=UPDATES, help=f"rolling updates under load (default {UPDATES})")
    parser.add_argument("--steps", type=steps, default=STEPS, help=f"a part of them, in any order (default {','.join(STEPS)})")
    parser.add_argument("--build-only", action="store_true", help="make what is kept for later runs: Kubernetes' programs and the images")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def steps(text):
    chosen = text.split(",")
    if unknown := set(chosen) - set(STEPS):
        raise argparse.ArgumentTypeError(f"there is no step {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}")
    return chosen


class Name:
    name = "one node, Kubernetes 1.20"


class Run:
    def __init__(self, cluster, tell, args):
        self.cluster, self.tell, self.args = cluster, tell, args
        self.checks = Checks(tell, "The base", Name)
        self.updates = []
        self.brought = False  # the functions that steps ask

    def kubectl(self, *words, **options):
        return self.cluster.kubectl(*words, **options)

    def get(self, path, timeout=20):
        """(status, body) by the Service; (0, b"") without an answer."""
        try:
            with Client(80, timeout=timeout, address=self.address) as client:
                answer = client.ask(http1.head(path))
                return answer.status, bytes(answer.body)
        except (OSError, http1.Cut, http1.Broken):
            return 0, b""

    def pods(self):
        found = json.loads(self.kubectl("get", "pods", "-l", "app.kubernetes.io/name=relais", "-o", "json"))["items"]
        return [p for p in found if not p["metadata"].get("deletionTimestamp")]

    def restarts(self):
        return sum(s["restartCount"] for p in self.pods() for s in p["status"].get("containerStatuses", []))

    def rolled_out(self):
        self.kubectl("rollout", "status", "deployment/relais", f"--timeout={ROLLED_OUT_WITHIN}")

    def scaled(self, count):
        """So many pods, and none that still ends, whatever ran before."""
        self.kubectl("scale", "deployment/relais", f"--replicas={count}")
        self.rolled_out()
        Cluster.until(f"{count} pods", lambda: len(self.every_pod()) == count, 2 * MINUTES)

    def bring(self, **functions):
        """Into the ConfigMap, all at once: when one is there, so are the others."""
        self.kubectl("patch", "configmap", "relais-functions", "-p", json.dumps({"data": {f"{name}.php": code for name, code in functions.items()}}))

    def bring_asked(self):
        if not self.brought:
            self.bring(eat=EAT, write=WRITE)
            Cluster.until("the functions", lambda: self.get("/api/write")[0] == 200, 3 * MINUTES)
            self.brought = True

    def load(self):
        return Steady(self.address, 80, "/api/hello")

    def lossless(self, what, load):
        self.checks.add(f"{what}: failed of {load.asked:,} requests", len(load.failed), 0, not load.failed and load.asked > 0)
        self.checks.add("the slowest of them", f"{load.slowest:.2f} s")
        for line in load.failed[:10]:
            print(line, file=sys.stderr)

    def all(self):
        self.roll_out()
        for step in self.args.steps:
            getattr(self, step)()
        if self.updates:
            self.tell("\n```\n" + "\n".join(self.updates) + "\n```")
        return self.checks.passed

    def roll_out(self):
        manifest = MANIFEST.read_text()
        for new, old in OLDER.items():
            if new not in manifest:
                raise AssertionError(f"{MANIFEST} has no {new}")
            manifest = manifest.replace(new, old)
        begin = time.monotonic()
        said = self.cluster.apply(manifest)
        self.checks.add("applied", ", ".join(line.split()[0].split("/")[0] for line in said.splitlines()))
        self.rolled_out()
        self.checks.add("rolled out after", f"{time.monotonic() - begin:.1f} s")
        self.address = self.kubectl("get", "service", "relais", "-o", "jsonpath={.spec.clusterIP}")
        # The node's proxy hears of the first pod at the same time as this does.
        Cluster.until("an answer by the Service", lambda: self.get("/api/hello", timeout=5)[0], 30)
        status, body = self.get("/api/hello")
        self.checks.add("a function, by the Service", f"{status} {body!r}", "200", status == 200 and body.startswith(b"Hello from PHP"))

    def change(self):
        self.scaled(1)
        self.bring(hello="<?php echo 'changed';", eat=EAT, write=WRITE)
        with self.load() as load:
            seconds = Cluster.until("the new code", lambda: self.get("/api/hello") == (200, b"changed"), 3 * MINUTES)
        self.checks.add("a changed ConfigMap shows after", f"{seconds:.1f} s", "in time")
        self.brought = True
        self.lossless("meanwhile", load)

    def bounds(self):
        self.scaled(1)
        self.bring_asked()
        status, body = self.get("/api/write")
        self.checks.add("its own files, its user", body.decode(), "read only 33", (status, body) == (200, b"read only 33"))
        (pod,) = self.pods()
        said = self.kubectl("exec", pod["metadata"]["name"], "--", "sh", "-c", "touch /x; ls /var/run/secrets/kubernetes.io", check=False)
        refused = "Read-only" in said.stdout and "No such file" in said.stdout
        self.checks.add("a file in the root file system, a token", "neither" if refused else said.stdout, "neither", refused)

    def memory(self):
        self.scaled(1)
        self.bring_asked()
        before, killed = self.restarts(), self.killed_for_memory()
        status, _ = self.get("/api/eat", timeout=2 * MINUTES)
        self.checks.add("a function that takes all memory", status, 502, status == 502)
        killed = self.killed_for_memory() - killed
        self.checks.add("processes that the kernel has killed for it", killed, 1, killed == 1)
        status, _ = self.get("/api/hello")
        self.checks.add("the next request", status, 200, status == 200)
        self.checks.add("restarts of the container", self.restarts() - before, 0, self.restarts() == before)

    def killed_for_memory(self):
        """So many in the pod's control group, of either version."""
        (pod,) = self.pods()
        said = self.kubectl("exec", pod["metadata"]["name"], "--", "sh", "-c",
                            "cat /sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events 2>/dev/null", check=False).stdout
        return sum(int(line.split()[1]) for line in said.splitlines() if line.startswith("oom_kill "))

    def probe(self):
        """The gateway stands still: the kubelet has to see that, and start it anew."""
        self.scaled(1)
        before = self.restarts()
        (pod,) = self.pods()
        # PID 1 is tini, which passes the signal on to nobody; java is its child.
        self.kubectl("exec", pod["metadata"]["name"], "--", "sh", "-c",
                     "for p in /proc/[0-9]*; do read -r name <$p/comm; [ \"$name\" != java ] || kill -STOP ${p#/proc/}; done")
        away = Cluster.until("no endpoint", lambda: not self.endpoints(), MINUTES)
        self.checks.add("a gateway that stands still is out of the Service after", f"{away:.1f} s", "in time")
        seconds = Cluster.until("a restart", lambda: self.restarts() > before, 3 * MINUTES)
        self.checks.add("and started anew after", f"{away + seconds:.1f} s", "in time")
        back = Cluster.until("an answer", lambda: self.get("/api/hello")[0] == 200, 3 * MINUTES)
        self.checks.add("and answers after another", f"{back:.1f} s", "in time")

    def endpoints(self):
        return self.kubectl("get", "endpoints", "relais", "-o", "jsonpath={.subsets[*].addresses[*].ip}").split()

    def update(self):
        """One after the other: while a pod serves on for its shutdown delay and ends, the next update begins."""
        self.scaled(1)
        with self.load() as load:
            for number in range(self.args.updates):
                asked, failed, begin = load.asked, len(load.failed), time.monotonic()
                self.kubectl("set", "env", "deployment/relais", f"UPDATE={number}")
                self.rolled_out()
                self.updates.append(f"update {number + 1}: rolled out after {time.monotonic() - begin:.1f} s, {load.asked - asked} requests, "
                                    f"{len(load.failed) - failed} failed")
                print(self.updates[-1], flush=True)
            Cluster.until("the old pods' end", lambda: len(self.every_pod()) == 1, 2 * MINUTES)
        self.lossless(f"{self.args.updates} rolling updates", load)

    def every_pod(self):
        return self.kubectl("get", "pods", "-l", "app.kubernetes.io/name=relais", "-o", "name").split()

    def delete(self):
        self.scaled(2)
        with self.load() as load:
            for _ in range(DELETED):
                name = self.pods()[0]["metadata"]["name"]
                self.kubectl("delete", "pod", name, "--wait=true")
                self.rolled_out()
        self.lossless(f"{DELETED} of two pods deleted, one after the other", load)

    def drain(self):
        """With one node there is no place for the pods to go to: the budget has to keep one of two."""
        self.scaled(2)
        with self.load() as load:
            said = self.kubectl("drain", kubernetes.NODE, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=45s", check=False)
            left = len([p for p in self.pods() if p["status"]["phase"] == "Running"])
            kept = said.returncode != 0 and "disruption budget" in said.stdout and left == 1
            self.checks.add("a drain: pods that the budget keeps", left, 1, kept)
            self.kubectl("uncordon", kubernetes.NODE)
            self.rolled_out()
        self.lossless("drained, and let in again", load)


def prepare(directory):
    """What needs this machine's network: packages."""
    bin_folder = kubernetes.programs(directory)
    with Sandbox(Engine.root(), directory, folders(directory), "images") as sandbox:
        engine = Engine(sandbox, directory)
        engine.build(IMAGE, BASE=engine.base("trixie"), PHP_VERSION=PHP["trixie"])
        engine.pause()
    return bin_folder


def main():
    args = arguments()
    if os.geteuid():
        sys.exit("src/bench/cluster needs root")
    directory = scratch()
    if not args.inside:
        (directory / "files").mkdir()
        prepare(directory)
        if not args.build_only:
            sys.stdout.flush()
            os.execvp("unshare", ["unshare", "--net", "--mount", "--propagation", "private", sys.executable, "-m", "scenarios.cluster",
                                  "--inside", *sys.argv[1:]])
        return
    tell = Report()
    tell("# The manifests on a cluster\n")
    tell(f"One node, made by `src/bench/cluster` in a network, mount and process namespace of its own. Changed in `kubernetes.yml`: "
         f"{', '.join(f'`{new.strip()}` to `{old.strip()}`' for new, old in OLDER.items())}. Not here: {NOT_HERE}.")
    passed = False
    inside = {**folders(directory), "/var/lib/containerd": None, "/var/lib/kubelet": None, "/var/lib/etcd-bench": None,
              "/opt/kubernetes": kubernetes.BUILT / "bin"}
    with Sandbox(Engine.root(), directory, inside, "node") as sandbox:
        cluster = Cluster(sandbox, Engine(sandbox, directory))
        try:
            cluster.start([IMAGE])
            tell(f"\n{cluster.kubectl('version', '--short').strip()}")
            passed = Run(cluster, tell, args).all()
        finally:
            if not passed:
                for words in (("get", "all", "-o", "wide"), ("get", "events"), ("describe", "pods"),
                              ("logs", "-l", "app.kubernetes.io/name=relais", "--tail=60")):
                    print(cluster.kubectl(*words, check=False).stdout[-6000:], file=sys.stderr)
    tell.write("cluster")
    sys.exit(not passed)


if __name__ == "__main__":
    main()
