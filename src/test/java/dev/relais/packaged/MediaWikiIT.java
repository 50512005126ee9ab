package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Browser;
import dev.relais.testing.Debian;
import dev.relais.testing.Patience;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** MediaWiki as Debian packages it, with SQLite, in a browser: a private wiki, so that PHP serves the uploads as well. */
class MediaWikiIT {
    private static final Path PACKAGE = Path.of("/var/lib/mediawiki");
    private static final Path PROGRAM = Path.of("/usr/share/mediawiki");

    @Test
    void logsInWritesAPageUploadsAPictureAndFetchesIt() throws Exception {
        Container.needs(false, "it has no applications of Debian");
        Debian.require("mediawiki", PROGRAM.resolve("index.php"));
        byte[] picture = picture();
        try (Site site = new Site("mediawiki")) {
            install(site);
            site.link(PACKAGE)
                    .settings(
                            "application: true",
                            "allow-symlinks-to: [/var/lib/mediawiki, /usr/share/mediawiki]",
                            "deny: [cache/, config/, includes/, languages/, maintenance/, mw-config/]");
            Path file = site.file("Circle.png", picture);
            Browser browser = site.start();

            browser.open(site.url("/"));
            assertTrue(browser.text("#firstHeading").contains("Login required"), browser.text("#firstHeading"));
            browser.open(site.url("/index.php?title=Special:UserLogin&returnto=Relais"));
            browser.fill("#wpName1", "Ada");
            browser.fill("#wpPassword1", "lovelace is 1st");
            browser.click("#wpLoginAttempt");
            assertEquals(site.url("/wiki/Relais"), browser.url());
            assertEquals("Ada", browser.text("#pt-userpage"));

            browser.open(site.url("/index.php?title=Relais&action=edit"));
            browser.fill("#wpTextbox1", "== Served by Relais ==\nWritten in a browser, by way of '''PHP-FPM'''.");
            browser.click("#wpSave");
            assertEquals(site.url("/wiki/Relais"), browser.url());
            assertEquals("PHP-FPM", browser.text("#mw-content-text b"));

            browser.open(site.url("/wiki/Special:Upload"));
            browser.choose("#wpUploadFile", file);
            browser.fill("#wpUploadDescription", "A circle.");
            browser.click("input[name=wpUpload]");
            assertEquals(site.url("/wiki/File:Circle.png"), browser.url());
            await("ResourceLoader works")
                    .until(() -> browser.run("return mw.loader.getState('mediawiki.base')"), "ready"::equals);
            site.picture("upload");
            assertArrayEquals(picture, fetched(browser));

            assertEquals(404, site.status("/maintenance/install.php"));
            assertEquals(404, site.status("/includes/Setup.php"));
        }
    }

    /** The original file, fetched through the page's own link with the user's session. */
    private static byte[] fetched(Browser browser) throws Exception {
        String data = (String) browser.run("""
            const request = new XMLHttpRequest();
            request.open('GET', document.querySelector('.fullMedia a').href, false);
            request.overrideMimeType('text/plain; charset=x-user-defined');
            request.send();
            return btoa(Array.from(request.responseText, c => String.fromCharCode(c.charCodeAt(0) & 255)).join(''));
            """);
        return Base64.getDecoder().decode(data);
    }

    /** Installs the wiki with the package's own installer, into the site's own folders. */
    private static void install(Site site) throws IOException, InterruptedException {
        Path configuration = site.folder("configuration");
        Path data = site.folder("data");
        Path log = configuration.resolve("install.log");
        Process installer = new ProcessBuilder(
                        "php",
                        PROGRAM.resolve("maintenance/install.php").toString(),
                        "--dbtype=sqlite",
                        "--dbname=wiki",
                        "--dbpath=" + data,
                        "--confpath=" + configuration,
                        "--server=http://127.0.0.1",
                        "--scriptpath=/api/mediawiki",
                        "--pass=lovelace is 1st",
                        "Relais",
                        "Ada")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(installer.waitFor(Patience.SECONDS, TimeUnit.SECONDS), "the installer hangs");
        assertEquals(0, installer.exitValue(), Files.readString(log));
        Path settings = configuration.resolve("LocalSettings.php");
        Files.writeString(settings, """
            $wgServer = 'http://' . $_SERVER['HTTP_HOST'];
            $wgArticlePath = "$wgScriptPath/wiki/$1";
            $wgEnableUploads = true;
            $wgUploadDirectory = '%s';
            $wgUploadPath = "$wgScriptPath/img_auth.php";
            $wgUseImageMagick = false;
            $wgGroupPermissions['*']['read'] = false;
            $wgGroupPermissions['*']['edit'] = false;
            """.formatted(site.folder("uploads")), StandardOpenOption.APPEND);
        Site.open(configuration);
        Site.open(data);
        site.prepend("define('MW_CONFIG_FILE', '" + settings + "');");
    }

    private static byte[] picture() throws IOException {
        BufferedImage image = new BufferedImage(240, 240, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 240, 240);
        graphics.setColor(new Color(0x2a6f97));
        graphics.fillOval(20, 20, 200, 200);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }
}
