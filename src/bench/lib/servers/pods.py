"""Several gateways behind HAProxy, as the pods of a cluster are behind its load balancer."""

import contextlib
import subprocess
import sys

from servers import peers, processes, relais
from servers.server import Server, free_ports


class Pod(relais.Relais):
    """One of the gateways; all listen on the loopback."""

    def __init__(self, args, scratch, number):
        self.name = f"pod-{number}"
        super().__init__(args, scratch)

    def config(self):
        return {"relais.http.trusted-proxies": "127.0.0.1", "relais.workers.count": 1, "relais.workers.children": self.args.children // 3}


class Pods(Server):
    """Three gateways behind HAProxy. With `weighted` its agent check tells the load of each."""

    name, weighted = "round-robin", False
    label = "HAProxy, round robin"

    def start(self):
        self.gateways = contextlib.ExitStack()
        self.pods = [self.gateways.enter_context(Pod(self.args, self.scratch, number)) for number in range(3)]
        (self.port, *agents) = free_ports(4)
        if self.weighted:
            ports = [str(port) for pod, agent in zip(self.pods, agents) for port in (pod.management, agent)]
            # Its stdin ends with this process, and it with that.
            agent = subprocess.Popen([sys.executable, "-m", "servers.agent", *ports], stdin=subprocess.PIPE, start_new_session=True)
            processes.remember(self.scratch, processes.read(agent.pid))
            self.processes.append(agent)
        changes = {r"127\.0\.0\.1:8181": f"127.0.0.1:{self.port}"}
        for number, (pod, agent) in enumerate(zip(self.pods, agents)):
            check = f" agent-check agent-addr 127.0.0.1 agent-port {agent}" if self.weighted else ""
            changes[rf"127\.0\.0\.1:910{number}"] = f"127.0.0.1:{pod.port}{check}"
        self.spawn("haproxy", "-db", "-f", peers.HaProxy.configure(self, "haproxy/pods.cfg", changes))

    def serving(self):
        return self.get("/api/hello")[0] == 200

    def stop(self):
        super().stop()
        if hasattr(self, "gateways"):
            self.gateways.close()

    def php_of(self, number):
        """The pids of a gateway's PHP processes."""
        return [process.pid for process in self.pods[number].php()]

    def served(self):
        """How many invocations each gateway has answered."""
        return [pod.metric("relais_invocations_seconds_count") for pod in self.pods]


class WeightedPods(Pods):
    name, weighted = "weighted", True
    label = "HAProxy, weights by agent check"
