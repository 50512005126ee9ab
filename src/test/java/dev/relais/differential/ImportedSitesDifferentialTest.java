package dev.relais.differential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/**
 * What {@code import nginx} makes of documented configurations answers as nginx does with the file itself: status, script, its variables, place of a
 * redirect, bytes of a file.
 */
@QuarkusTest
@TestProfile(ImportedSitesProfile.class)
class ImportedSitesDifferentialTest {
    private static final int LEAST = 40; // targets for each configuration
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
            "APP_ENV",
            "DATABASE_URL",
            "modHeadersAvailable",
            "front_controller_active");
    private static final List<String> FIELDS =
            List.of("X-Powered-By", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "X-Robots-Tag");

    @TestHTTPResource("/")
    URI http;

    @ConfigProperty(name = "relais.test.imported")
    Path base;

    /** The whole configuration of an nginx that listens without TLS on one port, and has the sockets of this test. */
    private String servers() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String application : ImportedSites.APPLICATIONS) {
            String text = ImportedSites.configuration(application, base)
                    .replaceAll("(?ms)^upstream .*?^}\n", "")
                    .replaceAll("(?ms)^server \\{\n[^{}]*return 301 https://[^{}]*}\n", "") // from http to https
                    .replaceAll(
                            "(?m)^ *(listen|ssl_certificate(_key)?|error_log|access_log|fastcgi_buffer_size) .*\n", "")
                    .replaceAll("fastcgi_pass [^;]+;", "fastcgi_pass unix:BASE/php.sock;")
                    .replaceAll("include (fastcgi[a-z_.]*|mime\\.types);", "include /etc/nginx/$1;")
                    .replaceAll(
                            "(?m)^server \\{",
                            "server {\n    listen 127.0.0.1:PORT;\n    default_type application/octet-stream;");
            if (!text.contains("mime.types")) { // which the file around a server's has
                text = text.replaceAll("(?m)^server \\{", "server {\n    include /etc/nginx/mime.types;");
            }
            all.append(text);
        }
        return all.toString();
    }

    private static Map<String, String> facts(int port, String host, String target) throws IOException {
        Map<String, String> facts = new TreeMap<>();
        try (RawClient client = RawClient.connect(port)) {
            Answer answer = client.head("GET " + target + " HTTP/1.1", "Host: " + host, "Connection: close")
                    .answer();
            facts.put("status", Integer.toString(answer.status()));
            String location = answer.header("Location");
            // nginx makes it absolute, with its own port; Relais leaves out what can be wrong.
            facts.put("location", location == null ? "" : location.replaceFirst("^https?://[^/]+", ""));
            if (answer.status() != 200) {
                return facts;
            }
            for (String field : FIELDS) {
                facts.put(field, String.valueOf(answer.header(field)));
            }
            if (answer.text().startsWith("{")) {
                JsonPath seen = JsonPath.from(answer.text());
                VARIABLES.forEach(name -> facts.put(name, String.valueOf(seen.getString(name))));
            } else {
                facts.put("body", answer.text());
                facts.put("type", String.valueOf(answer.header("Content-Type")).replaceFirst(";.*", ""));
            }
        }
        return facts;
    }

    @Test
    void anImportedSiteAnswersAsNginxDoesWithTheFileItself() throws IOException {
        List<String> unexpected = new ArrayList<>();
        Set<ImportedDifference> shown = EnumSet.noneOf(ImportedDifference.class);
        int same = 0;
        int all = 0;
        try (Nginx nginx = new Nginx(servers())) {
            for (ImportedTargets targets : ImportedTargets.values()) {
                assertTrue(targets.paths.size() >= LEAST, () -> targets + " has " + targets.paths.size());
                for (String target : targets.paths) {
                    Map<String, String> there = facts(nginx.port(), targets.host, target);
                    Map<String, String> here = facts(http.getPort(), targets.host, target);
                    all++;
                    same += there.equals(here) ? 1 : 0;
                    for (String fact : differing(there, here)) {
                        ImportedDifference known =
                                ImportedDifference.of(targets, target, fact, there.get(fact) + "", here.get(fact) + "");
                        if (known == null) {
                            unexpected.add(targets + " " + target + ": " + fact + ": nginx " + there.get(fact)
                                    + ", Relais " + here.get(fact));
                        } else {
                            shown.add(known);
                        }
                        if (fact.equals("status")) {
                            break; // all else differs with it
                        }
                    }
                }
            }
        }
        System.out.println(same + " of " + all + " targets are answered alike");
        assertEquals("", String.join("\n", unexpected));
        assertEquals(EnumSet.allOf(ImportedDifference.class), shown, "differences that no target shows any more");
    }

    @Test
    void eachDifferenceIsTold() throws IOException {
        String page = Files.readString(Path.of("src/docs/moving-in.md"));
        for (ImportedDifference one : ImportedDifference.values()) {
            assertTrue(page.contains("* " + one.reason + "\n"), one.reason);
        }
    }

    /** The status first. */
    private static List<String> differing(Map<String, String> there, Map<String, String> here) {
        Set<String> names = new TreeSet<>(there.keySet());
        names.addAll(here.keySet());
        List<String> found = new ArrayList<>(names);
        found.remove("status");
        found.add(0, "status");
        found.removeIf(name -> String.valueOf(there.get(name)).equals(String.valueOf(here.get(name))));
        return found;
    }
}
