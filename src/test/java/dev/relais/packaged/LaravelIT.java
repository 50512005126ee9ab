package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Laravel's framework as Debian packages it, resident in one process, so that all users meet the same application object. It runs where
 * {@code .ci/setup phpshare} has installed it.
 */
@EnabledIf("isInstalled")
class LaravelIT {
    private static final String COOKIE = "notes_session";

    private final Set<String> processes = new HashSet<>();
    private Site site;
    private PackagedGateway gateway;

    /** Somebody with a browser of their own, which keeps the session's cookie. */
    private final class Visitor {
        private String cookie; // null before the first answer

        /** @return what the application knows of this visitor */
        JsonObject asks(String path) throws IOException {
            Answer answer = send(path);
            assertEquals(200, answer.status(), answer::text);
            cookie = answer.headers("Set-Cookie").stream()
                    .map(field -> field.split(";")[0])
                    .filter(field -> field.startsWith(COOKIE + "="))
                    .findFirst()
                    .orElse(cookie);
            processes.add(answer.header("X-Process"));
            return new JsonObject(answer.text());
        }

        private Answer send(String path) throws IOException {
            try (RawClient client = RawClient.connect(gateway.port)) {
                String target = "GET /api/users" + path + " HTTP/1.1";
                return (cookie == null
                                ? client.head(target, "Host: localhost")
                                : client.head(target, "Host: localhost", "Cookie: " + cookie))
                        .answer();
            }
        }
    }

    static boolean isInstalled() {
        return Files.exists(Path.of("/usr/share/php/Illuminate/Foundation/Application.php"));
    }

    @BeforeEach
    void start() throws Exception {
        site = new Site("users");
        Path project = site.copy(Path.of("src/test/applications/laravel"), "users");
        site.copy(Path.of("src/test/applications/laravel-users"), "users");
        for (String folder :
                new String[] {"bootstrap/cache", "storage/logs", "storage/framework/sessions", "storage/framework/views"
                }) {
            site.folder("users/" + folder);
        }
        site.link(project.resolve("public"))
                .settings(
                        "application: true",
                        "allow-symlinks-to: [" + project.resolve("public") + "]",
                        "resident: {children: 1}");
        gateway = site.gateway();
    }

    @AfterEach
    void stop() throws Exception {
        site.close();
    }

    private static JsonObject nobody() {
        return new JsonObject()
                .put("user", null)
                .put("session", null)
                .put("locale", "en")
                .put("word", "Welcome")
                .put("date", "May")
                .put("basket", new JsonArray())
                .put("desk", null)
                .put("controller", null)
                .put("visitor", null)
                .put("shared", null)
                .put("name", "Notes");
    }

    /** Of the requests before, only what is in the session. */
    private static JsonObject back(String user, String locale, String word, String date) {
        return nobody().put("user", user)
                .put("session", locale)
                .put("locale", locale)
                .put("word", word)
                .put("date", date);
    }

    @Test
    void usersWhoTakeTurnsInOneProcessMeetNothingOfEachOther() throws Exception {
        JsonObject ada = back("ada", "de", "Willkommen", "Mai");
        JsonObject bob = back("bob", "fr", "Bienvenue", "mai");
        Visitor first = new Visitor();
        Visitor second = new Visitor();

        assertEquals(served("ada", ada), first.asks("/enter/ada?locale=de"));
        assertEquals(nobody(), second.asks("/look"), "no session yet");
        assertEquals(served("bob", bob), second.asks("/enter/bob?locale=fr"));
        for (int turn = 0; turn < 3; turn++) {
            assertEquals(ada, first.asks("/look"));
            assertEquals(bob, second.asks("/look"));
            assertEquals(nobody(), new Visitor().asks("/look"));
        }
        assertEquals(1, processes.size(), processes::toString);
    }

    /** The guard is told the user, which no session has. */
    @Test
    void aUserOfOneRequestIsGoneWithIt() throws Exception {
        Visitor eve = new Visitor();
        JsonObject known = nobody().put("user", "eve")
                .put("locale", "nl")
                .put("word", "Welkom")
                .put("date", "mei");
        assertEquals(served("eve", known), eve.asks("/once/eve"));
        assertEquals(nobody(), eve.asks("/look"));
        assertEquals(nobody(), new Visitor().asks("/look"));
        assertEquals(1, processes.size(), processes::toString);
    }

    @Test
    void aFailedRequestLeavesNoUserBehind() throws Exception {
        Visitor eve = new Visitor();
        assertEquals(nobody(), eve.asks("/look"));
        assertEquals(500, eve.send("/fail/eve").status());
        assertEquals(nobody(), eve.asks("/look"));
        assertEquals(1, processes.size(), processes::toString);
    }

    /** What the request itself sees, in which the user was served. */
    private static JsonObject served(String name, JsonObject known) {
        return known.copy()
                .put("basket", new JsonArray().add(name))
                .put("desk", name)
                .put("controller", name)
                .put("visitor", name)
                .put("shared", name)
                .put("name", name);
    }
}
