"""Relais, as it is packaged."""

import json
import subprocess
import sys

from clients.blocking import get
from servers import processes
from servers.meters import Meters
from servers.server import Server, free_ports

SLOW_ANSWER = 20  # seconds that the meters of a gateway under attack may take


class Relais(Server):
    name = "relais"

    @property
    def share(self):
        """The children of one worker."""
        return self.args.children // self.args.workers

    @property
    def jar(self):
        return self.args.jar

    def config(self):
        """Config keys of this scenario; those of the command line win."""
        return {}

    def keys(self):
        """Config keys that every scenario sets."""
        return {
            "quarkus.http.host": self.address,
            "quarkus.http.port": self.port,
            "quarkus.management.host": "127.0.0.1",
            "quarkus.management.port": self.management,
            "relais.functions.directory": self.functions,
            "relais.workers.run-directory": self.run_directory,
            "relais.workers.count": self.args.workers,
            "relais.workers.children": self.share,
            **self.config(),
        }

    def start(self):
        if not self.jar.exists():
            sys.exit(f"{self.jar} is missing: ./mvnw -ntp package -DskipTests")
        self.port, self.management = free_ports(2)
        self.run_directory = self.home / "run"
        self.run_directory.mkdir()
        config = self.keys() | dict(pair.split("=", 1) for pair in self.args.config)
        self.gateway = self.spawn(self.args.java, *self.args.jvm, *(f"-D{k}={v}" for k, v in config.items()), "-jar", self.jar.resolve())

    def serving(self):
        return get(self.management, "/q/health/ready")[0] == 200

    def front(self):
        return [processes.read(self.gateway.pid)]

    def ended(self):
        return self.gateway.poll() is not None

    def status(self):
        """The status page, or nothing when there is no answer."""
        return json.loads(get(self.management, "/q/relais")[1] or b"{}")

    def meters(self):
        return Meters(get(self.management, "/q/metrics", timeout=SLOW_ANSWER)[1].decode())

    def metric(self, name):
        """The sum of all meters of that name."""
        return self.meters().total(name)


class RelaisWithTls(Relais):
    """With a second port for TLS, and a certificate of its own for localhost."""

    def __init__(self, args, scratch):
        super().__init__(args, scratch)
        self.cert, self.key = scratch / "cert.pem", scratch / "key.pem"
        if not self.cert.exists():
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                            "-keyout", self.key, "-out", self.cert, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                           check=True, capture_output=True)
        (self.tls_port,) = free_ports(1)

    def config(self):
        return super().config() | {
            "quarkus.http.ssl-port": self.tls_port,
            "quarkus.http.insecure-requests": "enabled",
            "quarkus.http.tls-configuration-name": "web",
            "quarkus.tls.web.key-store.pem.0.cert": self.cert,
            "quarkus.tls.web.key-store.pem.0.key": self.key,
        }
