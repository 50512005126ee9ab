"""Applications of Debian's packages, as the packaged tests run them: programs where the package puts them, configuration and data of the run's
own."""

import shutil
import subprocess
from pathlib import Path

from servers.paths import BENCH

REPOSITORY = BENCH.parent.parent


class Application:
    """`page` is what is asked for, below /api/<name>; `links` are the folders that its symbolic link may lead to."""

    def __init__(self, name, folder, page, links, defines=(), install=None):
        self.name, self.folder, self.page, self.links, self.defines, self.install = name, folder, page, links, defines, install

    @property
    def path(self):
        return f"/api/{self.name}{self.page}"

    def yaml(self):
        return f"  {self.name}:\n    application: true\n    allow-symlinks-to: [{', '.join(map(str, self.links))}]\n"


def writable(folder):
    """Whoever PHP runs as may write here."""
    folder.chmod(0o777)
    for path in folder.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)


def symfony(scratch):
    if not Path("/usr/share/php/Symfony/Bundle/FrameworkBundle").is_dir():
        return None
    project = scratch / "symfony"
    shutil.copytree(REPOSITORY / "src/test/applications/symfony", project)
    (project / "var").mkdir()
    writable(project / "var")
    return Application("symfony", project / "public", "/login", [project / "public"])


def dokuwiki(scratch):
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


def mediawiki(scratch):
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


ALL = {"symfony": symfony, "dokuwiki": dokuwiki, "mediawiki": mediawiki}


def prepare(scratch, names):
    """(those that are installed, a script that PHP has to run before each request)"""
    found = [application for name in names if (application := ALL[name](scratch))]
    prepended = scratch / "prepend.php"
    prepended.write_text("<?php\n" + "\n".join(line for application in found for line in application.defines) + "\n")
    return found, prepended
