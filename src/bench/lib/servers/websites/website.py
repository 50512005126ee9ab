"""A web application of Debian's packages, at `/` of a host of its own: how it is prepared, which site of Relais and which server of nginx it is,
and what a visitor does with it."""

import re
import textwrap

from servers.paths import ROOT

RECIPES = ROOT / "src/main/sites"
LOGIN, PASSWORD = "ada", "Lovelace-1815"
SQL = "/var/lib/relais-sql"  # of the MariaDB of each server
SOCKET = f"{SQL}/sql.sock"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d494844520000001000000010080200000090916836"
                    "0000001a49444154789c636c3079cf400a602249f5a886510d43b2010028f301e0fe0d9d150000000049454e44ae426082")
TEXT = b"Notes on the Analytical Engine.\n" * 40


class Website:
    """`recipe` is the file of src/main/sites, `root` its folder here, and `more` what the site has besides. `databases` are made in MariaDB, each with
    a user of its name and PASSWORD. `page` is what is measured, `shown` what is pictured after the tour."""

    name = None
    package = None  # the one whose version is told
    packages = ()
    recipe = None
    root = None
    more = ""
    databases = ()
    page = "/"
    shown = "/"
    masks = ()
    reasons = {}  # of differences that are known: a pattern of step and difference -> why

    @property
    def host(self):
        return f"{self.name}.test"

    def prepare(self, layer):
        """Configures it in `layer`, in which MariaDB is up."""

    def accompany(self, layer, address, scratch, stack):
        """Starts in the layer of a server what the application needs besides MariaDB, until `stack` ends; `address` is that server's."""

    def tour(self, visitor):
        """Main pages, log-in, upload, permalinks. Raises AssertionError or LookupError when the application does not do what it should."""
        raise NotImplementedError

    def yaml(self):
        """Its recipe, for this host and this folder, as an entry of `sites`."""
        text = (RECIPES / f"{self.recipe or self.name}.yaml").read_text()
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("#", "sites:"))]
        lines[0] = f"  {self.name}:"
        text = "\n".join(lines) + "\n"
        text = re.sub(r"(?m)^    hosts: .*$", f"    hosts: [{self.host}]", text, count=1)
        text = re.sub(r"(?m)^    root: [^#\n]*", f"    root: {self.root}  ", text, count=1)
        return text + textwrap.indent(textwrap.dedent(self.more).strip("\n"), "    ") + "\n"


def has(page, text, status=200):
    """The page, which must have this status and hold this text."""
    assert page.status == status, f"{page.name}: {page.method} {page.path}: {page.status} instead of {status}: {page.text[:300]}"
    assert text in page.text, f"{page.name}: {page.method} {page.path} has no {text!r}: {page.text[:1500]}"
    return page
