package dev.relais.differential;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One of the two servers that are compared. It sends a request and records all facts of the answer. */
record Server(int port) {
    /**
     * Sends the request on its own connection, and a second one behind it, whose answer shows that the framing of the first was
     * right.
     */
    Map<String, String> ask(Request request) {
        Map<String, String> facts = new TreeMap<>();
        try (RawClient client = RawClient.connect(port)) {
            client.send(request.bytes());
            if (request.has("Expect") && !request.body().isEmpty()) {
                facts.put("interim answer", client.answerHead().head().get(0));
            }
            Answer answer = request.isHead() ? client.answerHead() : client.answer();
            Facts.add(facts, answer, client.localPort(), port);
            facts.put("connection stays open", stays(request, answer, client));
        } catch (IOException e) {
            facts.put("broken off", e.getClass().getSimpleName());
        }
        return facts;
    }

    /** Sends a request, and goes when a part of its answer is there. */
    void hangUpOn(String target) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            client.get(target).exactly(1_000);
        }
    }

    /** The names of its cases, which a script tells that is called without one. */
    List<String> cases(String function) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            return client.get(function).answer().text().lines().toList();
        }
    }

    private static String stays(Request request, Answer answer, RawClient client) throws IOException {
        boolean kept = request.isHttp10()
                ? "keep-alive".equalsIgnoreCase(answer.header("Connection"))
                : !"close".equalsIgnoreCase(answer.header("Connection"));
        if (!kept) {
            return client.isEnded() ? "no" : "announced to end, but goes on";
        }
        Answer next = client.head(
                        "GET " + Request.ANSWER + "?case=plain HTTP/1.1", "Host: localhost", "Connection: close")
                .answer();
        return next.status() == 200 && next.text().equals("plain\n") ? "yes" : "yes, but then " + next.head();
    }
}
