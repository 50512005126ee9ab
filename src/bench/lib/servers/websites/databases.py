"""Applications to look into databases: phpMyAdmin, phpLiteAdmin, Adminer."""

from servers.websites.website import PASSWORD, SOCKET, Website, has


class PhpMyAdmin(Website):
    name = package = "phpmyadmin"
    packages = ("phpmyadmin", "php-mysql", "php-gd")
    root = "/usr/share/phpmyadmin"
    more = "allow-symlinks-to: [/usr/share/javascript, /usr/share/doc/phpmyadmin, /usr/share/phpmyadmin]"
    databases = ("looms",)
    shown = "/index.php?route=/database/structure&db=looms"
    reasons = {r"body: .*nginx/": "SERVER_SOFTWARE", r"route=/server/status: body": "MariaDB's counters"}
    masks = ((r'data-for="\d+"|showAll_\d+|\d+(\.\d+)? (KiB|MiB|B)\b', "<number>"), (r'token[=":]+\s*"?(%[0-9A-Fa-f]{2}|[^"&\s<])+"?|set_session=\w+|"?user_values"?:[^}]*', "<token>"),
             (r"phpMyAdmin-\w+|[a-z]+_nonce\w*|\b\d+ queries executed[^<]*", "<volatile>"), (r"now=\d+|_nocache=\w+|nocache=\w+", "<volatile>"))

    def prepare(self, layer):
        layer.write("/etc/phpmyadmin/conf.d/relais.php", f"<?php\n$cfg['blowfish_secret'] = str_repeat('k', 32);\n$cfg['Servers'][1]['auth_type'] = 'cookie';\n"
                    f"$cfg['Servers'][1]['host'] = 'localhost';\n$cfg['Servers'][1]['socket'] = '{SOCKET}';\n$cfg['VersionCheck'] = false;\n"
                    "$cfg['TempDir'] = '/var/lib/phpmyadmin/tmp';\n$cfg['SendErrorReports'] = 'never';\n")
        layer.run("sh", "-c", "chown -R www-data /var/lib/phpmyadmin; chmod 644 /etc/phpmyadmin/conf.d/relais.php /etc/phpmyadmin/*.php /var/lib/phpmyadmin/*.php 2>/dev/null || true")

    def tour(self, visitor):
        login = has(visitor.get("/", "log-in form"), "pma_username")
        visitor.assets(login)
        home = has(visitor.submit(login, "pma_username", "log-in", pma_username="looms", pma_password=PASSWORD), "looms")
        visitor.assets(home)
        token = dict(visitor.form(login, "token")["fields"])["token"]
        page = visitor.get("/index.php?route=/server/databases", "databases")
        token = dict(visitor.form(page, "token")["fields"])["token"]
        ajax = [("ajax_request", "true"), ("server", "1"), ("token", token), ("db", "looms")]
        has(visitor.post("/index.php?route=/import", [*ajax, ("sql_query", "CREATE TABLE cards (id INT PRIMARY KEY, pattern VARCHAR(20))"), ("is_js_confirmed", "0")],
                         "creating a table"), '"success":true')
        has(visitor.upload("/index.php?route=/import", [*ajax, ("import_type", "database"), ("format", "sql"), ("charset_of_file", "utf-8")],
                           {"import_file": ("cards.sql", b"INSERT INTO cards VALUES (1, 'weaves'), (2, 'counts');\n", "text/plain")}, "upload of SQL"), "success")
        has(visitor.get("/index.php?route=/sql&db=looms&table=cards&pos=0", "rows of the table"), "weaves")
        has(visitor.get("/index.php?route=/database/structure&db=looms", "structure"), "cards")
        has(visitor.get("/index.php?route=/table/structure&db=looms&table=cards", "structure of the table"), "pattern")
        for route in ("/server/status", "/server/variables", "/database/export&db=looms", "/database/search&db=looms"):
            page = visitor.get(f"/index.php?route={route}")
            assert page.status == 200, route
        has(visitor.get("/doc/html/index.html", "documentation"), "phpMyAdmin")
        for path in ("/libraries/config.default.php", "/templates/login/form.twig", "/sql/create_tables.sql", "/config.inc.php", "/none", "/none.php", "/locale/de/LC_MESSAGES/phpmyadmin.mo"):
            visitor.get(path, f"refused {path}")


class PhpLiteAdmin(Website):
    name = package = "phpliteadmin"
    packages = ("phpliteadmin",)
    root = "/usr/share/phpliteadmin"
    more = "allow-symlinks-to: [/etc/phpliteadmin.config.php, /usr/share/phpliteadmin]\npaths: {javascript/: {root: /usr/share/javascript, scripts: none}}"
    page = shown = "/phpliteadmin.php"

    def prepare(self, layer):
        layer.run("chown", "-R", "www-data:www-data", "/var/lib/phpliteadmin")

    def tour(self, visitor):
        login = has(visitor.get("/", "front page"), "password")
        visitor.assets(login)
        home = visitor.submit(login, "password", "log-in", password="admin")
        made = visitor.submit(home, "new_dbname", "new database", new_dbname="looms.sqlite")
        has(made, "looms")
        page = visitor.get("/phpliteadmin.php?database=%2Fvar%2Flib%2Fphpliteadmin%2Flooms.sqlite&view=sql", "SQL form")
        has(visitor.submit(page, "queryval", "creating a table", queryval="CREATE TABLE cards (id INTEGER PRIMARY KEY, pattern TEXT)", query="Go", delimiter=";"), "cards")
        page = visitor.get("/phpliteadmin.php?view=import", "import form")
        visitor.submit(page, "file", "upload of SQL", files={"file": ("cards.sql", b"INSERT INTO cards VALUES (1, 'weaves');\n", "text/plain")},
                       **{"import": "Import", "import_type": "sql"})
        has(visitor.get("/phpliteadmin.php?action=row_view&table=cards", "rows of the table"), "weaves")
        visitor.get("/phpliteadmin.php?action=column_view&table=cards", "structure of the table")
        visitor.get("/phpliteadmin.php?resource=css", "style sheet")
        for path in ("/phpliteadmin.config.php", "/languages/lang_de.php", "/none", "/none.php"):
            visitor.get(path, f"refused {path}")


class Adminer(Website):
    name = package = "adminer"
    packages = ("adminer", "php-mysql")
    root = "/etc/adminer"
    more = "allow-symlinks-to: [/usr/share/adminer]"
    databases = ("jacquard",)
    page = shown = "/"
    masks = ((r'name="token" value="[^"]*"|nonce="?[^" ;]+|&amp;ext=\d+|\d+:\d+', "<token>"),)

    def tour(self, visitor):
        login = has(visitor.get("/", "log-in form"), "auth[username]")
        visitor.assets(login)
        home = visitor.submit(login, "auth[username]", "log-in", **{"auth[driver]": "server", "auth[server]": f"localhost:{SOCKET}", "auth[username]": "jacquard",
                                                                    "auth[password]": PASSWORD, "auth[db]": "jacquard"})
        has(home, "jacquard")
        where = f"server=localhost%3A{SOCKET.replace('/', '%2F')}&username=jacquard&db=jacquard"
        form = visitor.get(f"/?{where}&sql=", "SQL form")
        has(visitor.submit(form, "query", "creating a table", query="CREATE TABLE cards (id INT PRIMARY KEY, pattern VARCHAR(20)); INSERT INTO cards VALUES (1, 'weaves')"), "OK")
        has(visitor.get(f"/?{where}&select=cards", "rows of the table"), "weaves")
        has(visitor.get(f"/?{where}&table=cards", "structure of the table"), "pattern")
        form = visitor.get(f"/?{where}&import=", "import form")
        visitor.submit(form, "sql_file[]", "upload of SQL", files={"sql_file[]": ("cards.sql", b"INSERT INTO cards VALUES (2, 'counts');\n", "text/plain")})
        has(visitor.get(f"/?{where}&select=cards&order%5B0%5D=id", "rows after the upload"), "counts")
        visitor.get("/?file=default.css&version=4.8.1", "style sheet")
        for path in ("/none", "/none.php", "/plugins/none.php"):
            visitor.get(path, f"refused {path}")
