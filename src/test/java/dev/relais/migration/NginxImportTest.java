package dev.relais.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of single directives of nginx, and of files that are none of its. */
class NginxImportTest {
    @TempDir
    Path folder;

    private Imported imported(String inServer) {
        return read("server {\n server_name x.example;\n root /srv/x;\n" + inServer + "\n}\n");
    }

    private Imported read(String text) {
        try {
            return NginxImport.read(Files.writeString(folder.resolve("x.conf"), text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String problem(String text) {
        return assertThrows(ConfigurationProblem.class, () -> read(text)).getMessage();
    }

    private static SiteDraft only(Imported imported) {
        assertEquals(1, imported.sites().size(), imported.yaml());
        return imported.sites().get(0);
    }

    private SiteDraft site(String inServer) {
        return only(imported(inServer));
    }

    private static final String PHP = "location ~ \\.php$ { fastcgi_pass unix:/run/x; }\n";

    @Test
    void scriptsBelowAFolderThatNoneMayRunInAreNone() {
        SiteDraft site =
                site("location ~* ^/wp-content/uploads/.*\\.(?:php[1-7]?|pht|phtml?|phps)$ { deny all; }\n" + PHP);
        assertEquals("none", site.path("wp-content/uploads/").scripts);
        assertTrue(site.deny.isEmpty());
    }

    @Test
    void aRefusalThatAnExactLocationIsExceptedFromKeepsTheException() {
        SiteDraft site = site("location = /data/open.txt { }\nlocation ~ ^/data/ { deny all; }\n" + PHP);
        assertEquals(RuleDraft.stay("^/data/open\\.txt$"), site.rules.get(0));
        assertEquals(RuleDraft.refusal("^/data/", 403), site.rules.get(1));
    }

    @Test
    void aRefusalBehindTheLocationOfScriptsRefusesThemToo() {
        Imported imported = imported(PHP + "location /data/ { deny all; }");
        assertTrue(only(imported).deny.contains("data/"));
        assertTrue(imported.yaml().contains("differs: x.conf:5: location /data/"), imported.yaml());
    }

    @Test
    void aPrefixIsNoFolder() {
        assertTrue(site("location /dat { return 404; }").deny.contains("dat*"));
    }

    @Test
    void aRedirectOfAPrefixSparesWhatAnExpressionHas() {
        SiteDraft site = site(
                "location /remote { return 301 /remote.php$request_uri; }\nlocation ~ \\.php(/|$) { fastcgi_pass x; }");
        assertEquals(RuleDraft.stay("\\.php(/|$)"), site.rules.get(0));
        assertEquals(RuleDraft.redirect("^/remote", "/remote.php{uri}", 301), site.rules.get(1));
    }

    @Test
    void whatOnlyAddressesMayReadIsForThem() {
        Imported imported = imported(
                "location = /log/open.txt { }\nlocation ~ ^/log/ { allow 127.0.0.1; allow 10.0.0.0/8; deny all; }");
        SiteDraft site = only(imported);
        assertEquals(Set.of("127.0.0.1", "10.0.0.0/8"), site.path("log/").allowFrom);
        assertEquals(Set.of("0.0.0.0/0", "::/0"), site.path("log/open.txt").allowFrom);
        assertFalse(imported.hasGuard(), imported.yaml());
        assertEquals(Set.of("192.0.2.1"), site("allow 192.0.2.1;\ndeny all;").allowFrom);
    }

    @Test
    void addressesThatCannotBeSaidAreClosedOrTold() {
        Imported named = imported("location /status/ { allow office.example; deny all; }");
        assertTrue(only(named).deny.contains("status/"));
        assertTrue(named.hasGuard());
        assertTrue(imported("deny 192.0.2.1;\nallow all;").hasGuard());
        assertTrue(imported("location /x/ { allow 10.0.0.0/8; deny all; satisfy any; }")
                .hasGuard());
    }

    @Test
    void aDenialOfSomeAddressesIsToldInEachLocation() {
        String denial = " deny 203.0.113.0/24; ";
        for (String location : new String[] {
            "location /files/ {" + denial + "try_files $uri =404; }",
            "location = /a.txt {" + denial + "}",
            "location ~* \\.(css|js)$ { expires 1d;" + denial + "}",
            "location ~ ^/(?!a)b {" + denial + "}",
            "location /x/ { root /srv/y; location ~ \\.txt$ {" + denial + "} }",
            "location /x/ { alias /srv/y/; location ~ \\.php$ {" + denial + "fastcgi_pass x; } }",
        }) {
            assertTrue(imported(location + "\n" + PHP).hasGuard(), location);
            String open = location.replace(denial, " allow all; ");
            assertFalse(imported(open + "\n" + PHP).hasGuard(), open);
        }
        assertFalse(imported("location /x/ {" + denial + "return 301 /y/; }").hasGuard());
    }

    @Test
    void settingsOfPhpAndSizesAreTheSites() {
        SiteDraft site = site(
                "client_max_body_size 13m;\nerror_page 404 /404.html;\n"
                        + "location ~ \\.php$ { fastcgi_pass x; fastcgi_param PHP_VALUE \"memory_limit=256M\n max_input_vars = 5000\"; }");
        assertEquals("13M", site.maxBodySize);
        assertEquals(Map.of(404, "/404.html"), site.errorPages);
        assertEquals(Map.of("memory_limit", "256M", "max_input_vars", "5000"), site.php);
    }

    @Test
    void anInternalFolderElsewhereIsAnotherRoot() {
        PathDraft path =
                site("location /files/ { internal; alias /srv/files/; }").path("files/");
        assertTrue(path.internal);
        assertEquals("/srv/files", path.root);
    }

    @Test
    void whatGuardsAWholeServerIsTold() {
        for (String guard : new String[] {
            "deny 10.0.0.0/8;",
            "auth_basic x;",
            "auth_request /auth;",
            "satisfy all;",
            "valid_referers none;",
            "if ($arg_x) { return 403; }",
            "if ($cookie_x) { return 444; }",
            "location ~ ^/(?!a)b { deny all; }",
            "location /x { limit_except GET { deny all; } }",
            "include missing-snippet.conf;",
            "ssl_verify_client on;",
            "access_by_lua_block { if x { return } }",
        }) {
            assertTrue(imported(guard + "\nlocation / { try_files $uri =404; }").hasGuard(), guard);
        }
        for (String harmless :
                new String[] {"auth_basic off;", "allow all;", "satisfy_x on;", "if ($arg_x) { set $y 1; }"}) {
            assertFalse(imported(harmless).hasGuard(), harmless);
        }
    }

    @Test
    void theFallbackIsWhatTryFilesEndsWith() {
        assertEquals("/index.php", site("location / { try_files $uri $uri/ /index.php$is_args$args; }").fallback);
        assertEquals("/index.php?q={path}", site("location / { try_files $uri /index.php?q=$uri&$args; }").fallback);
        assertEquals("/app.php{path}", site("location / { try_files $uri /app.php$uri; }").fallback);
        assertEquals("/index.html", site("location / { try_files $uri /index.html; }").fallback);
        assertEquals("404", site("location / { try_files $uri $uri/ =404; }").fallback);
        assertEquals("404", site("").fallback);
        assertEquals(
                "/doku.php?id={path}",
                site("location / { try_files $uri @d; }\nlocation @d { rewrite ^(.*)$ /doku.php?id=$1 last; }")
                        .fallback);
    }

    @Test
    void rewritesIfNothingIsThereAreRules() {
        SiteDraft site = site("if (!-e $request_filename) { rewrite ^/(.*)$ /index.php?q=$1 last; }");
        assertEquals(RuleDraft.rewrite("^/(.*)$", "/index.php?q=$1").ifMissing(), site.rules.get(0));
    }

    @Test
    void aServerForHttpAloneThatLeadsToHttpsIsNoSite() {
        Imported imported = read("server { listen 80; server_name a.example; return 301 https://$host$request_uri; }\n"
                + "server { listen 443 ssl; server_name a.example; root /srv/a; }\n");
        assertEquals("/srv/a", only(imported).root);
    }

    @Test
    void aServerThatLeadsToTheHostsMainNameIsASite() {
        SiteDraft site = only(read("server { server_name www.a.example; return 301 https://a.example$request_uri; }"));
        assertEquals(RuleDraft.redirect("^", "https://a.example{uri}", 301), site.rules.get(0));
    }

    @Test
    void twoServersWithOneHostAreNotOneSite() {
        Imported imported =
                read("server { server_name a.example; root /a; }\nserver { server_name a.example; root /b; }\n");
        assertEquals(2, imported.sites().size());
        assertFalse(imported.sites().get(1).hosts.contains("a.example"));
        assertTrue(imported.yaml().contains("a second server for a.example"), imported.yaml());
    }

    @Test
    void wordsArePartedAsNginxDoesIt() {
        SiteDraft site = site(
                "add_header A \"x; y { # } \\\"z\\\"\"; # a comment; {\nadd_header B a\\ b;\nadd_header C 'it\"s';");
        assertEquals("x; y { # } \"z\"", site.headers.get("A"));
        assertEquals("a\\ b", site.headers.get("B"));
        assertEquals("it\"s", site.headers.get("C"));
    }

    @Test
    void whatIsNoConfigurationIsRefusedInOneLineWithItsPlace() {
        for (String text : new String[] {
            "server {\n",
            "}",
            "server { root /x }",
            "server { root \"/x; }",
            ";",
            "{",
            "server",
            "a\0b;",
            "x ".repeat(3) + "'",
            "a { ".repeat(50) + "}".repeat(50),
            "x" + "y".repeat(1 << 20) + ";",
            "a;".repeat(60_000)
        }) {
            String message = problem(text);
            assertTrue(message.startsWith("import nginx=") && message.lines().count() == 1, message);
            assertTrue(message.length() < 400, () -> message.substring(0, 400));
        }
    }

    @Test
    void anIncludeThatLeadsToItselfIsRefused() throws IOException {
        Files.writeString(folder.resolve("y.conf"), "include x.conf;");
        assertTrue(problem("include y.conf;").contains("includes itself"));
    }

    @Test
    void manyIncludesAreRefused() throws IOException {
        Files.writeString(folder.resolve("leaf"), "charset utf-8;");
        Files.writeString(folder.resolve("twig"), "include leaf;\n".repeat(100));
        assertTrue(problem("include twig;\n".repeat(100)).contains("files"));
    }

    @Test
    void aLineOfAMebibyteIsRead() {
        StringBuilder line = new StringBuilder("server { server_name x.example; root /srv/x; gzip_types");
        while (line.length() < 1 << 20) {
            line.append(" text/css");
        }
        assertEquals("/srv/x", only(read(line + "; }")).root);
    }

    @Test
    void manyLocationsAreRefusedAndBadExpressionsTakeNoTime() {
        assertTrue(problem("server { " + "location /x { } ".repeat(400) + "}").contains("locations"));
        SiteDraft site = site("location = /" + "a".repeat(60) + " { }\nlocation ~ ^/(a+)+$ { deny all; }");
        assertTrue(site.rules.contains(RuleDraft.refusal("^/(a+)+$", 403)), site.rules::toString);
    }

    @Test
    void whatStandsInAServerIsOneSite() {
        SiteDraft site = only(read("root /srv/y;\nlocation / { try_files $uri /index.php; }\n" + PHP));
        assertEquals("/index.php", site.fallback);
    }

    @Test
    void aNoteCannotEndItsComment() {
        String yaml =
                imported("unknown_thing \"a\nroot: /etc\r\u2028b\u0085c\";").yaml();
        assertFalse(yaml.lines().anyMatch(line -> line.startsWith("root: /etc")), yaml);
        assertTrue(yaml.contains("unknown_thing a root: /etc b c"), yaml);
    }
}
