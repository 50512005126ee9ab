"""The peers of src/bench/peers: whoever serves PHP over HTTP, each with as many PHP children and the same PHP settings.

PHP-FPM's `catch_workers_output` is off, its default, except in `CaughtNginx`. `as_shipped` gives a peer with PHP-FPM's pool and PHP's settings as
Debian ships them."""

import pathlib
import re
import shutil
import time

from clients.blocking import LOOPBACK
from servers import peers, php

HOME = "/home-of-the-run"  # stands for the run's directory in the configs here
MODULES = pathlib.Path("/usr/lib/apache2/modules")
LISTENS_WITHIN = 10  # seconds: PHP-FPM, after its start
# Of an nginx process. A kept connection holds a child from all other connections, which wait in PHP-FPM's backlog. With 64 clients on 16
# children the p99 was 1,368 ms with 8, 61 ms with 4 and 19 ms with 2, at 13,393, 10,468 and 12,267 requests/s.
KEPT = 2
CONNECTIONS = 8192  # that one process of nginx can have: a client's and PHP's


class Contender(peers.Peer):
    """`words` say what it is; `client` is where a load generator finds it."""

    words = ""
    shipped = False  # PHP-FPM's pool and PHP's settings are Debian's
    catches = False  # PHP-FPM reads what its children write to their standard error

    def start_php(self, directory):
        super().start_php(directory)
        deadline = time.monotonic() + LISTENS_WITHIN
        while not (directory / "php.sock").exists() and time.monotonic() < deadline:  # else the front finds it down, and some keep away
            time.sleep(0.005)

    def fpm_changes(self):
        return super().fpm_changes() | ({} if self.catches else {r"catch_workers_output = yes": "catch_workers_output = no"})

    def client(self):
        return ["--address", self.address, "--port", self.port]

    def with_home(self, changes):
        return changes | {r"(?m)^(Define home|var\.home =) \S+": rf"\1 {self.home}"}


class Nginx(Contender, peers.Nginx):
    words = "nginx, a FastCGI connection per request"

    def changes(self):
        return super().changes() | {r"worker_connections \d+": f"worker_connections {CONNECTIONS}",
                                    r"pid nginx.pid;": "pid nginx.pid;\nworker_rlimit_nofile 18000;"}


class KeptNginx(Nginx):
    name = "nginx-kept"
    words = f"nginx, FastCGI connections kept, {KEPT} of each of its processes"

    def changes(self):
        kept = f"    upstream php {{\n        server unix:php.sock;\n        keepalive {KEPT};\n    }}\n\n    server {{"
        return super().changes() | {r"(?m)^    server \{": kept,
                                    r"fastcgi_pass unix:php\.sock;": "fastcgi_pass php;\n            fastcgi_keep_conn on;"}


class CaughtNginx(Nginx):
    name = "nginx-caught"
    words = "nginx, and PHP-FPM catches its children's output as Relais' does"
    catches = True


class ShippedNginx(Contender, peers.Nginx):
    conf = "nginx/shipped.conf"
    words = Nginx.words

    def command(self, conf):
        shutil.copy("/etc/nginx/fastcgi.conf", self.home)  # which a snippet of Debian's includes from beside the config
        return super().command(conf)


class HaProxy(Contender, peers.HaProxy):
    conf = "haproxy/peers.cfg"
    words = "HAProxy, a FastCGI connection per request"

    def changes(self):
        return super().changes() | {r"fcgi maxconn \d+": f"fcgi maxconn {self.share}"}


class ApacheProxy(Contender):
    name, conf = "apache-fcgi", "apache/proxy_fcgi.conf"
    words = "Apache, mod_proxy_fcgi, a FastCGI connection per request"

    def changes(self):
        return self.with_home(super().changes())

    def command(self, conf):
        return "apache2", "-f", conf, "-D", "FOREGROUND"


class ApacheModule(ApacheProxy):
    """Without PHP-FPM."""

    name, conf = "apache-php", "apache/mod_php.conf"
    words = "Apache, mod_php: a process for each connection, PHP in it"

    def start_php(self, directory):
        pass

    def changes(self):
        (module,) = sorted(MODULES.glob("libphp*.so"))[-1:]
        settings = "\n".join(f"php_admin_value {key} {value}" for key, value in self.php_settings.items())
        return super().changes() | {r"libphp\.so": str(module), r"# PHP's settings": settings}


class ShippedApacheModule(ApacheModule):
    """Debian's mpm_prefork.conf and apache2.conf."""

    SHIPPED = {"ServerLimit 320\n": "", "StartServers 320": "StartServers 5", "MinSpareServers 1": "MinSpareServers 5",
               "MaxSpareServers 320": "MaxSpareServers 10", "MaxRequestWorkers 320": "MaxRequestWorkers 150",
               "MaxKeepAliveRequests 0": "MaxKeepAliveRequests 100", "KeepAliveTimeout 75": "KeepAliveTimeout 5"}

    def changes(self):
        return super().changes() | {re.escape(line): other for line, other in self.SHIPPED.items()}


class Caddy(Contender):
    name, conf = "caddy", "caddy/Caddyfile"
    words = "Caddy, a FastCGI connection per request"

    def changes(self):
        return {r":8181": f":{self.port}", r"bind localhost": f"bind {self.address}", rf"unix/{HOME}": f"unix/{self.home}",
                rf"root {HOME}": f"root {self.home}"}

    def command(self, conf):
        return "caddy", "run", "--config", conf, "--adapter", "caddyfile"

    def spawn(self, *command, **environment):
        private = {name: str(self.home) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        return super().spawn(*command, **private | environment)


class Lighttpd(Contender):
    name, conf = "lighttpd", "lighttpd/lighttpd.conf"
    words = "lighttpd, a FastCGI connection per request"

    def changes(self):
        return {rf'"{HOME}"': f'"{self.home}"', r'"localhost"': f'"{self.address}"', r"server\.port = \d+": f"server.port = {self.port}"}

    def command(self, conf):
        (self.home / "uploads").mkdir()
        (self.home / "uploads").chmod(0o777)
        return "lighttpd", "-D", "-f", conf


class BareFpm(Contender):
    """PHP-FPM without a front: what a client gets that speaks FastCGI on as many kept connections as there are children."""

    name = "php-fpm"
    words = "PHP-FPM alone, asked over a kept FastCGI connection for each child"

    def start(self):
        self.start_php(self.home)

    def serving(self):
        return (self.home / "php.sock").exists()

    def client(self):
        return ["--socket", self.home / "php.sock", "--fastcgi", self.functions / "hello.php"]

    def settings(self):
        return {}


def as_shipped(kind):
    """That peer with PHP-FPM's pool and PHP's settings as Debian ships them."""
    return type(kind.__name__ + "AsShipped", (kind,), {
        "name": kind.name + "-debian", "words": kind.words + "; as Debian ships it", "fpm": "nginx/shipped-fpm.conf",
        "php_settings": {}, "shipped": True, "fpm_changes": lambda self: {}})


CONTENDERS = [Nginx, KeptNginx, CaughtNginx, HaProxy, ApacheModule, ApacheProxy, Caddy, Lighttpd, BareFpm]
SHIPPED = [as_shipped(kind) for kind in (ShippedNginx, HaProxy, ShippedApacheModule, ApacheProxy, Caddy, Lighttpd)]
