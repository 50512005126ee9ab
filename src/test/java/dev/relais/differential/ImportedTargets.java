package dev.relais.differential;

import java.util.List;

/** What is asked for at each imported site: files, folders, scripts, what is refused, what is not there. */
enum ImportedTargets {
    WORDPRESS("blog.example.org", """
            / /index.php /?p=1 /2026/11/hello-world/ /2026/11/hello-world /category/a/?paged=2 /feed/ /wp-json/wp/v2/posts?per_page=1
            /wp-login.php /wp-login.php?action=logout /wp-cron.php /xmlrpc.php /wp-admin /wp-admin/ /wp-admin/?x=1 /wp-admin/index.php
            /wp-admin/admin-ajax.php?action=a /wp-admin/css/a.css /wp-admin/none.php /wp-content/themes/a/style.css
            /wp-content/themes/a/style.css?ver=6 /wp-content/themes/a/none.css /wp-content/themes/a/functions.php /wp-content/themes/a/
            /wp-content/uploads/2026/x.png /wp-content/uploads/2026/x.pdf /wp-content/uploads/2026/none.png
            /wp-content/uploads/2026/none.pdf /wp-content/uploads/evil.php /wp-content/uploads/none.php /wp-content/plugins/p/p.php
            /wp-content/plugins/p/files/evil.php /wp-includes/js/j.js /favicon.ico /robots.txt /readme.html /.htaccess /.git/HEAD
            /none.php /none.html /none.js /a%20b/c /index.php/2026/x //2026//x /wp-content/uploads /2026/../wp-login.php"""),
    NEXTCLOUD("cloud.example.org", """
            / /index.php /index.php/apps/files/ /index.php/login?x=1 /apps/files/ /apps/dashboard/ /s/token /login /remote.php/dav/files/ada/
            /remote.php/webdav /remote.php /public.php/dav /cron.php /status.php /ocs/v1.php/cloud/users?format=json /ocs/v2.php/a/b
            /core/ajax/update.php /core/ajax/other.php /updater/ /updater/index.php /ocs-provider/ /ocs-provider/index.php
            /apps/files/ajax/x.php /apps/files/js/f.js /apps/files/js/f.js?v=1 /apps/files/js/none.js /apps/files/css/f.css
            /apps/files/img/i.svg /apps/richdocumentscode/proxy.php?req=/x /core/fonts/f.woff2 /core/fonts/none.woff2 /core/js/m.mjs
            /config/config.php /lib/base.php /3rdparty/a.php /data/ada/notes.txt /templates/t.php /build/b.js /tests/t.php /config /data
            /occ /console.php /autotest.sh /db_structure.xml /indie.json /robots.txt /favicon.ico /.htaccess /.git/HEAD
            /.well-known/carddav /.well-known/caldav /.well-known/acme-challenge/t /.well-known/acme-challenge/none
            /.well-known/webfinger?resource=a /.well-known/nodeinfo /remote/webdav /remote /none.php /none /none/a%20b?x=1 /themes/README
            /index.php/a%2Fb"""),
    LARAVEL("app.example.org", """
            / /index.php /index.php?x=1 /index.php/a/b /?x=1 /users /users/ /users/1?tab=a /users/a%20b /a/b/c /robots.txt /favicon.ico
            /build/app.css /build/app.js /build/app.js?id=1 /build/none.js /storage/x.png /storage/none.png /css/a.css /images/i.gif
            /images /images/ /docs /docs/ /docs/a.html /docs/none.html /.env /.git/HEAD /.hidden/x /.well-known/security.txt
            /.well-known/none /web.config /none /none.css /none.html /a.b.c /api/users /api/users?page=2 //users //build//app.css
            /build/../index.php /build/%2e%2e/users /login /logout"""),
    DRUPAL("drupal.example.org", """
            / /index.php /index.php?q=node /node/1 /node/1?page=2 /user/login /admin/content /a%20b /robots.txt /favicon.ico /update.php
            /update.php?op=x /core/install.php /core/rebuild.php /core/misc/d.js /core/misc/d.js?v=1 /core/misc/none.js /core/assets/a.css
            /core/modules/m/m.php /sites/default/files/x.png /sites/default/files/none.png /sites/default/files/none.pdf
            /sites/default/files/styles/small/x.png /sites/default/files/styles/small/none.png?itok=1
            /sites/default/files/styles/small/none.webp /sites/default/private/secret.pdf /sites/default/private/none
            /sites/default/settings.php /themes/t/logo.svg /modules/m/README.txt /modules/m/x.log /modules/m/page.html /modules/m/none.txt
            /.htaccess /.git/HEAD /.dir/x.php /a.b/c.php /none.php /core/none.php /none /none.html /none.jpg //node/1 /rss.xml
            /jsonapi/node/page"""),
    SYMFONY("symfony.example.org", """
            / /?x=1 /index.php /index.php/a /index.php?x=1 /other.php /other.php/a /none.php /blog /blog/ /blog/1?page=2 /blog/a%20b /a/b/c
            /robots.txt /favicon.ico /bundles/b/a.css /bundles/b/a.js?v=1 /bundles/b/none.css /bundles/none /bundles/ /bundlesx
            /build/app.css /build/app.js /build/none.js /docs/index.html /docs/none.html /uploads/x.png /uploads/none.png /none
            /none.html /none.css /a.b.c /login /logout /api/docs.json /_profiler/1 //blog //build//app.css /build/../blog
            /build/%2e%2e/blog /.well-known/security.txt /.well-known/none /admin/ /admin?x=1""");

    final String host;
    final List<String> paths;

    ImportedTargets(String host, String paths) {
        this.host = host;
        this.paths = List.of(paths.strip().split("\\s+"));
    }
}
