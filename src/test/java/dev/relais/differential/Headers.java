package dev.relais.differential;

import java.util.ArrayList;
import java.util.List;

/** Header fields: usual, odd but legal, repeated, cookies, credentials, conditions, ranges, hosts and versions. */
final class Headers {
    private static final String[] LINES = {
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Test/1.0",
        "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
        "Accept-Language: de-DE, en;q=0.5",
        "Accept-Encoding: gzip, deflate, br",
        "Accept-Charset: utf-8",
        "Referer: http://localhost/a?b=c#d",
        "Origin: null",
        "DNT: 1",
        "Cache-Control: no-cache, max-age=0",
        "Pragma: no-cache",
        "X-Requested-With: XMLHttpRequest",
        "X-Forwarded-For: 203.0.113.7, 198.51.100.1",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: evil.example",
        "Forwarded: for=203.0.113.7;proto=https;host=evil.example",
        "X-Real-IP: 203.0.113.7",
        "X-Original-URL: /admin",
        "X-HTTP-Method-Override: DELETE",
        "Via: 1.1 proxy",
        "From: a@example.org",
        "Max-Forwards: 3",
        "Sec-Fetch-Mode: navigate",
        "Sec-CH-UA: \"A\";v=\"1\", \"B\"",
        "Upgrade-Insecure-Requests: 1",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "X-UPPER: 1",
        "x-lower: 1",
        "X-9: digits",
        "9: only a digit",
        "X-: ends in a hyphen",
        "-X: begins with a hyphen",
        "X--Y: two hyphens",
        "X-Empty:",
        "X-Blank:    ",
        "X-Padded:   value   ",
        "X-Tabs:\tvalue\t",
        "X-Inner: a  b\tc",
        "X-No-Blank:value",
        "X-Colon: a:b::c",
        "X-Quotes: \"a, b\" 'c' \\",
        "X-Comma: a, b,, c,",
        "X-Percent: %41%00%0a",
        "X-Latin: caf\u00e9",
        "X-Utf8: \u00c3\u00a4\u00e2\u0082\u00ac",
        "X-High: \u00ff\u0080",
        "X-Markup: <script>alert(1)</script>",
        "X-Shell: () { :; }; echo x",
        "X-Dollar: $host ${x}",
        "Content-Type: text/odd; charset=x",
        "Content-Type:",
        "Content-Length: 0",
        "Content-MD5: abc",
        "Content-Language: de",
        "Content-Encoding: gzip",
        "Keep-Alive: timeout=5",
        "Connection: keep-alive",
        "Connection: close",
        "Connection: X-Hop",
        "TE: trailers",
        "Trailer: X-T",
        "Upgrade: websocket",
        "Proxy-Connection: keep-alive",
        "Proxy-Authorization: Basic eA==",
        "Proxy: http://evil.example",
        "X_Under_Score: 1",
        "X.Dot: 1",
        "X!Token#: 1",
        "Status: 500",
        "Script-Filename: /etc/passwd",
        "Https: on",
        "Redirect-Status: 404",
        "Host-: x",
        "Last-Event-ID: 17",
        "Authorization: Bearer abc.def.ghi",
        "Authorization: Basic QWRhOnNlY3JldDp3aXRoOmNvbG9ucw==",
        "Authorization: Basic QWRhOg==",
        "Authorization: Basic not-base64!",
        "Authorization: Basic",
        "authorization: basic QWRhOnNlY3JldA==",
        "Authorization: Digest username=\"Ada\", realm=\"r\", nonce=\"n\", uri=\"/\", response=\"x\"",
        "Range: bytes=0-3",
        "Range: bytes=2-",
        "Range: bytes=-2",
        "Range: bytes=0-0,2-3",
        "Range: bytes=9-1",
        "Range: lines=1-2",
        "If-Range: \"v1\"",
        "If-Match: \"v1\", \"v2\"",
        "If-None-Match: *",
        "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT",
        "If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT",
        "If-Modified-Since: not a date",
        "Expect: something",
        "Prefer: return=minimal",
        "Cookie: a=1",
        "Cookie: a=1; b=2; a=3",
        "Cookie: a[x]=1; a[y]=2; b.c=3; d e=4",
        "Cookie: a=%20%3B; b=+; c=\"q; r\"",
        "Cookie: a",
        "Cookie: =1; ;; b=",
        "Cookie: a=1;b=2,c=3",
        "Cookie: a=caf\u00e9; b=%C3%A4",
        "Cookie: __Host-id=1; PHPSESSID=abc",
        "Cookie:",
    };

    private static final String[][] REPEATED = {
        {"X-One: 1", "X-One: 2"},
        {"X-One: 1", "x-one: 2", "X-ONE: 3"},
        {"X-One: 1", "X-Two: x", "X-One:"},
        {"Accept: a/b", "Accept: c/d"},
        {"X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 5.6.7.8"},
        {"Cookie: a=1", "Cookie: b=2"},
        {"Cookie: a=1", "cookie: a=2", "Cookie: c=3"},
        {"Via: 1.0 a", "Via: 1.1 b"},
    };

    private static final String[] HOSTS = {
        "localhost:8080",
        "example.org",
        "EXAMPLE.org",
        "example.org:80",
        "example.org.",
        "127.0.0.1",
        "127.0.0.1:81",
        "[::1]",
        "[::1]:8080",
        "a_b"
    };

    private Headers() {}

    static List<Request> all() {
        List<Request> all = new ArrayList<>();
        for (String line : LINES) {
            all.add(Request.get("header " + line).with(line));
        }
        for (String[] lines : REPEATED) {
            all.add(Request.get("repeated " + String.join(" | ", lines)).with(lines));
        }
        for (String host : HOSTS) {
            all.add(Request.get("host " + host).bare().with("Host: " + host));
        }
        all.add(Request.get("no host in HTTP/1.0").bare().http10());
        all.add(Request.get("host in HTTP/1.0").http10());
        all.add(Request.get("kept connection in HTTP/1.0").http10().with("Connection: keep-alive"));
        all.add(Request.get("two hosts").with("Host: other"));
        all.add(Request.get("many headers").with(many(60)));
        all.add(Request.get("header of 7,000 bytes").with("X-Long: " + "h".repeat(7_000)));
        all.add(Request.get("header of 20,000 bytes").with("X-Long: " + "h".repeat(20_000)));
        all.add(Request.get("name of 200 bytes").with("X-" + "n".repeat(198) + ": 1"));
        all.add(Request.get("cookie of 4,000 bytes").with("Cookie: c=" + "c".repeat(4_000)));
        return all;
    }

    private static String[] many(int count) {
        String[] lines = new String[count];
        for (int i = 0; i < count; i++) {
            lines[i] = "X-Many-" + i + ": value " + i;
        }
        return lines;
    }
}
