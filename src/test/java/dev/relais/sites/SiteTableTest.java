package dev.relais.sites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteTableTest {
    private static final int NONE = Integer.MAX_VALUE;

    private final SiteTable<String> table = SiteTable.of(List.of(
            entry("root", "", "a.example", "b.example"),
            entry("blog", "/blog", "a.example"),
            entry("deep", "/blog/old", "a.example"),
            entry("stars", "", "*.example"),
            entry("longer", "", "*.c.example"),
            entry("mounted", "/only", "d.example"),
            entry("default", "")));

    private static SiteTable.Entry<String> entry(String site, String mount, String... hosts) {
        return new SiteTable.Entry<>(List.of(hosts), mount, site);
    }

    @ParameterizedTest
    @CsvSource({
        "a.example,     /,               root",
        "a.example,     /blogx,          root",
        "a.example,     /blog,           blog",
        "a.example,     /blog/,          blog",
        "a.example,     /blog/older,     blog",
        "a.example,     /blog/old/x,     deep",
        "b.example,     /blog/x,         root",
        "x.example,     /,               stars",
        "x.y.example,   /,               stars",
        "x.c.example,   /,               longer",
        "x.y.c.example, /,               longer",
        "c.example,     /,               stars",
        "example,       /,               default",
        ".example,      /,               default",
        "'',            /x,              default",
        "other,         /x,              default",
        "d.example,     /only/x,         mounted",
    })
    void theExactNameThenTheLongestStarThenTheDefaultAndTheLongestMount(String host, String path, String site) {
        assertEquals(site, table.find(host, path, NONE));
    }

    @Test
    void aHostThatIsNamedDoesNotFallBackToTheDefault() {
        assertNull(table.find("d.example", "/onlyx", NONE));
        assertTrue(table.names("d.example"));
        assertFalse(table.names("nobody"));
    }

    @Test
    void anEncodedSlashDoesNotEndAMount() {
        assertEquals("root", table.find("a.example", "/blog/x", 1)); // /blog%2Fx
        assertEquals("blog", table.find("a.example", "/blog/x/y", 6)); // /blog/x%2Fy
    }

    @ParameterizedTest
    @CsvSource({
        "Site.EXAMPLE,      site.example",
        "site.example.,     site.example",
        "site.example:8443, site.example",
        "SITE.example.:80,  site.example",
        "[2001:DB8::1]:80,  [2001:db8::1]",
    })
    void caseAndPortAndTheLastDotAreNoPartOfAName(String host, String name) {
        assertEquals(name, HostName.of(host));
    }

    @Test
    void twoSitesAtOnePlaceAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> SiteTable.of(List.of(entry("a", "/x", "h"), entry("b", "/x", "h"))));
    }

    @Test
    void tenThousandHostsAreAllFound() {
        List<SiteTable.Entry<String>> many = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            many.add(entry("site" + i, "", "h" + i + ".example.com"));
        }
        SiteTable<String> large = SiteTable.of(many);
        for (int i = 0; i < 10_000; i++) {
            assertEquals("site" + i, large.find("h" + i + ".example.com", "/x", NONE));
        }
        assertNull(large.find("h10000.example.com", "/x", NONE));
    }
}
