package dev.relais.sites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    private static Glob glob(String text) {
        return Objects.requireNonNull(Glob.parse(text), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "data/ /data",
                "data/ /data/x/y",
                "wp-config.php /wp-config.php",
                "wp-config.php /wp-config.php/x",
                "*.sql /dump.sql",
                "*.sql /a/b/dump.sql",
                "*.sql /a.sql/b",
                "*.{css,js} /a/b.js",
                "occ* /occ",
                "occ* /occasion/x",
                "core/*.php /core/a.php",
                "sites/*/private/ /sites/a/private/x",
                "**/vendor/ /vendor/x",
                "**/vendor/ /a/b/vendor",
                "updater/**.php /updater/a/b.php",
                "ocs/v{1,2}.php /ocs/v2.php",
                "**/richdocumentscode*/proxy.php /apps/richdocumentscode_arm64/proxy.php",
                "a?c/ /abc/x",
                "[i]ndex.php /[i]ndex.php",
                "a**z /axx/yyz",
                "{a,b}/{c,d} /b/c",
                "*x*y /axxby",
            })
    void itCoversWhatItNamesAndWhatIsBelow(String pattern, String path) {
        assertTrue(glob(pattern).covers(path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "data/ /database",
                "data/ /a/data",
                "wp-config.php /a/wp-config.php",
                "*.sql /dump.sqlx",
                "*.sql /dumpsql",
                "core/*.php /core/a/b.php",
                "occ* /a/occ",
                "sites/*/private/ /sites/a/b/private/x",
                "**/vendor/ /avendor/x",
                "**/vendor/ /vendors",
                "updater/**.php /updater.php",
                "ocs/v{1,2}.php /ocs/v3.php",
                "a?c /a/c",
                "[i]ndex.php /index.php",
                "index.ph /index.php",
                "DATA/ /data",
            })
    void itCoversNothingElse(String pattern, String path) {
        assertFalse(glob(pattern).covers(path));
    }

    @Test
    void whatClosesDoesNotMindTheCase() {
        assertTrue(glob("data/").closes("/DATA/x"));
        assertTrue(glob("*.SQL").closes("/a.sql"));
        assertTrue(glob("caf\u00e9/").closes("/CAFE\u0301/x"));
    }

    @Test
    void belowAFolderItMeansWhatIsThere() {
        assertTrue(Objects.requireNonNull(Glob.below("a/", "x.php")).covers("/a/x.php"));
        assertTrue(Objects.requireNonNull(Glob.below("a/", "*.php")).covers("/a/b/x.php"));
        assertFalse(Objects.requireNonNull(Glob.below("a/", "*.php")).covers("/x.php"));
        assertTrue(Objects.requireNonNull(Glob.below("**/a/", "x.php")).covers("/b/a/x.php"));
    }

    @Test
    void aLongPathOfWhatNearlyFitsIsComparedSoon() {
        Glob glob = glob("**/a*a*a*a*b/**/*c*c*c*d");
        String path = "/" + "a".repeat(2_000) + "/ab" + "/cccccccccc".repeat(400);

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertFalse(glob.covers(path)));
    }

    /** The same patterns as regular expressions of Java, on short random paths. */
    @Test
    void itCoversWhatARegularExpressionWouldFind() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, "ab/*", 6);
            String path = "/" + text(random, "ab/", 8);
            Glob glob = Glob.parse(pattern);
            if (glob != null && !pattern.contains("***")) {
                String normal = glob.toString();
                assertEquals(regex(normal).matcher(path).matches(), glob.covers(path), normal + " and " + path);
            }
        }
    }

    private static String text(Random random, String letters, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i >= 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    private static Pattern regex(String glob) {
        String bare = glob.endsWith("/") ? glob.substring(0, glob.length() - 1) : glob;
        boolean anywhere = bare.startsWith("*") && bare.indexOf('/') < 0 && !bare.startsWith("**");
        String whole = (anywhere ? "/**/" : "/") + bare;
        String regex = whole.replace("/**/", "/!")
                .replace("/**/", "/!")
                .replace("**", "#")
                .replace("*", "[^/]*");
        while (regex.contains("!#/")) {
            regex = regex.replace("!#/", "!!");
        }
        return Pattern.compile(regex.replace("!", "(?:[^/]*/)*").replace("#", ".*") + "(?:/.*)?");
    }
}
