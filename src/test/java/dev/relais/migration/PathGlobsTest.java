package dev.relais.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which patterns of paths regular expressions become. */
class PathGlobsTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            value = {
                "\\.(js|css)$ => *.{js,css}",
                "\\.(?:jpe?g|woff2?)$ => *.{jpg,jpeg,woff,woff2}",
                "\\.php(?:$|/) => *.php",
                "^/index\\.php(/|$) => index.php",
                "^/(?:build|data)(?:$|/) => build/ data/",
                "^/(?:occ|db_) => occ* db_*",
                "/(?:uploads|files)/ => **/{uploads,files}/",
                "^/sites/.*/private/ => sites/**/private/",
                "^/sites/[^/]+/files/ => sites/*/files/",
                "^/ocs/v[12]\\.php$ => ocs/v1.php ocs/v2.php",
                "(^|/)cache(/|$) => **/cache/",
                "wp-config\\.php => *wp-config.php*",
                ".*\\.sql$ => *.sql",
                "^/a.b$ => a?b",
            })
    void anExpressionBecomesPatterns(String regex, String globs) {
        PathGlobs found = PathGlobs.ofRegex(regex);
        assertNotNull(found);
        assertEquals(globs, String.join(" ", globs.startsWith("*") ? found.folded() : found.globs()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "^/", ".*", "^.*$"})
    void anExpressionForAllPathsHasNone(String regex) {
        PathGlobs found = PathGlobs.ofRegex(regex);
        assertNotNull(found);
        assertEquals(List.of(), found.globs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)b", "a(", "[a", "\\bx", "^/a{2}*", "(?>x)", "a\\", "(((((((((((((((((((a", "/a*b\\*"})
    void anotherOneIsNotSaid(String regex) {
        assertNull(PathGlobs.ofRegex(regex));
    }
}
