"""Roundcube, with Dovecot behind it."""

import re
import subprocess
import time

from servers import processes
from servers.websites.website import LOGIN, PASSWORD, PNG, Website, has

IMAP = 1430
STARTS_WITHIN = 20  # seconds


class Roundcube(Website):
    name, package = "roundcube", "roundcube-core"
    packages = ("roundcube-core", "roundcube-sqlite3", "roundcube", "dovecot-imapd", "php-sqlite3")
    root = "/var/lib/roundcube/public_html"
    more = "allow-symlinks-to: [/usr/share/roundcube, /usr/share/javascript, /usr/share/nodejs, /usr/share/tinymce, /var/lib/roundcube, /etc/roundcube]"
    shown = "/?_task=mail"
    reasons = {r"body: .*max_filesize": "the recipe's upload_max_filesize"}
    masks = ((r'"user_id":"\w+"|"?request_token"?:"[^"]*"|_token=\w+|"session_lifetime":\d+|_unlock=loading\d+|\?s=\d{10}', "<volatile>"), (r"\b[0-9A-Za-z]{32}\b", "<token>"))

    def prepare(self, layer):
        layer.write("/etc/roundcube/config.inc.php", """<?php
$config['db_dsnw'] = 'sqlite:////var/lib/roundcube-sql/mail.sqlite?mode=0640';
$config['imap_host'] = $_SERVER['SERVER_ADDR'] . ':%d'; // each server has a Dovecot of its own
$config['smtp_host'] = 'localhost:1';
$config['des_key'] = 'twentyfour-bytes-of-key!';
$config['product_name'] = 'Mail';
$config['plugins'] = [];
$config['skin'] = 'elastic';
""" % IMAP)
        layer.run("sh", "-c", "mkdir -p /var/lib/roundcube-sql && php -r '$db = new PDO(\"sqlite:/var/lib/roundcube-sql/mail.sqlite\");"
                              "$db->exec(file_get_contents(\"/usr/share/roundcube/SQL/sqlite.initial.sql\"));'"
                              " && chown -R www-data /var/lib/roundcube-sql /var/log/roundcube /var/lib/roundcube/temp /var/lib/roundcube/temp/."
                              f" && mkdir -p /var/lib/relais-mail/{LOGIN}/Maildir/new /var/lib/relais-mail/{LOGIN}/Maildir/cur /var/lib/relais-mail/{LOGIN}/Maildir/tmp")
        layer.write(f"/var/lib/relais-mail/{LOGIN}/Maildir/new/1.engine", "From: Charles <charles@example.com>\nTo: ada@example.com\nSubject: Engine\n"
                    "Date: Sun, 29 Nov 2026 10:00:00 +0000\nMessage-Id: <1@example.com>\nContent-Type: text/plain; charset=utf-8\n\nIt weaves.\n")
        layer.write("/etc/dovecot/relais.conf", f"""base_dir = /var/lib/relais-mail/run
state_dir = /var/lib/relais-mail/run
log_path = /var/lib/relais-mail/log
protocols = imap
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid=www-data gid=www-data home=/var/lib/relais-mail/%u
}}
service imap-login {{
  inet_listener imap {{
    address = ADDRESS
    port = {IMAP}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""")
        layer.run("chown", "-R", "www-data:www-data", "/var/lib/relais-mail")

    def accompany(self, layer, address, scratch, stack):
        conf = layer.path("/etc/dovecot/relais.conf")
        conf.write_text(conf.read_text().replace("ADDRESS", address))
        with open(scratch / "dovecot.log", "ab") as log:
            server = subprocess.Popen(layer.command("/usr/sbin/dovecot", "-F", "-c", "/etc/dovecot/relais.conf"), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                      start_new_session=True)
        processes.remember(scratch, processes.read(server.pid))
        stack.callback(lambda: (server.terminate(), server.wait(STARTS_WITHIN)))
        deadline = time.monotonic() + STARTS_WITHIN
        while not layer.path("/var/lib/relais-mail/run/master.pid").exists():
            if server.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"Dovecot does not start: {(scratch / 'dovecot.log').read_text()[-600:]}")
            time.sleep(0.05)

    def tour(self, visitor):
        login = has(visitor.get("/", "log-in form"), "rcmloginuser")
        visitor.assets(login)
        inbox = has(visitor.submit(login, "_user", "log-in", _user=LOGIN, _pass=PASSWORD), "rcmail")
        visitor.assets(inbox)
        token = re.search(r'"request_token":"([^"]+)"', inbox.text)[1]
        ajax = [f"X-Roundcube-Request: {token}", "X-Requested-With: XMLHttpRequest"]
        has(visitor.get("/?_task=mail&_action=list&_mbox=INBOX&_remote=1", "list of mails", ajax), "Engine")
        has(visitor.get("/?_task=mail&_uid=1&_mbox=INBOX&_action=show", "mail"), "weaves")
        has(visitor.get(f"/?_task=mail&_mbox=INBOX&_uid=1&_action=viewsource&_save=1&_token={token}", "download of the mail"), "weaves")
        compose = has(visitor.get("/?_task=mail&_action=compose", "new mail"), "_attachments")
        identity = re.search(r'"compose_id":"([^"]+)"', compose.text)[1]
        sent = visitor.upload(f"/?_task=mail&_action=upload&_remote=1&_from=compose&_id={identity}&_uploadid=1&_unlock=1", [("_token", token)],
                              {"_attachments[]": ("engine.png", PNG, "image/png")}, "upload", ajax)
        has(sent, "engine.png")
        has(visitor.submit(compose, "_subject", "saving the draft", _to="charles@example.com", _subject="Answer", _message="weaves", _draft="1",
                           _framed="1", _token=token), "")
        for path in ("/?_task=settings&_action=preferences", "/?_task=addressbook", "/?_task=settings&_action=about"):
            assert visitor.get(path).status == 200
        for path in ("/config/config.inc.php", "/program/include/iniset.php", "/plugins/jqueryui/jqueryui.php", "/skins/elastic/templates/mail.html", "/SQL/sqlite.initial.sql",
                     "/logs/errors.log", "/none.php", "/none"):
            visitor.get(path, f"refused {path}")
