package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Browser;
import dev.relais.testing.Debian;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** DokuWiki as Debian packages it, in a browser, with the test's own configuration and pages. */
class DokuWikiIT {
    private static final Path PACKAGE = Path.of("/usr/share/dokuwiki");

    @Test
    void logsInWritesAPageUploadsAndDownloadsAFileAndLogsOut() throws Exception {
        Container.needs(false, "it has no applications of Debian");
        Debian.require("dokuwiki", PACKAGE.resolve("doku.php"));
        byte[] archive = archive();
        try (Site site = new Site("dokuwiki")) {
            configure(site);
            site.link(PACKAGE)
                    .settings(
                            "application: true",
                            "allow-symlinks-to: [/usr/share/dokuwiki, /var/lib/dokuwiki/lib]",
                            "deny: [bin/, inc/, VERSION]");
            Path file = site.file("archive.zip", archive);
            Browser browser = site.start();

            browser.open(site.url("/"));
            assertEquals(site.url("/doku.php?id=start"), browser.url(), "index.php redirects to the start page");
            browser.open(site.url("/doku.php?id=start&do=login"));
            browser.fill("#focus__this", "ada");
            browser.fill("[name=p]", "lovelace");
            browser.click("#dw__login button");
            assertTrue(browser.text("#dokuwiki__usertools .user").contains("Ada Lovelace"));

            browser.open(site.url("/doku.php?id=relais&do=media&tab_files=upload&ns="));
            browser.choose(".qq-upload-button input[type=file]", file);
            browser.press("#mediamanager__upload_button");
            browser.text(".qq-upload-list .qq-upload-success");
            site.picture("upload");

            browser.open(site.url("/doku.php?id=relais&do=edit"));
            browser.fill(
                    "#wiki__text", "====== Served by Relais ======\n\nBy way of **PHP-FPM**, with {{:archive.zip}}.");
            browser.click("#edbtn__save");
            assertEquals(site.url("/doku.php?id=relais"), browser.url(), "saving redirects to the page");
            assertEquals("Served by Relais", browser.text("#dokuwiki__content h1"));
            assertEquals("PHP-FPM", browser.text("#dokuwiki__content strong"));
            site.picture("page");
            browser.press("#dokuwiki__content a.mediafile");
            assertArrayEquals(archive, browser.downloaded("archive.zip"));

            assertEquals(404, site.status("/inc/init.php"));
            assertEquals(404, site.status("/VERSION"));
            browser.click("#dokuwiki__usertools .logout a");
            browser.text("#dokuwiki__usertools .login a");
        }
    }

    /** Writes what the administrator of this wiki would: settings, one user and the empty data folders. */
    private static void configure(Site site) throws IOException {
        Path configuration = site.copy(Path.of("/etc/dokuwiki"), "configuration");
        for (String name : new String[] {
            "pages", "attic", "media", "media_attic", "media_meta", "meta", "cache", "index", "locks", "tmp", "log"
        }) {
            site.folder("data/" + name);
        }
        Files.writeString(configuration.resolve("local.php"), """
            <?php
            $conf['title'] = 'DokuWiki behind Relais';
            $conf['savedir'] = '%s';
            $conf['useacl'] = 1;
            $conf['superuser'] = '@admin';
            $conf['updatecheck'] = 0;
            """.formatted(site.folder("data")));
        Files.writeString(configuration.resolve("acl.auth.php"), "*\t@ALL\t1\n*\t@user\t8\n");
        // The MD5 of "lovelace", which DokuWiki takes from the days before bcrypt.
        Files.writeString(
                configuration.resolve("users.auth.php"),
                "ada:ecd70632ba7448615b1e1ed01f724053:Ada Lovelace:ada@example.com:admin,user\n");
        Site.open(configuration);
        site.prepend("define('DOKU_CONF', '" + configuration + "/');");
    }

    private static byte[] archive() throws IOException {
        // Noise, so that it stays large and no byte may change.
        byte[] noise = new byte[200_000];
        new Random(2).nextBytes(noise);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("noise"));
            zip.write(noise);
        }
        return bytes.toByteArray();
    }
}
