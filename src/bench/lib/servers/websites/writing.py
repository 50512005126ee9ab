"""Applications to write and to keep pages in: WordPress, DokuWiki, MediaWiki, Shaarli."""

import json
import re

from servers.websites.website import LOGIN, PASSWORD, PNG, SOCKET, TEXT, Website, has


class WordPress(Website):
    name = package = "wordpress"
    packages = ("wordpress", "wordpress-theme-twentytwentythree", "php-mysql", "php-gd")
    root = "/srv/wordpress"
    databases = ("wordpress",)
    page = "/"

    def prepare(self, layer):
        layer.run("sh", "-c", "cp -rL /usr/share/wordpress /srv/ 2>/dev/null; mkdir -p /srv/wordpress/wp-content/uploads; rm -f /srv/wordpress/wp-config.php;"
                              "chown -R www-data:www-data /srv/wordpress/wp-content")
        layer.write("/srv/wordpress/wp-config.php", f"""<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'wordpress');
define('DB_PASSWORD', '{PASSWORD}');
define('DB_HOST', 'localhost:{SOCKET}');
define('DB_CHARSET', 'utf8mb4');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HOME', 'http://{self.host}');
define('WP_SITEURL', WP_HOME);
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $key) {{
    define($key, 'only for this run ' . $key);
}}
define('ABSPATH', __DIR__ . '/');
$table_prefix = 'wp_';
require ABSPATH . 'wp-settings.php';
""")
        layer.run("php", "-r", f"""define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '{self.host}';
$_SERVER['SERVER_SOFTWARE'] = 'nginx';
require '/srv/wordpress/wp-load.php';
require '/srv/wordpress/wp-admin/includes/upgrade.php';
wp_install('Relais', '{LOGIN}', 'ada@example.com', true, '', '{PASSWORD}');
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
""")
        layer.run("php", "-r", f"$_SERVER['HTTP_HOST'] = '{self.host}'; require '/srv/wordpress/wp-load.php'; flush_rewrite_rules();")

    def tour(self, visitor):
        home = has(visitor.get("/", "front page"), "Relais")
        visitor.assets(home)
        post = has(visitor.get("/?p=1", "old address of a post"), "Hello world!")
        assert "/hello-world/" in post.path, post.path
        has(visitor.get("/sample-page/", "page by its permalink"), "Sample Page")
        has(visitor.get("/feed/", "feed"), "<rss")
        has(visitor.get("/wp-sitemap.xml", "site map"), "<sitemapindex")
        has(visitor.get("/wp-json/", "REST API"), "namespaces")
        has(visitor.get("/category/uncategorized/", "archive by category"), "Uncategorized")
        visitor.get("/there-is-none/", "page that is not there")
        visitor.get("/wp-content/none.png", "file that is not there")
        for path in ("/wp-config.php", "/wp-content/uploads/none.php", "/readme.html", "/.htaccess", "/wp-includes/version.php", "/none.php"):
            visitor.get(path, f"refused {path}")
        login = visitor.get("/wp-admin", "administration without the slash")
        visitor.assets(login)
        has(visitor.submit(login, "log", "log-in", log=LOGIN, pwd=PASSWORD), "Dashboard")
        form = has(visitor.get("/wp-admin/media-new.php?browser-uploader", "upload form"), "async-upload")
        visitor.submit(form, "async-upload", "upload", files={"async-upload": ("engine.png", PNG, "image/png")}, html__upload="Upload")
        month = re.search(r"/(20\d\d/\d\d)/", post.path)[1]
        uploaded = visitor.get(f"/wp-content/uploads/{month}/engine.png", "uploaded file")
        assert uploaded.body == PNG, uploaded.status
        visitor.get(f"/wp-content/uploads/{month}/engine.png", "range of the uploaded file", ["Range: bytes=0-7"])
        has(visitor.get("/wp-admin/upload.php?mode=list", "media"), "engine")
        nonce = visitor.get("/wp-admin/admin-ajax.php?action=rest-nonce", "nonce of the REST API").text
        made = visitor.post("/wp-json/wp/v2/posts", json.dumps({"title": "By REST", "content": "Written", "status": "publish"}), "new post",
                            ["Content-Type: application/json", f"X-WP-Nonce: {nonce}"])
        assert made.status == 201, made.text[:400]
        has(visitor.get(f"/{month}/by-rest/", "new post by its permalink"), "Written")
        has(visitor.get("/?s=Written", "search"), "By REST")
        for path in ("/wp-admin/edit.php", "/wp-admin/options-permalink.php", "/wp-admin/plugins.php", "/wp-admin/site-health.php"):
            page = visitor.get(path)
            assert page.status == 200, f"{path} {page.status}"


class DokuWiki(Website):
    name = package = "dokuwiki"
    packages = ("dokuwiki",)
    root = "/usr/share/dokuwiki"
    more = "allow-symlinks-to: [/usr/share, /var/lib/dokuwiki, /etc/dokuwiki]"
    page = shown = "/start"
    masks = ((r"tok=\w{6}", "<token>"),)

    def prepare(self, layer):
        layer.write("/etc/dokuwiki/local.php", "<?php\n$conf['title'] = 'Wiki';\n$conf['useacl'] = 1;\n$conf['superuser'] = '@admin';\n"
                                               "$conf['userewrite'] = 1;\n$conf['updatecheck'] = 0;\n", "www-data")
        layer.write("/etc/dokuwiki/acl.auth.php", "*\t@ALL\t1\n*\t@user\t8\n", "www-data")
        hashed = layer.run("php", "-r", f"echo password_hash('{PASSWORD}', PASSWORD_BCRYPT);").strip()
        layer.write("/etc/dokuwiki/users.auth.php", f"{LOGIN}:{hashed}:Ada Lovelace:ada@example.com:admin,user\n", "www-data")
        layer.run("sh", "-c", "mkdir -p /var/lib/dokuwiki/data/pages; printf '====== Start ======\\nA **bold** text.\\n' >/var/lib/dokuwiki/data/pages/start.txt;"
                              "chown -R www-data /var/lib/dokuwiki /etc/dokuwiki")

    def tour(self, visitor):
        start = has(visitor.get("/", "front page"), "bold")
        visitor.assets(start)
        has(visitor.get("/start?do=index", "index of pages"), "start")
        visitor.get("/there:is:none", "page that is not there")
        visitor.get("/_export/raw/start", "export")
        for path in ("/conf/local.php", "/inc/init.php", "/VERSION", "/data/pages/start.txt", "/lib/none.css"):
            visitor.get(path, f"refused {path}")
        login = visitor.get("/start?do=login", "log-in form")
        has(visitor.submit(login, "u", "log-in", u=LOGIN, p=PASSWORD), "Ada Lovelace")
        manager = visitor.get("/start?do=media&tab_files=upload&ns=", "media manager")
        token = visitor.form(manager, "sectok")["fields"]
        sent = visitor.post("/lib/exe/ajax.php?call=mediaupload&qqfile=engine.png&ns=&sectok=" + dict(token)["sectok"], PNG, "upload",
                            ["Content-Type: application/octet-stream"])
        assert '"success":true' in sent.text.replace(" ", ""), sent.text[:400]
        fetched = visitor.get("/_media/engine.png", "uploaded file")
        assert fetched.body == PNG, fetched.status
        visitor.get("/_detail/engine.png?id=start", "detail of the uploaded file")
        edit = visitor.get("/notes:engine?do=edit", "editor")
        saved = visitor.submit(edit, "wikitext", "saving", wikitext="====== Engine ======\n{{:engine.png}} weaves", **{"do[save]": "1"})
        has(saved, "weaves")
        has(visitor.get("/notes:engine", "new page by its permalink"), "weaves")
        has(visitor.get("/start?do=search&q=weaves", "search"), "engine")
        visitor.get("/start?do=admin", "administration")


class MediaWiki(Website):
    name = package = "mediawiki"
    packages = ("mediawiki", "php-sqlite3")
    root = "/srv/mediawiki"
    page = shown = "/wiki/Main_Page"
    reasons = {r"^recent changes: body": "the order of what happened within one second"}
    more = "allow-symlinks-to: [/usr/share/mediawiki, /var/lib/mediawiki, /etc/mediawiki]"
    masks = ((r'"wgRequestId":"[^"]*"|"wgUserEditCount":\d+|"wgBackendResponseTime":\d+|Saved in parser cache[^\n]*|CPU time usage[^\n]*|Real time usage[^\n]*', "<volatile>"),
             (r"\b\d+\.\d+ +\d+\.\d+ +\d+ |\(\d+\.\d+%\)|\d\d:\d\d, \d+ \w+ 20\d\d|20\d{12}", "<volatile>"))

    def prepare(self, layer):
        layer.run("sh", "-c", "mkdir -p /srv/mediawiki /var/lib/mediawiki-data && ln -s /var/lib/mediawiki /srv/mediawiki/w && mkdir -p /tmp/relais-mw$$")
        layer.run("php", "/usr/share/mediawiki/maintenance/install.php", "--dbtype=sqlite", "--dbname=wiki", "--dbpath=/var/lib/mediawiki-data",
                  "--confpath=/etc/mediawiki", f"--server=http://{self.host}", "--scriptpath=/w", f"--pass={PASSWORD}", "Relais", "Ada")
        settings = layer.path("/etc/mediawiki/LocalSettings.php")
        settings.write_text(settings.read_text() + "\n$wgArticlePath = '/wiki/$1';\n$wgEnableUploads = true;\n$wgUsePathInfo = true;\n"
                                                   "$wgJobRunRate = 0;\n$wgSecretKey = str_repeat('5', 64);\n")
        layer.run("sh", "-c", "chmod 644 /etc/mediawiki/LocalSettings.php; mkdir -p /var/lib/mediawiki/images; "
                              "chown -R www-data /var/lib/mediawiki-data /var/lib/mediawiki/images/")

    def tour(self, visitor):
        main = has(visitor.get("/", "front page"), "MediaWiki has been installed")
        visitor.assets(main)
        has(visitor.get("/w/index.php?title=Main_Page&action=history", "history"), "Revision history")
        has(visitor.get("/w/index.php/Main_Page", "page by path info"), "MediaWiki has been installed")
        has(visitor.get("/w/api.php?action=query&meta=siteinfo&format=json", "API"), "sitename")
        has(visitor.get("/w/rest.php/v1/page/Main_Page", "REST API"), "Main Page")
        visitor.get("/wiki/There_is_none", "page that is not there")
        for path in ("/w/LocalSettings.php", "/w/includes/Setup.php", "/w/maintenance/update.php", "/none"):
            visitor.get(path, f"refused {path}")
        login = visitor.get("/wiki/Special:UserLogin", "log-in form")
        has(visitor.submit(login, "wpName", "log-in", wpName="Ada", wpPassword=PASSWORD), "Ada")
        token = json.loads(visitor.get("/w/api.php?action=query&meta=tokens&format=json", "token").text)["query"]["tokens"]["csrftoken"]
        sent = visitor.upload("/w/api.php", [("action", "upload"), ("format", "json"), ("filename", "Engine.png"), ("token", token), ("ignorewarnings", "1")],
                              {"file": ("engine.png", PNG, "image/png")}, "upload")
        address = json.loads(sent.text)["upload"]["imageinfo"]["url"]
        assert visitor.get(address.removeprefix(f"http://{self.host}"), "uploaded file").body == PNG
        has(visitor.get("/wiki/File:Engine.png", "page of the uploaded file"), "Engine.png")
        edit = visitor.get("/w/index.php?title=Engine&action=edit", "editor")
        has(visitor.submit(edit, "wpTextbox1", "saving", wpTextbox1="It '''weaves'''. [[File:Engine.png]]", wpSave="1"), "weaves")
        has(visitor.get("/wiki/Engine", "new page by its permalink"), "<b>weaves</b>")
        has(visitor.get("/wiki/Special:RecentChanges", "recent changes"), "Engine")
        has(visitor.get("/wiki/Special:Version", "version"), "MediaWiki")


class Shaarli(Website):
    name = package = "shaarli"
    reasons = {r"^refused ": "the recipe refuses it; in nginx' configuration the application answers 404"}
    packages = ("shaarli",)
    root = "/usr/share/shaarli"
    more = "allow-symlinks-to: [/usr/share, /var/lib/shaarli, /var/cache/shaarli]"
    masks = ((r"\?[A-Za-z0-9_-]{6}\b|/shaare/[A-Za-z0-9_-]{6}", "<short link>"), (r"\b[A-Z][a-z]+ \d+, 20\d\d( at [^<\"]*)?", "<time>"), (r"20\d{6}_\d{6}", "<time>"))

    def prepare(self, layer):
        layer.run("sh", "-c", "chown -R www-data /var/lib/shaarli /var/cache/shaarli /var/log/shaarli 2>/dev/null || true")

    def tour(self, visitor):
        install = has(visitor.get("/", "front page, which leads to the installation"), "setlogin")
        visitor.assets(install)
        visitor.submit(install, "setlogin", "installation", setlogin=LOGIN, setpassword=PASSWORD, title="Links", continent="UTC", city="UTC")
        home = has(visitor.get("/", "list of links"), "Links")
        visitor.assets(home)
        login = visitor.get("/login", "log-in form")
        visitor.submit(login, "password", "log-in", login=LOGIN, password=PASSWORD)
        form = has(visitor.get("/admin/shaare?post=http%3A%2F%2Fexample.com%2Fengine&title=Engine", "form for a link"), "lf_url")
        saved = visitor.submit(form, "lf_url", "saving", lf_title="The Engine", lf_description="weaves", lf_tags="looms", save_edit="Save")
        has(saved, "The Engine")
        link = re.search(r'href="\./shaare/([A-Za-z0-9_-]{6})"', visitor.get("/", "list with the link").text)
        has(visitor.get(f"/shaare/{link[1]}", "link by its permalink") if link else saved, "weaves")
        file = (b'<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n'
                b'<DT><A HREF="http://example.com/loom" ADD_DATE="1400000000" PRIVATE="0" TAGS="looms">Loom</A>\n</DL><p>\n')
        importing = visitor.get("/admin/import", "import form")
        visitor.submit(importing, "filetoupload", "upload of bookmarks", files={"filetoupload": ("b.html", file, "text/html")})
        has(visitor.get("/?searchterm=Loom", "search"), "example.com/loom")
        has(visitor.get("/tags/cloud", "cloud of tags"), "looms")
        has(visitor.get("/tags/list", "list of tags"), "looms")
        has(visitor.get("/feed/atom", "feed"), "<feed")
        has(visitor.get("/picture-wall", "picture wall"), "")
        for path in ("/daily", "/admin/tools", "/admin/configure", "/admin/plugins"):
            visitor.get(path)
        for path in ("/init.php", "/application/config/ConfigManager.php", "/data/config.json.php", "/tpl/default/page.header.html", "/.htaccess", "/there-is-none"):
            visitor.get(path, f"refused {path}")
