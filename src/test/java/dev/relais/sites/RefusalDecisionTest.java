package dev.relais.sites;

import static dev.relais.functions.FunctionFixture.link;
import static dev.relais.functions.FunctionFixture.write;
import static dev.relais.sites.Place.Kind.DENIED;
import static dev.relais.sites.Place.Kind.FILE;
import static dev.relais.sites.Place.Kind.NONE;
import static dev.relais.sites.Place.Kind.OUTSIDE;
import static dev.relais.sites.Place.Kind.REFUSED;
import static dev.relais.sites.Place.Kind.SCRIPT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.AddressRanges;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a site gives to nobody, to some clients only or not now, and the pages of its errors. */
class RefusalDecisionTest extends DecisionFixture {
    @Test
    void eachErrorOfAStepHasThePageOfTheSite() throws IOException {
        Files.createSymbolicLink(root.resolve("out.txt"), write(temporary.resolve("out.txt"), "x"));
        assertEquals(OUTSIDE, find("/out.txt").kind());
        assertEquals(REFUSED, find("/s.css", false).kind());
        assertEquals(405, find("/s.css", false).status());
        all.errorPages(Map.of(403, "/app.html", 405, "/info.php"));

        Place outside = find("/out.txt");
        assertEquals(FILE, outside.kind());
        assertEquals(403, outside.status());
        Place method = find("/s.css", false);
        assertEquals(SCRIPT, method.kind());
        assertEquals(405, method.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"//data//x", "/./data/x", "/a/../data/x", "/data%2fx", "/%64ata/x", "/DATA/x", "/data"})
    void whatIsDeniedIsDeniedHoweverItIsWritten(String target) {
        assertEquals(DENIED, find(target, "data/").kind());
    }

    @Test
    void noScriptAnswersBelowAPathInMaintenance() {
        path("shop/", own -> own.maintenance(true));
        assertEquals(503, find("/shop/x").status());
        runs("/other", "/index.php", "", "");
    }

    @Test
    void whoMayNotAskTheFrontControllerMayNotByAnotherPath() {
        path("*.php", own -> own.allowFrom(new AddressRanges(List.of("10.0.0.0/8"))));
        for (String target : new String[] {"/", "/nothing", "/index.php"}) {
            assertEquals(403, find(target).status(), target);
        }
    }

    @Test
    void whatIsInternalIsNotThere() {
        path("docs/", own -> own.internal(true));
        assertEquals(NONE, find("/docs/index.html").kind());
        assertEquals(NONE, find("/docs/").kind());
    }

    @Test
    void aScriptMayNameWhatIsInternal() {
        path("docs/", own -> own.internal(true));
        rule("^/docs", "/s.css", 0);
        internal = true;
        assertEquals(root.resolve("docs/index.html"), find("/docs/index.html").file());
    }

    @Test
    void anErrorMayHaveAPage() throws IOException {
        write(root.resolve("404.html"), "x");
        all.fallback(fallback("404"));
        all.errorPages(Map.of(404, "/404.html", 403, "/index.php", 410, "/missing.html"));
        rule("^/closed", null, 403);
        rule("^/gone", null, 410);

        assertEquals(FILE, find("/nothing").kind());
        assertEquals(404, find("/nothing").status());
        assertEquals(root.resolve("404.html"), find("/.git/x").file());
        assertEquals("hidden", find("/.git/x").rule());
        assertEquals("/index.php", find("/closed").script());
        assertEquals(403, find("/closed").status());
        assertEquals(REFUSED, find("/gone").kind());
        assertEquals(NONE, find("/nothing", "404.html").kind());
    }

    @Test
    void inMaintenanceNoScriptRuns() throws IOException {
        all.maintenance(true);
        assertEquals(503, find("/").status());
        assertEquals(REFUSED, find("/info.php").kind());
        assertEquals(FILE, find("/s.css").kind());
        write(root.resolve("down.html"), "x");
        all.errorPages(Map.of(503, "/down.html"));
        assertEquals(root.resolve("down.html"), find("/a").file());
        all.errorPages(Map.of(503, "/info.php"));
        assertEquals(REFUSED, find("/a").kind());
    }

    @Test
    void onlySomeClientsAreAdmitted() throws IOException {
        path("docs/", own -> own.allowFrom(new AddressRanges(List.of("10.0.0.0/8", "2001:db8::/32"))));
        link(root.resolve("linked.html"), "docs/index.html");
        for (String target : List.of("/docs/", "/docs/index.html", "/docs", "/DOCS/x", "/linked.html")) {
            assertEquals(403, find(target).status(), target);
        }
        assertEquals(FILE, find("/s.css").kind());
        client = "10.1.2.3";
        assertEquals(FILE, find("/docs/").kind());
        client = "2001:db8::7";
        assertEquals(FILE, find("/linked.html").kind());

        client = "192.0.2.1";
        rule("^/old$", "/new", 301);
        all.allowFrom(new AddressRanges(List.of("192.0.2.2")));
        assertEquals(403, find("/old").status());
    }
}
