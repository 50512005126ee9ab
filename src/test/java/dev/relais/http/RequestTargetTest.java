package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "/,/,",
                "/api/hello,/api/hello,",
                "/api/hello?,/api/hello,",
                "/api/hello?a=b&c=%zz?d/../e,/api/hello,a=b&c=%zz?d/../e",
                "/api/hello/,/api/hello/,",
                "/api/./hello,/api/hello,",
                "/api/hello/.,/api/hello/,",
                "/api/x/..,/api/,",
                "/api/x/../hello,/api/hello,",
                "/api/x/%2e%2E/hello,/api/hello,",
                "/api/%2e/hello,/api/hello,",
                "/a/b/c/../../d,/a/d,",
                "/a/..,/,",
                "//api///hello//,/api/hello/,",
                "/api/.hidden,/api/.hidden,",
                "/api/...,/api/...,",
                "/api/..x,/api/..x,",
                "/api/a.b/c,/api/a.b/c,",
                "/api/h%65llo,/api/hello,",
                "/api/a%20b,/api/a b,",
                "/api/%2541,/api/%41,",
                "/api/a%5Cb,/api/a\\b,",
                "/api/a\\..\\b,/api/a\\..\\b,",
                "/api/%C3%A4,/api/\u00e4,",
                "/api/\u00c3\u00a4,/api/\u00e4,",
                "/api/%F0%9F%98%80,/api/\uD83D\uDE00,",
                "/api/%3Fx,/api/?x,",
                "/api/%23x,/api/#x,",
                "http://h/api/hello?q,/api/hello,q",
                "HTTPS://u@h:1/a/../api,/api,",
                "http://[::1]:80/x,/x,",
            })
    void normalisesOnce(String raw, String path, String query) {
        RequestTarget target = RequestTarget.parse(raw);
        assertNotNull(target);
        assertEquals(path, target.path());
        assertEquals(query == null ? "" : query, target.query());
        assertEquals(raw, target.raw());
        assertEquals(Integer.MAX_VALUE, target.encodedSlash());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "api/hello",
                "?x",
                "/..",
                "/../",
                "/../etc/passwd",
                "/a/../..",
                "/%2e%2e/x",
                "/.%2e",
                "/a/../../b",
                "/api/%",
                "/api/%4",
                "/api/%zz",
                "/api/%4g",
                "/api/%-1",
                "/a%2?x",
                "/api/%00",
                "/a%00/b",
                "/api/a b",
                "/api/a\tb",
                "/api/a\0b",
                "/a\u007f",
                "/api/x#frag",
                "/api/x?q#frag",
                "/api/x?a b",
                "/api/x?\u0001",
                "/api/%C0%AE%C0%AE/x",
                "/api/%C0%AF",
                "/api/%E0%80%AF",
                "/api/%FF",
                "/%FF/../api",
                "/api/%C3",
                "/api/\u00c3",
                "/api/%ED%A0%80",
                "/api/\u20ac/%41",
                "/x%2F..%2Fy",
                "/..%2fx",
                "/x%2f.",
                "/x%2F%2e%2e",
                "/a%2Fb/../c",
                "ftp://h/x",
                "ht://h/x",
                "h://h/x",
                "://h/x",
                "http:/x",
                "http://",
                "http:///x",
                "http://h",
                "http://h?a=/api/x",
                "http://h#/x",
                "http://h h/x",
                "https//h/x",
                "javascript:x"
            })
    void refusesWhatIsMalformed(String raw) {
        assertNull(RequestTarget.parse(raw));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/a%2Fb, /api/a/b, 5",
        "/api/a/x%2fy, /api/a/x/y, 7",
        "/api%2Fhello, /api/hello, 1",
        "/api/hello/%C3%A4/a%2Fb%2Fc/d%2Fe, /api/hello/\u00e4/a/b/c/d/e, 13",
        "/x/../api/a%2F, /api/a/, 5",
    })
    void saysWhereTheFirstSegmentWithAnEncodedSlashBegins(String raw, String path, int index) {
        RequestTarget target = RequestTarget.parse(raw);
        assertEquals(path, target.path());
        assertEquals(index, target.encodedSlash());
    }
}
