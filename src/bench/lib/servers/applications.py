"""Applications of Debian's packages, as the packaged tests run them: programs where the package puts them, configuration and data of the run's
own. WordPress is copied, because it looks for its configuration beside itself, and has a MariaDB of its own."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from servers import processes
from servers.paths import BENCH

REPOSITORY = BENCH.parent.parent
DATABASE_WITHIN = 60  # seconds from its start until it answers


class Application:
    """`page` is what is asked for, below /api/<name>; `links` are the folders that its symbolic link may lead to."""

    def __init__(self, name, folder, page, links, defines=(), install=None):
        self.name, self.folder, self.page, self.links, self.defines, self.install = name, folder, page, links, defines, install

    @property
    def path(self):
        return f"/api/{self.name}{self.page}"

    def yaml(self, preload=False, name=None):
        """Its settings, under another name when there is one."""
        return (f"  {name or self.name}:\n    application: true\n    allow-symlinks-to: [{', '.join(map(str, self.links))}]\n"
                + ("    preload: true\n" if preload else ""))


def writable(folder):
    """Whoever PHP runs as may write here."""
    folder.chmod(0o777)
    for path in folder.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)


def bare(scratch, stack):
    """Symfony's framework with one route."""
    return of_symfony("bare", BENCH / "applications/bare", "/hello/Ada", scratch)


def symfony(scratch, stack):
    """A page with a form and a session."""
    return of_symfony("symfony", REPOSITORY / "src/test/applications/symfony", "/login", scratch)


def of_symfony(name, source, page, scratch):
    if not Path("/usr/share/php/Symfony/Bundle/FrameworkBundle").is_dir():
        return None
    project = scratch / name
    shutil.copytree(source, project)
    (project / "var").mkdir()
    writable(project / "var")
    return Application(name, project / "public", page, [project / "public"])


def dokuwiki(scratch, stack):
    program = Path("/usr/share/dokuwiki")
    if not (program / "doku.php").exists():
        return None
    conf, data = scratch / "dokuwiki-conf", scratch / "dokuwiki-data"
    shutil.copytree("/etc/dokuwiki", conf, ignore=lambda folder, names: [n for n in names if (Path(folder) / n).is_symlink()])
    for folder in ("attic", "cache", "index", "locks", "log", "media", "media_attic", "media_meta", "meta", "pages", "tmp"):
        (data / folder).mkdir(parents=True)
    (data / "pages/start.txt").write_text("====== Start ======\nA page with **bold** text.\n\n  * one\n  * two\n" * 20)
    (conf / "local.php").write_text(f"<?php $conf['savedir'] = '{data}'; $conf['useacl'] = 0; $conf['title'] = 'wiki';\n")
    writable(conf)
    writable(data)
    return Application("dokuwiki", program, "/doku.php?id=start", [program, "/var/lib/dokuwiki/lib"],
                       [f"define('DOKU_CONF', '{conf}/');"])


def mediawiki(scratch, stack):
    program = Path("/usr/share/mediawiki")
    if not (program / "maintenance/install.php").exists():
        return None
    conf, data = scratch / "mediawiki-conf", scratch / "mediawiki-data"
    conf.mkdir()
    data.mkdir()
    subprocess.run(["php", program / "maintenance/install.php", "--dbtype=sqlite", "--dbname=wiki", f"--dbpath={data}", f"--confpath={conf}",
                    "--server=http://127.0.0.1", "--scriptpath=/api/mediawiki", "--pass=lovelace is 1st", "Relais", "Ada"],
                   check=True, capture_output=True, timeout=120)
    with open(conf / "LocalSettings.php", "a") as settings:
        settings.write("$wgServer = 'http://' . $_SERVER['HTTP_HOST'];\n")
    writable(conf)
    writable(data)
    return Application("mediawiki", Path("/var/lib/mediawiki"), "/index.php?title=Main_Page",
                       ["/var/lib/mediawiki", "/usr/share/mediawiki"], [f"define('MW_CONFIG_FILE', '{conf}/LocalSettings.php');"])


def laravel(scratch, stack):
    if not Path("/usr/share/php/Illuminate/Foundation/Application.php").exists():
        return None
    project = scratch / "laravel"
    shutil.copytree(REPOSITORY / "src/test/applications/laravel", project)
    for folder in ("bootstrap/cache", "storage/logs", "storage/framework/sessions", "storage/framework/views", "storage/framework/cache/data"):
        (project / folder).mkdir(parents=True)
    writable(project / "bootstrap")
    writable(project / "storage")
    return Application("laravel", project / "public", "/notes", [project / "public"])


def wordpress(scratch, stack):
    program, php_mysql = Path("/usr/share/wordpress"), list(Path("/usr/lib/php").glob("*/mysqli.so"))
    if not (program / "wp-load.php").exists() or not php_mysql or not shutil.which("mariadbd", path=os.environ["PATH"] + ":/usr/sbin"):
        return None
    copy = scratch / "wordpress"
    shutil.copytree(program, copy, ignore_dangling_symlinks=True)
    socket = database(scratch / "wordpress-database", "wordpress", stack)
    (copy / "wp-config.php").write_text(f"""<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'wordpress');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HOME', 'http://' . ($_SERVER['HTTP_HOST'] ?? '127.0.0.1') . '/api/wordpress');
define('WP_SITEURL', WP_HOME);
define('ABSPATH', __DIR__ . '/');
$table_prefix = 'wp_';
require ABSPATH . 'wp-settings.php';
""")
    subprocess.run(["php", "-r", f"""define('WP_INSTALLING', true);
require '{copy}/wp-load.php';
require '{copy}/wp-admin/includes/upgrade.php';
wp_install('Relais', 'Ada', 'ada@example.com', true, '', 'lovelace is 1st');"""], check=True, capture_output=True, timeout=120)
    return Application("wordpress", copy, "/", [copy])


def database(folder, name, stack):
    """Starts a MariaDB that listens on a Unix socket alone, with an empty database for the user `name`; it ends with `stack`."""
    folder.mkdir()
    folder.chmod(0o755)
    data, socket = folder / "data", folder / "sql.sock"
    user = ["--user=mysql"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "mysql")
    subprocess.run(["mariadb-install-db", *user, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
                    "--skip-test-db"], check=True, capture_output=True, timeout=120)
    with open(folder.parent / "mariadb.log", "ab") as log:
        server = subprocess.Popen(["/usr/sbin/mariadbd", "--no-defaults", *user, f"--datadir={data}", f"--socket={socket}",
                                   f"--pid-file={folder}/sql.pid", "--skip-networking", "--innodb-buffer-pool-size=64M"],
                                  stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    processes.remember(folder.parent, processes.read(server.pid))
    stack.callback(lambda: (server.terminate(), server.wait(30)))
    deadline = time.monotonic() + DATABASE_WITHIN
    create = f"CREATE DATABASE {name}; CREATE USER {name}@localhost; GRANT ALL ON {name}.* TO {name}@localhost;"
    while subprocess.run(["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root", "-e", create], capture_output=True).returncode:
        if time.monotonic() > deadline or server.poll() is not None:
            raise SystemExit(f"MariaDB does not answer: {folder.parent}/mariadb.log")
        time.sleep(0.1)
    return socket


ALL = {"symfony": symfony, "laravel": laravel, "dokuwiki": dokuwiki, "mediawiki": mediawiki, "wordpress": wordpress}


def prepare(scratch, names, stack):
    """(those that are installed, a script that PHP has to run before each request); what they need runs until `stack` ends"""
    found = [application for name in names if (application := ALL[name](scratch, stack))]
    prepended = scratch / "prepend.php"
    prepended.write_text("<?php\n" + "\n".join(line for application in found for line in application.defines) + "\n")
    return found, prepended
