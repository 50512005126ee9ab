package dev.relais.sites;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeftoversTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.php_bak",
                "config.php.1",
                "config.php.bak2",
                "config.php (1)",
                "config.php - Copy",
                "config.php.txt",
                "config.php-old",
                "config.php~",
                "config.php~1",
                "config.phpx",
                "config.php5~",
                "config.PHP",
                "a.pHp.BAK",
                "a.phtml",
                "a.phtml5",
                "a.phar",
                "a.phps",
                "a.php ",
                "a.php.",
                "a.html.php",
                "a\nb.inc",
                "\n.inc",
                "a.inc\n",
                "db.sql.gz",
                "db.sql",
                "db.SQL.zip",
                "dump.sql.2024-01-01",
                "x.dump",
                "x.sqlite3",
                "x.db",
                "local.env",
                "prod.env.local",
                "x.key",
                "x.pem",
                "x.p12",
                "x.htpasswd",
                "index.hurl",
                "htpasswd",
                "id_rsa",
                "debug.log",
                "debug.log.1",
                "style.css.bak",
                "style.css.orig",
                "style.css.rej",
                "style.css.old",
                "style.css.save",
                "style.css.swp",
                "style.css.swo",
                "style.css.tmp",
                "a.txt~",
                "#a.txt#",
                "a.yml",
                "a.yaml.dist",
                "composer.json",
                "COMPOSER.LOCK",
                "/auth.json",
                "/Auth.JSON",
                "/lib/x.toml",
                "/.well-known/a/x.toml",
                "/.well-known/x.key",
                "/.well-known/x.toml.bak",
                "web.config",
                "phpunit.xml.dist",
                "x.module",
                "x.module.1",
                "x.ini",
                "x.conf",
                "x.twig",
                "Makefile"
            })
    void sourcesCopiesAndSecretsAreKnown(String name) {
        assertTrue(Leftovers.matches(name), name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "style.css",
                "three.module.js",
                "jquery-ui.theme.min.css",
                "app.module.css.map",
                "prism-php.min.js",
                "php.js",
                "mode-sql.js",
                "a.tpl.html",
                "app.config.js",
                "three.module.js.gz",
                "logo.old.png",
                "robots.txt",
                "favicon.ico",
                "sitemap.xml",
                "a.pdf",
                "Report Inc 2024.docx",
                "data.json",
                "package.json",
                "a",
                "catalog",
                "sphpx",
                "a.tar.gz",
                "x.mjs",
                "x.wasm",
                "jquery-3.7.1.min.js",
                "a~b.txt",
                "environment",
                "x.environment.js",
                "keyboard.svg",
                "blog.html",
                "monkey.jpg",
                "x.keynote",
                "x.income",
                "backup.zip",
                "a#b.png",
                "/locales/en/auth.json", // i18next
                "/web/locale/de/viewer.properties", // pdf.js, as Nextcloud and OJS have it
                "/.well-known/stellar.toml",
                "/.well-known/openapi.yaml",
                "/images/Old_Town.original.tiff", // uploads
                "/uploads/cv.old.doc",
                "/uploads/holiday.temp.mov",
                "/uploads/talk.orig.m4a",
                "/uploads/scan.save.djvu",
                "/files/chapter.install.epub",
                "/core/js/dist/core-main.js.license", // Nextcloud
                "/core/img/logo/logo.svg.license",
                "/apps/recognize/model.tflite",
                "/resources/lib/oojs-ui/oojs-ui.less", // MediaWiki
                "/skins/Vector/skin.json",
                "/lib/tpl/dokuwiki/images/favicon.ico", // DokuWiki
                "/lib/exe/manifest.webmanifest",
                "/wp-includes/js/dist/vendor/react.min.js.LICENSE.txt", // WordPress
                "/wp-content/plugins/x/readme.txt",
                "/wp-includes/js/tinymce/license.txt",
                "/bundles/app/entrypoints.json", // Symfony
                "/build/runtime.dist.js"
            })
    void filesOfABrowserAreNot(String name) {
        assertFalse(Leftovers.matches(name), name);
    }

    @Test
    void aLongNameCostsNothing() {
        assertFalse(Leftovers.matches("~".repeat(100) + "a".repeat(50_000) + "#.x".repeat(20_000)));
    }
}
