package dev.relais.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhpErrorTest {
    @Test
    void anExceptionHasItsTrace() {
        PhpError error =
                PhpError.of("PHP Fatal error:  Uncaught LogicException: no\nway in /srv/a b.php:3\nStack trace:\n"
                        + "#0 /srv/x.php(5): f()\n#1 {main}\n  thrown in /srv/a b.php on line 3");
        assertEquals("Fatal error", error.kind());
        assertEquals("/srv/a b.php", error.file());
        assertEquals(3, error.line());
        assertEquals("Uncaught LogicException: no", error.headline());
        assertEquals(
                "Uncaught LogicException: no\nway in /srv/a b.php:3\nStack trace:\n#0 /srv/x.php(5): f()\n#1 {main}",
                error.text());
    }

    @Test
    void anErrorOfTheParserHasItsPlace() {
        assertEquals(
                new PhpError("Parse error", "syntax error, unexpected identifier \"is\"", "/srv/parse.php", 2),
                PhpError.of(
                        "PHP Parse error:  syntax error, unexpected identifier \"is\" in /srv/parse.php on line 2"));
    }

    @Test
    void oneWithoutAPlaceIsOneAllTheSame() {
        PhpError error = PhpError.of("PHP Fatal error:  Out of memory");
        assertEquals("Out of memory", error.text());
        assertNull(error.file());
        assertEquals(0, error.line());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PHP Warning:  Undefined variable $x in /srv/a.php on line 3",
                "PHP Deprecated:  Old in /srv/a.php on line 3",
                "Fatal: by a script",
                "said: PHP Fatal error:  x in /srv/a.php on line 3",
                "",
            })
    void whatEndsNoScriptIsNone(String message) {
        assertNull(PhpError.of(message));
    }
}
