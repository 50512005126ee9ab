package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Browser;
import dev.relais.testing.Debian;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Applications of Debian's packages, each at {@code /} of a host of its own with its recipe, in a browser: main pages, log-in, upload and
 * permalinks. {@code src/bench/sites} drives the others, beside nginx.
 */
class SiteApplicationsIT {
    private static final Path DOKUWIKI = Path.of("/usr/share/dokuwiki");
    private static final Path SHAARLI = Path.of("/usr/share/shaarli");
    private static final Path PHPLITEADMIN = Path.of("/usr/share/phpliteadmin");

    @Test
    void dokuWikiHasItsPermalinksAtTheRootOfItsHost() throws Exception {
        Container.needs(false, "it has no applications of Debian");
        Debian.require("dokuwiki", DOKUWIKI.resolve("doku.php"));
        try (PackagedSites sites = new PackagedSites()) {
            Path configuration = sites.copy(Path.of("/etc/dokuwiki"), "configuration");
            for (String name : new String[] {
                "pages", "attic", "media", "media_attic", "media_meta", "meta", "cache", "index", "locks", "tmp", "log"
            }) {
                sites.folder("data/" + name);
            }
            Files.writeString(configuration.resolve("local.php"), """
                <?php
                $conf['title'] = 'Wiki';
                $conf['savedir'] = '%s';
                $conf['useacl'] = 1;
                $conf['superuser'] = '@admin';
                $conf['updatecheck'] = 0;
                $conf['userewrite'] = 1;
                """.formatted(sites.folder("data")));
            Files.writeString(configuration.resolve("acl.auth.php"), "*\t@ALL\t1\n*\t@user\t8\n");
            Files.writeString(
                    configuration.resolve("users.auth.php"), // the MD5 of "lovelace"
                    "ada:ecd70632ba7448615b1e1ed01f724053:Ada Lovelace:ada@example.com:admin,user\n");
            sites.prepend("define('DOKU_CONF', '" + configuration + "/');");
            Path upload = sites.file("engine.zip", "PK: notes on the engine\n");
            sites.add(
                    "dokuwiki", "wiki", DOKUWIKI, "allow-symlinks-to: [/usr/share, /var/lib/dokuwiki, /etc/dokuwiki]");
            Browser browser = sites.start();

            browser.open(sites.url("wiki", "/start?do=login"));
            browser.fill("#focus__this", "ada");
            browser.fill("[name=p]", "lovelace");
            browser.click("#dw__login button");
            assertTrue(browser.text("#dokuwiki__usertools .user").contains("Ada Lovelace"));

            browser.open(sites.url("wiki", "/start?do=media&tab_files=upload&ns="));
            browser.choose(".qq-upload-button input[type=file]", upload);
            browser.press("#mediamanager__upload_button");
            browser.text(".qq-upload-list .qq-upload-success");

            browser.open(sites.url("wiki", "/notes:engine?do=edit"));
            browser.fill("#wiki__text", "====== Engine ======\n\nIt **weaves**: {{:engine.zip}}");
            browser.click("#edbtn__save");
            assertEquals(sites.url("wiki", "/notes:engine"), browser.url(), "saving redirects to the permalink");
            assertEquals("weaves", browser.text("#dokuwiki__content strong"));
            sites.picture("dokuwiki");

            browser.open(sites.url("wiki", "/"));
            assertTrue(browser.text("#dokuwiki__usertools .user").contains("Ada"), "the front page is the wiki's");
            assertEquals(200, sites.status("wiki", "/_media/engine.zip"));
            assertEquals(404, sites.status("wiki", "/conf/local.php"));
            assertEquals(404, sites.status("wiki", "/inc/init.php"));
            assertEquals(404, sites.status("wiki", "/lib/none.css"));
            assertEquals(200, sites.status("wiki", "/lib/exe/css.php"));
        }
    }

    @Test
    void shaarliInstallsItselfAndKeepsLinks() throws Exception {
        Container.needs(false, "it has no applications of Debian");
        Debian.require("shaarli", SHAARLI.resolve("index.php"));
        try (PackagedSites sites = new PackagedSites()) {
            Path program = sites.copy(SHAARLI, "shaarli");
            Path data = sites.folder("shaarli-data");
            for (String name : new String[] {"data", "cache", "tmp", "pagecache"}) {
                sites.folder("shaarli-data/" + name);
            }
            // By their whole paths it would run the package's own files, and keep what it writes for the next run.
            for (String name : List.of("index.php", "init.php", "application/config/ConfigManager.php")) {
                Path file = program.resolve(name);
                Files.writeString(
                        file,
                        Files.readString(file)
                                .replace("/usr/share/shaarli/", program + "/")
                                .replace("/var/lib/shaarli/", data + "/")
                                .replace("/var/cache/shaarli/", data + "/"));
            }
            Path bookmarks = sites.file("bookmarks.html", """
                <!DOCTYPE NETSCAPE-Bookmark-file-1>
                <TITLE>Bookmarks</TITLE>
                <DL><p>
                <DT><A HREF="http://example.com/loom" ADD_DATE="1400000000" PRIVATE="0" TAGS="looms">Loom</A>
                </DL><p>
                """);
            sites.add("shaarli", "links", program, "allow-symlinks-to: [/usr/share]");
            Browser browser = sites.start();

            browser.open(sites.url("links", "/"));
            assertEquals(sites.url("links", "/install"), browser.url(), "it leads to its installation");
            browser.fill("#installform [name=setlogin]", "ada");
            browser.fill("#installform [name=setpassword]", "lovelace");
            browser.click("#installform [type=submit]");
            browser.open(sites.url("links", "/login"));
            browser.fill("#login-form [name=login]", "ada");
            browser.fill("#login-form [name=password]", "lovelace");
            browser.click("#login-form [type=submit]");

            browser.open(sites.url("links", "/admin/shaare?post=http%3A%2F%2Fexample.com%2Fengine&title=Engine"));
            browser.fill("#lf_description", "It weaves.");
            browser.click("#button-save-edit");
            browser.open(sites.url("links", "/admin/import"));
            browser.choose("[name=filetoupload]", bookmarks);
            browser.click("#uploadform [type=submit]");
            browser.open(sites.url("links", "/?searchterm=Loom"));
            assertTrue(browser.text("body").contains("example.com/loom"), "the upload has come");
            browser.open(sites.url("links", "/?searchterm=Engine"));
            String permalink = (String)
                    browser.run("return document.querySelector('a[href*=\"/shaare/\"]:not([href*=\"/admin/\"])').href");
            browser.open(permalink);
            assertTrue(browser.text("body").contains("It weaves."), permalink);
            sites.picture("shaarli");

            assertEquals(404, sites.status("links", "/application/config/ConfigManager.php"));
            assertEquals(404, sites.status("links", "/there-is-none"));
            assertEquals(200, sites.status("links", "/feed/atom"));
        }
    }

    @Test
    void phpLiteAdminMakesATableOfWhatIsUploaded() throws Exception {
        Container.needs(false, "it has no applications of Debian");
        Debian.require("phpliteadmin", PHPLITEADMIN.resolve("phpliteadmin.php"));
        try (PackagedSites sites = new PackagedSites()) {
            Path program = sites.copy(PHPLITEADMIN, "phpliteadmin");
            Path databases = sites.folder("databases");
            Files.writeString(
                    program.resolve("phpliteadmin.config.php"),
                    "<?php $password = 'lovelace'; $directory = '" + databases + "';\n");
            Path upload = sites.file(
                    "cards.sql", "CREATE TABLE cards (pattern TEXT); INSERT INTO cards VALUES ('It weaves.');\n");
            sites.add("phpliteadmin", "sqlite", program);
            Browser browser = sites.start();

            browser.open(sites.url("sqlite", "/"));
            browser.fill("[name=password]", "lovelace");
            browser.click("[type=submit]");
            browser.fill("[name=new_dbname]", "looms.sqlite");
            browser.click("form:has([name=new_dbname]) [type=submit]");
            browser.open(sites.url("sqlite", "/phpliteadmin.php?view=import"));
            browser.choose("[name=file]", upload);
            browser.click("[name=import]");
            browser.open(sites.url("sqlite", "/phpliteadmin.php?action=row_view&table=cards"));
            assertTrue(browser.text("body").contains("It weaves."));
            sites.picture("phpliteadmin");

            assertEquals(404, sites.status("sqlite", "/phpliteadmin.config.php"));
            assertEquals(404, sites.status("sqlite", "/languages/lang_de.php"));
        }
    }
}
