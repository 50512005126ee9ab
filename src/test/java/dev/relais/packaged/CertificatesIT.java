package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.relais.testing.Answer;
import dev.relais.testing.Certificate;
import dev.relais.testing.Client;
import dev.relais.testing.FreePorts;
import dev.relais.testing.Http2Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Patience;
import dev.relais.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sites with certificates of their own, and their way from HTTP to HTTPS, configured as src/docs/protocols.md shows. */
class CertificatesIT {
    private static final String SITES = """
            sites:
              one: {hosts: [one.example], root: BASE/one, https: redirect}
              two: {hosts: [two.example], root: BASE/two}
            """;

    @TempDir
    static Path keys;

    private static Path base;
    private static X509Certificate one;
    private static X509Certificate two;
    private static PackagedGateway gateway;
    private static int tlsPort;

    @BeforeAll
    static void start() throws Exception {
        one = Certificate.write("one.example", keys.resolve("one.pem"));
        two = Certificate.write("two.example", keys.resolve("two.pem"));
        tlsPort = FreePorts.next();
        base = Files.createTempDirectory("relais-certificates").toRealPath();
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : new String[] {"one", "two"}) {
            Files.createDirectories(base.resolve(name).resolve(".well-known/acme-challenge"));
            Files.writeString(base.resolve(name).resolve("index.html"), name);
            Files.writeString(base.resolve(name).resolve(".well-known/acme-challenge/token"), "token");
        }
        Path functions = PackagedGateway.functions(Map.of("scheme.php", "<?php echo $_SERVER['REQUEST_SCHEME'];"));
        Files.writeString(functions.resolve("functions.yaml"), SITES.replace("BASE", base.toString()));
        gateway = PackagedGateway.start(
                        functions,
                        Map.of(
                                "quarkus.http.ssl-port",
                                Integer.toString(tlsPort),
                                "quarkus.http.tls-configuration-name",
                                "web",
                                "quarkus.http.insecure-requests",
                                "enabled",
                                "quarkus.tls.web.key-store.sni",
                                "true",
                                "quarkus.tls.web.key-store.pem.a.cert",
                                keys.resolve("one.pem").toString(),
                                "quarkus.tls.web.key-store.pem.a.key",
                                keys.resolve("one.pem").toString(),
                                "quarkus.tls.web.key-store.pem.b.cert",
                                keys.resolve("two.pem").toString(),
                                "quarkus.tls.web.key-store.pem.b.key",
                                keys.resolve("two.pem").toString(),
                                "quarkus.tls.web.reload-period",
                                "1s",
                                "relais.http.trusted-proxies",
                                "127.0.0.1"))
                .ready();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
    }

    private static X509Certificate served(String name, String protocol) throws IOException {
        try (SSLSocket socket = Certificate.connectTo(name, tlsPort, protocol)) {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http/1.1", "h2"})
    void eachHostHasItsCertificate(String protocol) throws Exception {
        assertEquals(two, served("two.example", protocol));
        assertEquals(served("one.example", protocol), served("nobody.example", protocol), "the first one");
        for (String host : new String[] {"one.example", "two.example"}) {
            SSLSocket socket = Certificate.connectTo(host, tlsPort, protocol);
            Answer answer;
            if (protocol.equals("h2")) {
                try (Client client = new Http2Client(socket).stream()) {
                    answer = ask((Http2Stream) client, "GET", "https", host, "/");
                }
            } else {
                try (RawClient client = RawClient.over(socket)) {
                    answer = client.head("GET / HTTP/1.1", "Host: " + host).answer();
                }
            }
            assertEquals(200, answer.status());
            assertEquals(host.substring(0, 3), answer.text());
        }
    }

    private static Answer ask(Http2Stream stream, String method, String scheme, String host, String path)
            throws IOException {
        return stream.beginWith(true, ":method", method, ":scheme", scheme, ":path", path, ":authority", host)
                .answer();
    }

    @Test
    void aReplacedCertificateIsServedSoon() throws Exception {
        assertEquals(one, served("one.example", "h2"));
        try (RawClient before = RawClient.over(Certificate.connectTo("one.example", tlsPort, "http/1.1"))) {
            X509Certificate next = Certificate.write("one.example", keys.resolve("one.pem"));
            await().atMost(Patience.LIMIT)
                    .ignoreExceptionsInstanceOf(IOException.class) // of a handshake at the moment of the reload
                    .untilAsserted(() -> {
                        assertEquals(next, served("one.example", "h2"));
                        assertEquals(next, served("one.example", "http/1.1"));
                        assertEquals(two, served("two.example", "h2"));
                    });
            Answer answer = before.head("GET / HTTP/1.1", "Host: one.example").answer();
            assertEquals(200, answer.status(), "on the connection of before");
            one = next;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  one.example,      /a?b=c,  301, https://one.example/a?b=c",
        "HEAD, one.example,      /,       301, https://one.example/",
        "POST, one.example,      /form,   308, https://one.example/form",
        "GET,  one.example:8080, /,       301, https://one.example:PORT/",
        "GET,  one.example,      /.well-known/acme-challenge/token, 200, ''",
        "GET,  two.example,      /,       200, ''",
    })
    void whatComesWithoutTlsIsSentToIt(String method, String host, String target, int status, String location)
            throws Exception {
        String wanted = location.isEmpty() ? null : location.replace("PORT", Integer.toString(tlsPort));
        try (RawClient client = RawClient.connect(gateway.port)) {
            client.head(method + " " + target + " HTTP/1.1", "Host: " + host, "Content-Length: 0");
            Answer answer = method.equals("HEAD") ? client.answerHead() : client.answer();
            assertEquals(status, answer.status());
            assertEquals(wanted, answer.header("Location"));
        }
        try (Http2Client client = Http2Client.connect(gateway.port)) {
            Answer answer = ask(client.stream(), method, "http", host, target);
            assertEquals(status, answer.status());
            assertEquals(wanted, answer.header("Location"));
        }
    }

    @Test
    void whatAProxyGotByTlsCountsAsTls() throws Exception {
        try (RawClient client = RawClient.connect(gateway.port)) {
            assertEquals(
                    200,
                    client.head(
                                    "GET / HTTP/1.1",
                                    "Host: one.example",
                                    "X-Forwarded-Proto: https",
                                    "X-Forwarded-For: 192.0.2.1")
                            .answer()
                            .status());
            assertEquals(
                    301,
                    client.head(
                                    "GET / HTTP/1.1",
                                    "Host: one.example",
                                    "X-Forwarded-Proto: http",
                                    "X-Forwarded-For: 192.0.2.1")
                            .answer()
                            .status());
        }
    }
}
