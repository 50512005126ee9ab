package dev.relais.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.running.SitesProfile;
import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The scripts of a site see what they see behind nginx with its usual recipes, and its clients get the same. */
@QuarkusTest
@TestProfile(SitesProfile.class)
class SitesDifferentialTest {
    private static final List<String> VARIABLES = List.of(
            "SCRIPT_NAME",
            "SCRIPT_FILENAME",
            "PATH_INFO",
            "PHP_SELF",
            "DOCUMENT_URI",
            "DOCUMENT_ROOT",
            "REQUEST_URI",
            "QUERY_STRING",
            "SERVER_NAME",
            "REQUEST_METHOD",
            "PATH_TRANSLATED",
            "ORIG_SCRIPT_FILENAME");

    private static final List<String> TARGETS = List.of(
            "/",
            "/index.php",
            "/index.php?x=a.php/b",
            "/a/b?x=1",
            "/a%20b/c%2Fd?x=1",
            "/index.php/a/b",
            "/admin/",
            "/admin?x=1",
            "/admin/index.php/p/q",
            "/info.php",
            "/nope.php",
            "/nope.php/x",
            "/uploads/none.png",
            "//index.php",
            "/x?y=a.php/b",
            "/s.css");

    /** Debian's {@code snippets/fastcgi-php.conf}, with what others than the front controller get behind them. */
    private static final String PHP = """
            location ~ [^/]\\.php(/|$) {
                fastcgi_split_path_info ^(.+?\\.php)(/.*)$;
                set $path_info $fastcgi_path_info;
                try_files $fastcgi_script_name =404;
                include /etc/nginx/fastcgi_params;
                fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
                fastcgi_param PATH_INFO $path_info;
                fastcgi_pass unix:BASE/php.sock;
            }
            """;

    @TestHTTPResource("/")
    URI http;

    @ConfigProperty(name = "relais.test.sites")
    Path base;

    private static String server(String name, Path root, String locations) {
        return "server { listen 127.0.0.1:PORT; server_name " + name + "; root " + root + "; index index.php; "
                + "include /etc/nginx/mime.types; " + locations + PHP + "}\n";
    }

    private static Map<String, String> facts(int port, String host, String target) throws IOException {
        Map<String, String> facts = new TreeMap<>();
        try (RawClient client = RawClient.connect(port)) {
            Answer answer = client.head("GET " + target + " HTTP/1.1", "Host: " + host, "Connection: close")
                    .answer();
            facts.put("status", Integer.toString(answer.status()));
            String location = answer.header("Location");
            // nginx makes it absolute, with its own port; Relais leaves out what can be wrong.
            facts.put("location", location == null ? "" : location.replaceFirst("^http://[^/]+", ""));
            if (answer.status() == 200 && answer.text().startsWith("{")) {
                JsonPath seen = JsonPath.from(answer.text());
                VARIABLES.forEach(name -> facts.put(name, String.valueOf(seen.getString(name))));
            } else if (answer.status() == 200) {
                facts.put("body", answer.text());
            }
        }
        return facts;
    }

    @Test
    void aSiteIsWhatItIsBehindNginx() throws IOException {
        String servers = server(
                        "site.example",
                        base.resolve("table"),
                        "location / { try_files $uri $uri/ /index.php?$args; }\n")
                + server(
                        "cloud.example",
                        base.resolve("table"),
                        "location / { try_files $uri $uri/ /index.php$request_uri; }\n")
                + server("prefix.example", base, "location /blog/ { try_files $uri $uri/ /blog/index.php?$args; }\n");
        try (Nginx nginx = new Nginx(servers)) {
            for (String target : TARGETS) {
                same(nginx, "site.example", target);
            }
            for (String target : List.of("/", "/a/b?x=1", "/index.php/a", "/admin/", "/info.php", "/nope.php")) {
                same(nginx, "cloud.example", target);
            }
            for (String target : List.of(
                    "/blog",
                    "/blog/",
                    "/blog/a/b?x=1",
                    "/blog/index.php/a/b",
                    "/blog/admin",
                    "/blog/admin/",
                    "/blog/s.css",
                    "/blog/nope.php")) {
                same(nginx, "prefix.example", target);
            }
        }
    }

    private void same(Nginx nginx, String host, String target) throws IOException {
        assertEquals(facts(nginx.port(), host, target), facts(http.getPort(), host, target), host + " " + target);
    }
}
