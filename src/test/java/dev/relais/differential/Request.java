package dev.relais.differential;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One request, byte for byte; each method gives a new one.
 *
 * @param name a unique name, for the message of a failure
 * @param requestLine method, target and version
 * @param lines of the header, all of them
 * @param body with its framing, chars being bytes (ISO-8859-1)
 */
record Request(String name, String requestLine, List<String> lines, String body) {
    static final String ECHO = "/api/differential/request";
    static final String ANSWER = "/api/differential/response";

    Request {
        lines = List.copyOf(lines);
    }

    /** The requests of the suite, of which each has its own name. */
    static List<Request> all(Server server) throws IOException {
        List<Request> all = new ArrayList<>(Targets.all());
        all.addAll(Headers.all());
        all.addAll(Bodies.all());
        all.addAll(Answers.all(server.cases(ANSWER)));
        Set<String> names = new HashSet<>();
        all.forEach(request -> assertTrue(names.add(request.name()), () -> "twice: " + request.name()));
        return all;
    }

    static Request of(String name, String method, String target) {
        return new Request(name, method + " " + target + " HTTP/1.1", List.of("Host: localhost"), "");
    }

    /** A GET of the script that shows the request. */
    static Request get(String name) {
        return of(name, "GET", ECHO);
    }

    /** A POST to it. */
    static Request post(String name, String contentType, String body) {
        return of(name, "POST", ECHO).with("Content-Type: " + contentType).sized(body);
    }

    Request with(String... more) {
        List<String> all = new ArrayList<>(lines);
        all.addAll(List.of(more));
        return new Request(name, requestLine, all, body);
    }

    Request named(String other) {
        return new Request(other, requestLine, lines, body);
    }

    /** The same to the function that gets its body while it comes. */
    Request streamed() {
        return new Request("streamed: " + name, requestLine.replace(ECHO, "/api/differential/streamed"), lines, body);
    }

    /** Takes away the Host line as well. */
    Request bare() {
        return new Request(name, requestLine, List.of(), body);
    }

    Request http10() {
        return new Request(name, requestLine.replace("HTTP/1.1", "HTTP/1.0"), lines, body);
    }

    /** Adds bytes behind the head, whatever the head says of them. */
    Request append(String bytes) {
        return new Request(name, requestLine, lines, body + bytes);
    }

    Request sized(String bytes) {
        return new Request(name, requestLine, lines, bytes).with("Content-Length: " + bytes.length());
    }

    Request chunked(String... chunks) {
        StringBuilder framed = new StringBuilder();
        for (String chunk : chunks) {
            framed.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        return new Request(name, requestLine, lines, framed + "0\r\n\r\n").with("Transfer-Encoding: chunked");
    }

    boolean isHead() {
        return requestLine.startsWith("HEAD ");
    }

    boolean isHttp10() {
        return requestLine.endsWith("HTTP/1.0");
    }

    /** Whether a header line of this name is there. */
    boolean has(String header) {
        return count(header) > 0;
    }

    long count(String header) {
        return lines.stream()
                .filter(line -> line.regionMatches(true, 0, header + ":", 0, header.length() + 1))
                .count();
    }

    byte[] bytes() {
        StringBuilder text = new StringBuilder(requestLine).append("\r\n");
        lines.forEach(line -> text.append(line).append("\r\n"));
        return text.append("\r\n").append(body).toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
