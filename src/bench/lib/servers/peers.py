"""Other fronts before PHP-FPM: nginx and HAProxy."""

import pathlib
import re

from servers import php, processes
from servers.paths import BENCH
from servers.server import Server, free_ports


class Peer(Server):
    """A front other than Relais before one PHP-FPM master. `conf` and `fpm` are files below src/bench."""

    conf = None
    fpm = "nginx/php-fpm.conf"
    php_settings = php.SETTINGS

    @property
    def share(self):
        """The children of one master."""
        return self.args.children

    def start(self):
        (self.port,) = free_ports(1, self.address)
        self.start_php(self.home)
        self.gateway = self.spawn(*self.command(self.configure(self.conf, self.changes())))

    def start_php(self, directory):
        self.spawn(*php.command(directory, self.configure(self.fpm, self.fpm_changes(), directory), self.php_settings))

    def changes(self):
        """What this run's copy of `conf` has in the place of these patterns."""
        return {r"127\.0\.0\.1:8181": f"{self.address}:{self.port}"}

    def fpm_changes(self):
        return {r"pm\.max_children = \d+": f"pm.max_children = {self.share}"}

    def configure(self, path, changes, directory=None):
        text = (BENCH / path).read_text()
        for pattern, replacement in changes.items():
            text, count = re.subn(pattern, replacement, text)
            assert count == 1, f"{pattern} once in {path}"
        copy = (directory or self.home) / pathlib.Path(path).name
        copy.write_text(text)
        return copy

    def serving(self):
        status, body = self.get("/api/hello")
        return status == 200 and b"Hello" in body  # a front without a site for this host may answer 200, too

    def front(self):
        return [processes.read(self.gateway.pid)] + processes.descendants(self.gateway.pid)


class Nginx(Peer):
    name = "nginx"
    conf = "nginx/nginx.conf"

    def command(self, conf):
        (self.home / "tmp").mkdir()
        return "nginx", "-p", self.home, "-c", conf, "-g", "daemon off;"


class HaProxy(Peer):
    name = "haproxy"

    def changes(self):
        return super().changes() | {r"docroot /functions": f"docroot {self.functions}"}  # has to be absolute

    def command(self, conf):
        return "haproxy", "-db", "-f", conf
