package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Browser;
import dev.relais.testing.Debian;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Symfony's framework as Debian packages it, with a small application in its usual form, in a browser: built anew for each
 * request, and resident.
 */
class SymfonyIT {
    @ParameterizedTest
    @ValueSource(strings = {"false", "{children: 2}"})
    void routesLogsInUploadsRedirectsAndDownloads(String resident) throws Exception {
        Container.needs(false, "it has no applications of Debian");
        Debian.require(
                "php-symfony-framework-bundle", Path.of("/usr/share/php/Symfony/Bundle/FrameworkBundle/autoload.php"));
        Debian.require(
                "php-symfony-security-bundle", Path.of("/usr/share/php/Symfony/Bundle/SecurityBundle/autoload.php"));
        byte[] document = new byte[300_000];
        new Random(1).nextBytes(document);
        try (Site site = new Site("symfony")) {
            Path project = site.copy(Path.of("src/test/applications/symfony"), "symfony");
            site.folder("symfony/var");
            site.link(project.resolve("public"))
                    .settings(
                            "application: true",
                            "allow-symlinks-to: [" + project.resolve("public") + "]",
                            "resident: " + resident);
            Path file = site.file("letter.bin", document);
            Browser browser = site.start();

            browser.open(site.url("/"));
            assertEquals(site.url("/login"), browser.url(), "from / to the list, and from there to the log-in");
            browser.fill("[name=_username]", "ada");
            browser.fill("[name=_password]", "wrong");
            browser.click("#login button");
            assertEquals("Invalid credentials.", browser.text("#error"));
            browser.fill("[name=_password]", "lovelace");
            browser.click("#login button");
            assertEquals(site.url("/documents"), browser.url());
            assertEquals("ada", browser.text("#user"));
            assertEquals("rgb(27, 58, 87)", background(browser), "the static style sheet is there");

            browser.fill("#form_name", "a letter.bin");
            browser.choose("#form_file", file);
            browser.click("#form_store");
            assertEquals("a letter.bin is in the box.", browser.text("#notice"), "the session carried it over");
            assertEquals(
                    1,
                    browser.run("return performance.getEntriesByType('navigation')[0].redirectCount"),
                    "a redirect after the POST");
            site.picture("documents");
            browser.press("#documents a");
            assertArrayEquals(document, browser.downloaded("a letter.bin"));

            browser.run("document.querySelector('#form__token').value = 'forged'");
            browser.fill("#form_name", "forged");
            browser.choose("#form_file", file);
            browser.click("#form_store");
            assertTrue(browser.text("main").contains("CSRF token is invalid"), browser.text("main"));

            browser.open(site.url("/broken"));
            assertTrue(browser.text("body").contains("500 Internal Server Error"), browser.text("body"));
            assertFalse(browser.text("body").contains("secret"), browser.text("body"));
            browser.open(site.url("/no/such/page"));
            assertTrue(browser.text("body").contains("404 Not Found"), browser.text("body"));

            browser.open(site.url("/documents"));
            browser.click("#logout");
            browser.open(site.url("/documents"));
            assertEquals(site.url("/login"), browser.url());
        }
    }

    private static String background(Browser browser) throws Exception {
        return (String) browser.run("return getComputedStyle(document.querySelector('header')).backgroundColor");
    }
}
