"""Fronts that balance several workers: nginx and HAProxy, each before its own PHP-FPM masters, and Relais."""

import json

from clients.blocking import get
from servers import peers, processes, relais
from servers.server import free_ports


class Pools(peers.Peer):
    """A front before PHP-FPM masters, one for each worker, with its own config, socket and children, as Relais has them."""

    @property
    def share(self):
        return self.args.children // self.args.workers

    def start(self):
        (self.port,) = free_ports(1)
        for number in range(self.args.workers):
            (pool := self.home / "workers" / str(number)).mkdir(parents=True)
            self.start_php(pool)
        self.gateway = self.spawn(*self.command(self.configure(self.conf, self.changes())))

    def master(self, number):
        """The pid of a worker's master."""
        title = f"php-fpm: master process ({self.home}/workers/{number}/"
        (found,) = [m.pid for m in self.masters() if processes.title(m.pid).startswith(title)]
        return found


class Nginx(Pools, peers.Nginx):
    label, conf = "nginx least_conn", "nginx/slowed.conf"


class HaProxy(Pools, peers.HaProxy):
    label, conf = "HAProxy leastconn", "haproxy/slowed.cfg"

    def changes(self):
        return super().changes() | {r"fcgi maxconn 4": f"fcgi maxconn {self.share}"}


class Relais(relais.Relais):
    label = "Relais"

    def master(self, number):
        status = json.loads(get(self.management, "/q/relais")[1])
        (found,) = [w["master"] for w in status["workers"] if w["id"] == number]
        return found
