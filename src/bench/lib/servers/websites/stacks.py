"""nginx + PHP-FPM and Relais with the same applications, each with a machine of its own (machines/apart.py), files and a MariaDB of its own, and port 80
of a loopback address of its own: so applications find on both the same paths, the same data and the same addresses."""

import pathlib
import shutil
import subprocess
import time

from servers import peers, processes, relais
from servers.paths import BENCH
from servers.websites.website import PASSWORD, SQL, SOCKET

PORT = 80  # so that no address of a page has a port in it
ANSWERS_WITHIN = 60  # seconds that MariaDB may take to start
UPLOADS = {"upload_max_filesize": "64M", "post_max_size": "64M"}  # which pages show
INCLUDED = ("fastcgi.conf", "fastcgi_params", "mime.types", "snippets")


class Database:
    """MariaDB in a layer, on a Unix socket alone."""

    def __init__(self, layer, scratch):
        self.layer, self.scratch = layer, scratch

    def make(self, names):
        """Empty databases, for users of the same names; the server is started for that."""
        self.layer.run("sh", "-c", f"mkdir -p {SQL} && chown mysql {SQL} && mariadb-install-db --no-defaults --user=mysql --datadir={SQL}/data"
                                   " --auth-root-authentication-method=normal --skip-test-db")
        self.start()
        # What says localhost means this socket.
        for part in ("cli", "fpm"):
            for folder in self.layer.path("/etc/php").glob(f"*/{part}/conf.d"):
                (folder / "99-relais.ini").write_text(f"mysqli.default_socket={SOCKET}\npdo_mysql.default_socket={SOCKET}\n")
        for name in names:
            self.sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci; CREATE USER {name}@localhost IDENTIFIED BY '{PASSWORD}';"
                     f" GRANT ALL ON {name}.* TO {name}@localhost;")

    def start(self):
        with open(self.scratch / "mariadb.log", "ab") as log:
            self.server = subprocess.Popen(self.layer.command("/usr/sbin/mariadbd", "--no-defaults", "--user=mysql", f"--datadir={SQL}/data", f"--socket={SOCKET}",
                                                              f"--pid-file={SQL}/sql.pid", "--skip-networking", "--innodb-buffer-pool-size=64M"),
                                           stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        processes.remember(self.scratch, processes.read(self.server.pid))
        deadline = time.monotonic() + ANSWERS_WITHIN
        while subprocess.run(self.layer.command("mariadb", "--no-defaults", f"--socket={SOCKET}", "-e", "SELECT 1"), capture_output=True).returncode:
            if time.monotonic() > deadline or self.server.poll() is not None:
                raise SystemExit(f"MariaDB does not answer: {self.scratch}/mariadb.log")
            time.sleep(0.1)

    def sql(self, text, database=""):
        return self.layer.run("mariadb", "--no-defaults", f"--socket={SOCKET}", *([database] if database else []), input=text)

    def stop(self):
        self.server.terminate()
        self.server.wait(30)


class Apart:
    """A server that runs in `layer`."""

    def __init__(self, args, scratch, layer, websites):
        super().__init__(args, scratch)
        self.layer, self.websites = layer, websites

    def spawn(self, *command, **environment):
        command = [shutil.which(str(command[0])) or command[0], *command[1:]]
        return super().spawn(*self.layer.command(*command, folder=self.home), **environment)

    def prepare(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        self.functions.mkdir()


class Nginx(Apart, peers.Nginx):
    address = "127.0.11.1"
    conf = "nginx/sites.conf"
    php_settings = peers.Nginx.php_settings | UPLOADS

    def prepare(self):
        super().prepare()
        for name in INCLUDED:
            source = pathlib.Path("/etc/nginx", name)
            (shutil.copytree if source.is_dir() else shutil.copy)(source, self.home / name)
        (self.home / "sites").mkdir()
        for website in self.websites:
            text = (BENCH / f"nginx/sites/{website.name}.conf").read_text()
            (self.home / f"sites/{website.name}.conf").write_text(text.replace("127.0.0.1:8181", f"{self.address}:{PORT}"))

    def start(self):
        self.port = PORT
        self.start_php(self.home)
        self.gateway = self.spawn(*self.command(self.configure(self.conf, self.changes())))

    def serving(self):
        return self.get("/")[0] == 204 and (self.home / "php.sock").exists()


class Relais(Apart, relais.Relais):
    address = "127.0.11.2"

    def prepare(self):
        super().prepare()
        (self.functions / "functions.yaml").write_text("sites:\n" + "".join(website.yaml() for website in self.websites))

    def keys(self):
        self.port = PORT
        uploads = {f'relais.workers.php-settings."{key}"': value for key, value in UPLOADS.items()}
        return super().keys() | uploads | {"relais.sites.state-directory": self.home / "sites"}
