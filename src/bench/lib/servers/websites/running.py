"""Applications to run other things with: Icinga Web 2, Cacti, tt-rss, SimpleSAMLphp, Postfix Admin, phpSysInfo, RSS-Bridge."""

import re

from servers.websites.website import LOGIN, PASSWORD, Website, has

CACTI_VERSION = "1.2.24"


class Icinga(Website):
    name, package = "icingaweb2", "icingaweb2"
    packages = ("icingaweb2", "php-mysql", "php-intl", "php-gd", "icinga-php-library", "icinga-php-thirdparty")
    root = "/usr/share/icingaweb2/public"
    databases = ("icingaweb2",)
    page = "/authentication/login"
    shown = "/config/general"
    reasons = {r"^/index.php/about: body": "nginx' configuration leaves the path in SCRIPT_NAME"}
    masks = ((r'value="\d+\|\w+"|CSRFToken[^>]*|id="[a-z]+-?\w{6,}"|\?_=\w+|data-icinga-\w+="[^"]*"|(id|for)="[^"]*-\d+"', "<volatile>"),
             (r"(form_\w+|Icinga|icinga)-[a-z]{12}\b|-[a-z]{12}\b", "<volatile>"))

    def prepare(self, layer):
        for name, text in {
            "config.ini": '[global]\nshow_stacktraces = "1"\nshow_application_state_messages = "0"\nconfig_backend = "db"\nconfig_resource = "icingaweb_db"\n'
                          '[logging]\nlog = "none"\n',
            "resources.ini": f'[icingaweb_db]\ntype = "db"\ndb = "mysql"\nhost = "localhost"\ndbname = "icingaweb2"\nusername = "icingaweb2"\npassword = "{PASSWORD}"\n'
                             'charset = "utf8mb4"\n',
            "authentication.ini": '[icingaweb2]\nbackend = "db"\nresource = "icingaweb_db"\n',
            "groups.ini": '[icingaweb2]\nbackend = "db"\nresource = "icingaweb_db"\n',
            "roles.ini": f'[Administrators]\nusers = "{LOGIN}"\npermissions = "*"\n'}.items():
            layer.write(f"/etc/icingaweb2/{name}", text)
        hashed = layer.run("php", "-r", f"echo password_hash('{PASSWORD}', PASSWORD_BCRYPT);").strip()
        layer.sql(layer.path("/usr/share/icingaweb2/schema/mysql.schema.sql").read_text(), "icingaweb2")
        layer.sql(f"INSERT INTO icingaweb_user (name, active, password_hash) VALUES ('{LOGIN}', 1, '{hashed}');", "icingaweb2")
        layer.run("sh", "-c", "mkdir -p /etc/icingaweb2/enabledModules /var/lib/icingaweb2; chown -R www-data /etc/icingaweb2 /var/lib/icingaweb2")

    def tour(self, visitor):
        login = has(visitor.get("/", "front page, which leads to the log-in"), "username")
        visitor.assets(login)
        home = visitor.submit(login, "username", "log-in", username=LOGIN, password=PASSWORD, btn_submit="Login")
        assert home.status == 200 and "/authentication/login" not in home.path, f"{home.status} {home.path}"
        visitor.assets(home)
        has(visitor.get("/config/general", "configuration"), "General")
        has(visitor.get("/user/list?backend=icingaweb2", "users"), LOGIN)
        form = has(visitor.get("/group/add?backend=icingaweb2", "form for a group"), "group_name")
        visitor.submit(form, "group_name", "new group", group_name="weavers", btn_submit="Add")
        has(visitor.get("/group/list?backend=icingaweb2", "groups"), "weavers")
        for path in ("/about", "/account", "/config/modules", "/role/list", "/navigation", "/layout/menu", "/index.php/about", "/css/icinga.min.css", "/js/icinga.min.js"):
            page = visitor.get(path)
            assert page.status == 200, f"{path}: {page.status} {page.text[:300]}"
        for path in ("/there/is/none", "/img/none.png", "/none.php", "/.htaccess"):
            visitor.get(path, f"refused {path}")


class Cacti(Website):
    name = package = "cacti"
    packages = ("cacti", "php-mysql")
    root = "/usr/share/cacti/site"
    more = ("allow-symlinks-to: [/usr/share/cacti, /usr/share/doc/cacti, /usr/share/javascript, /usr/share/nodejs, /usr/share/fonts-fork-awesome, /usr/share/fonts,"
            " /etc/cacti, /usr/share/php, /usr/share/twitter-bootstrap, /usr/share/fonts-font-awesome]")
    databases = ("cacti",)
    shown = "/host.php"
    masks = ((r"sid:[\w,]+|csrfMagicToken *= *\"[^\"]*\"|__csrf_magic[^>]*", "<token>"), (r"\bage\b *[=:] *\d+|load_average[^<]*", "<volatile>"))

    def prepare(self, layer):
        layer.sql(layer.path("/usr/share/doc/cacti/cacti.sql").read_text(), "cacti")
        layer.sql(f"UPDATE version SET cacti = '{CACTI_VERSION}'; UPDATE user_auth SET password = MD5('{PASSWORD}'), must_change_password = '', password_change = ''"
                  " WHERE username = 'admin'; GRANT SELECT ON mysql.time_zone_name TO cacti@localhost;", "cacti")
        layer.write("/etc/cacti/debian.php", f"<?php\n$database_type = 'mysql';\n$database_default = 'cacti';\n$database_hostname = 'localhost';\n"
                    f"$database_username = 'cacti';\n$database_password = '{PASSWORD}';\n$database_port = '';\n$database_retries = 5;\n$database_ssl = false;\n"
                    "$database_persist = false;\n$poller_id = 1;\n$url_path = '/';\n$cacti_session_name = 'Cacti';\n$cacti_cookie_domain = '';\n")
        layer.run("sh", "-c", "chown -R www-data /var/lib/cacti /var/log/cacti /usr/share/cacti/resource 2>/dev/null || true")

    def tour(self, visitor):
        login = has(visitor.get("/", "log-in form"), "login_username")
        visitor.assets(login)
        home = has(visitor.submit(login, "login_username", "log-in", login_username="admin", login_password=PASSWORD), "cacti")
        visitor.assets(home)
        for path in ("/graph_view.php?action=tree", "/host.php", "/graph_templates.php", "/data_sources.php", "/settings.php", "/user_admin.php", "/about.php", "/color.php"):
            page = visitor.get(path)
            assert page.status == 200, f"{path}: {page.status}"
        form = visitor.get("/color.php?action=edit", "form for a colour")
        visitor.submit(form, "hex", "new colour", name="Indigo", hex="4B0082")
        importing = visitor.get("/color.php?action=import", "import form")
        visitor.submit(importing, "import_file", "upload of colours", files={"import_file": ("colors.csv", b'"name","hex"\n"Loom","123456"\n', "text/csv")})
        has(visitor.get("/color.php?filter=Loom&has_graphs=false&named=false", "colours"), "Loom")
        for path in ("/include/config.php", "/lib/functions.php", "/log/cacti.log", "/rra/none.rrd", "/cli/add_device.php", "/scripts/ping.pl", "/none", "/none.php"):
            visitor.get(path, f"refused {path}")


class TtRss(Website):
    name = package = "tt-rss"
    packages = ("tt-rss", "php-mysql", "php-curl", "php-gd")
    root = "/usr/share/tt-rss/www"
    more = "allow-symlinks-to: [/usr/share/tt-rss, /usr/share/javascript, /usr/share/fonts-material-design-icons-iconfont, /usr/share/fonts, /etc/tt-rss, /var/lib/tt-rss, /usr/share/php, /usr/share/phpqrcode]"
    databases = ("ttrss",)
    masks = ((r"__csrf_token[^;]*;|\"csrf_token\":\"[^\"]*\"|\?\d{10}|key=\w+", "<token>"),)

    def prepare(self, layer):
        layer.sql(layer.path("/usr/share/tt-rss/schema/ttrss_schema_mysql.sql").read_text(), "ttrss")
        layer.write("/etc/tt-rss/database.php", f"<?php\n$dbtype = 'mysql';\n$dbserver = 'localhost';\n$dbport = '';\n$dbuser = 'ttrss';\n$dbname = 'ttrss';\n"
                    f"$dbpass = '{PASSWORD}';\n$basepath = '';\n")
        config = layer.path("/etc/tt-rss/config.php")
        text = config.read_text().replace("%SELF_URL_PATH", f"http://{self.host}/").replace("'LOG_DESTINATION', 'syslog'", "'LOG_DESTINATION', ''")
        config.write_text(text.replace("'CHECK_FOR_UPDATES', true", "'CHECK_FOR_UPDATES', false"))
        layer.run("sh", "-c", "chmod 644 /etc/tt-rss/*.php; chown -R www-data /var/lib/tt-rss /var/cache/tt-rss")

    def tour(self, visitor):
        login = has(visitor.get("/", "log-in form"), "password")
        visitor.assets(login)
        visitor.submit(login, "login", "log-in", login="admin", password="password")
        home = visitor.get("/", "reader")
        visitor.assets(home)
        has(visitor.get("/prefs.php", "preferences"), "Preferences")
        token = re.search(r'__csrf_token = "([^"]+)"|csrf_token":"([^"]+)"', home.text)
        token = token and (token[1] or token[2]) or ""
        has(visitor.post("/backend.php", [("op", "rpc"), ("method", "sanityCheck"), ("csrf_token", token)], "sanity check"), "init-params")
        opml = (b'<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>'
                b'<outline type="rss" text="Looms" xmlUrl="http://feeds.example.com/looms.xml" htmlUrl="http://example.com/"/></body></opml>')
        has(visitor.upload("/backend.php", [("op", "dlg"), ("method", "importOpml"), ("csrf_token", token)], {"opml_file": ("f.opml", opml, "text/xml")}, "upload of feeds"),
            "Looms")
        has(visitor.get("/backend.php?op=opml&method=export", "export of feeds"), "looms.xml")
        visitor.post("/api/", '{"op":"login","user":"admin","password":"password"}', "API", ["Content-Type: application/json"])
        for path in ("/config.php", "/include/functions.php", "/classes/api.php", "/schema/none.sql", "/none", "/none.php", "/.htaccess", "/update.php"):
            visitor.get(path, f"refused {path}")


class SimpleSaml(Website):
    name = package = "simplesamlphp"
    packages = ("simplesamlphp", "php-xml", "php-mbstring", "php-curl")
    root = "/usr/share/simplesamlphp/www"
    more = "allow-symlinks-to: [/usr/share/simplesamlphp, /etc/simplesamlphp, /usr/share/javascript]"
    page = shown = "/module.php/core/frontpage_welcome.php"
    masks = ((r"AuthState=[^\"&]*|AuthState\" value=\"[^\"]*\"", "<state>"),)

    def prepare(self, layer):
        config = layer.path("/etc/simplesamlphp/config.php")
        text = config.read_text()
        for pattern, line in (("'baseurlpath' => .*", "'baseurlpath' => 'http://simplesamlphp.test/',"), ("'exampleauth' => false", "'exampleauth' => true"),
                              ("'session.cookie.secure' => true", "'session.cookie.secure' => false"), ("'logging.handler' => .*", "'logging.handler' => 'errorlog',"),
                              ("//'secretsalt' => .*", "'secretsalt' => 'of-this-run-alone',"), ("//'auth.adminpassword' => .*", f"'auth.adminpassword' => '{PASSWORD}',")):
            text = re.sub(pattern, line, text, count=1)
        config.write_text(text + f"\n$config['auth.adminpassword'] = '{PASSWORD}'; // Debian has a random one in another file\n")
        layer.run("sh", "-c", "mkdir -p /var/log/simplesamlphp; chmod -R a+rX /etc/simplesamlphp; chown -R www-data /var/lib/simplesamlphp;"
                              "find /var/lib/simplesamlphp -name '*.php' -exec chmod 644 {} +")
        sources = layer.path("/etc/simplesamlphp/authsources.php")
        text = sources.read_text()
        sources.write_text(text[:text.rindex("];")] + "    'example-userpass' => ['exampleauth:UserPass', 'ada:%s' => ['uid' => ['ada'], 'mail' => ['ada@example.com']]],\n];\n"
                           % PASSWORD)

    def tour(self, visitor):
        welcome = has(visitor.get("/", "front page"), "SimpleSAMLphp")
        visitor.assets(welcome)
        for page in ("frontpage_config", "frontpage_auth", "frontpage_federation"):
            has(visitor.get(f"/module.php/core/{page}.php"), "SimpleSAMLphp")
        login = visitor.get("/module.php/core/authenticate.php?as=example-userpass", "log-in form")
        visitor.assets(login)
        has(visitor.submit(login, "username", "log-in", username="ada", password=PASSWORD), "ada@example.com")
        has(visitor.get("/module.php/saml/sp/metadata.php/default-sp?output=xml", "metadata, by path info with a slash"), "EntityDescriptor")
        visitor.get("/module.php/core/authenticate.php", "list of sources")
        visitor.get("/module.php/none/none.php", "module that is not there")
        visitor.get("/module.php/core/assets/none.css", "file of a module that is not there")
        admin = visitor.get("/module.php/core/login-admin.php?ReturnTo=http%3A%2F%2Fsimplesamlphp.test%2Fmodule.php%2Fcore%2Ffrontpage_config.php", "administrator's log-in form")
        has(visitor.submit(admin, "password", "administrator's log-in", password=PASSWORD), "SimpleSAMLphp")
        visitor.get("/logout.php", "log-out")
        for path in ("/_include.php", "/none", "/none.php", "/.htaccess", "/saml2/none", "/../config/config.php"):
            visitor.get(path, f"refused {path}")


class PostfixAdmin(Website):
    name = package = "postfixadmin"
    packages = ("postfixadmin", "php-mysql", "php-mbstring")
    root = "/usr/share/postfixadmin/public"
    more = "allow-symlinks-to: [/usr/share/postfixadmin, /usr/share/javascript]"
    databases = ("postfixadmin",)
    page = "/login.php"
    shown = "/main.php"
    masks = ((r'name="token" value="[^"]*"|CSRF_Token[^>]*', "<token>"),)

    def prepare(self, layer):
        layer.write("/etc/postfixadmin/dbconfig.inc.php", f"<?php\n$dbtype = 'mysqli';\n$dbserver = 'localhost';\n$dbuser = 'postfixadmin';\n$dbpass = '{PASSWORD}';\n"
                    "$dbname = 'postfixadmin';\n$dbport = '';\n$basepath = '';\n")
        layer.write("/etc/postfixadmin/config.local.php", "<?php\n$CONF['encrypt'] = 'php_crypt:BLOWFISH';\n$CONF['configured'] = true;\n$CONF['emailcheck_resolve_domain'] = 'NO';\n$CONF['domain_path'] = 'YES';\n")
        layer.run("sh", "-c", "mkdir -p /var/cache/postfixadmin/templates_c; chown -R www-data /var/cache/postfixadmin; cd /usr/share/postfixadmin/public && php upgrade.php >/dev/null")
        hashed = layer.run("php", "-r", f"echo crypt('{PASSWORD}', '$2y$10$' . str_repeat('a', 22));").strip()
        layer.sql(f"INSERT INTO admin (username, password, created, modified, active, superadmin) VALUES ('ada@example.com', '{hashed}', NOW(), NOW(), 1, 1);"
                  "INSERT INTO domain_admins (username, domain, created, active) VALUES ('ada@example.com', 'ALL', NOW(), 1);", "postfixadmin")

    def tour(self, visitor):
        login = has(visitor.get("/", "log-in form"), "fUsername")
        visitor.assets(login)
        home = has(visitor.submit(login, "fUsername", "log-in", fUsername="ada@example.com", fPassword=PASSWORD), "ada@example.com")
        visitor.assets(home)
        form = visitor.get("/edit.php?table=domain", "form for a domain")
        visitor.submit(form, "value[domain]", "new domain", **{"value[domain]": "looms.example", "value[description]": "weaves", "submit": "Add"})
        has(visitor.get("/list.php?table=domain", "domains"), "looms.example")
        for path in ("/list-virtual.php?domain=looms.example", "/viewlog.php", "/main.php", "/users/login.php"):
            assert visitor.get(path).status == 200, path
        for path in ("/common.php", "/none", "/none.php", "/.htaccess", "/../config.inc.php", "/css/none.css"):
            visitor.get(path, f"refused {path}")


class PhpSysInfo(Website):
    name = package = "phpsysinfo"
    packages = ("phpsysinfo", "php-xml")
    root = "/usr/share/phpsysinfo"
    more = "allow-symlinks-to: [/usr/share/javascript, /etc/phpsysinfo]"
    page = shown = "/index.php?disp=static"
    masks = ((r">[^<]*\d[^<]*<", "><number><"), (r"\b\d[\d.,]*\b", "<number>"))

    def tour(self, visitor):
        visitor.assets(has(visitor.get("/", "front page"), "phpSysInfo"))
        has(visitor.get("/index.php?disp=static", "page without scripts"), "phpSysInfo")
        has(visitor.get("/xml.php?json", "JSON"), "Vitals")
        visitor.get("/js.php?name=jquery", "scripts")
        for path in ("/data/distros.ini", "/includes/class.CommonFunctions.inc.php", "/read_config.php", "/phpsysinfo.ini", "/none", "/none.php"):
            visitor.get(path, f"refused {path}")


class RssBridge(Website):
    name = package = "rss-bridge"
    packages = ("rss-bridge", "php-xml", "php-curl", "php-mbstring")
    root = "/usr/share/rss-bridge"
    masks = ((r"like \d+", "<number>"),)
    more = "allow-symlinks-to: [/etc/rss-bridge, /var/cache/rss-bridge, /usr/share/php, /usr/share/rss-bridge]"

    def prepare(self, layer):
        layer.run("sh", "-c", "mkdir -p /var/cache/rss-bridge; chown -R www-data /var/cache/rss-bridge")

    def tour(self, visitor):
        visitor.assets(has(visitor.get("/", "front page"), "RSS-Bridge"))
        has(visitor.get("/?action=list", "list of bridges"), "bridges")
        visitor.get("/?action=display&bridge=None&format=Html", "bridge that is not there")
        for path in ("/config.ini.php", "/config.default.ini.php", "/bridges/none.php", "/lib/Bridge.php", "/cache/none", "/whitelist.txt", "/none", "/none.php", "/.htaccess"):
            visitor.get(path, f"refused {path}")
