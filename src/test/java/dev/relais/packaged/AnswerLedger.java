package dev.relais.packaged;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * All answers that clients of several gateways got while something happened, and all purges of that time: no answer may be broken, and none
 * may have been made before a purge that was over for longer than is allowed when it was asked for.
 */
final class AnswerLedger implements AutoCloseable {
    static final int RESOURCES = 40;

    /** Says for which resource, and when, PHP has made it; the sum shows whether anything of it is missing or mixed. */
    static final String SCRIPT = """
        <?php
        header('Cache-Control: max-age=600');
        header('Cache-Tag: all, r' . (int) $_GET['r']);
        $text = (int) $_GET['r'] . ' ' . (int) (microtime(true) * 1000) . ' ' . str_repeat('x', 100 * (int) $_GET['r']);
        echo $text, ' ', crc32($text);
        """;

    private static final Pattern BODY = Pattern.compile("(\\d+) (\\d+) x* (\\d+)");

    /**
     * @param asked milliseconds since 1970
     * @param made by PHP, likewise
     * @param problem null for none
     */
    private record Got(int resource, long asked, long took, long made, String status, String problem) {}

    private record Purged(long begun, long ended) {}

    private final List<Thread> clients = new ArrayList<>();
    private final Queue<Got> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Purged> purges = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /** A client that asks one gateway for one resource after the other. */
    void client(int port, int seed) {
        Thread client = new Thread(() -> run(port, seed), "client-" + port + "-" + seed);
        client.start();
        clients.add(client);
    }

    private void run(int port, int seed) {
        java.util.Random random = new java.util.Random(seed);
        try (RawClient client = RawClient.connect(port)) {
            while (!over) {
                ask(client, random.nextInt(RESOURCES));
            }
        } catch (IOException e) {
            answers.add(new Got(0, System.currentTimeMillis(), 0, 0, "", e.toString()));
        }
    }

    private void ask(RawClient client, int resource) throws IOException {
        long asked = System.currentTimeMillis();
        Answer answer = client.get("/api/made?r=" + resource).answer();
        long took = System.currentTimeMillis() - asked;
        String status = String.valueOf(answer.header("Cache-Status"));
        Matcher body = BODY.matcher(answer.text());
        boolean whole = answer.status() == 200
                && body.matches()
                && Integer.parseInt(body.group(1)) == resource
                && sum(answer.text()) == Long.parseLong(body.group(3));
        answers.add(new Got(
                resource,
                asked,
                took,
                whole ? Long.parseLong(body.group(2)) : 0,
                status,
                whole ? null : answer.status() + " " + answer.text()));
    }

    private static long sum(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.substring(0, text.lastIndexOf(' ')).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return sum.getValue();
    }

    /** Purges everything through one gateway. */
    String purge(int management) throws IOException {
        long begun = System.currentTimeMillis();
        try (RawClient client = RawClient.connect(management)) {
            String text = client.head("DELETE /q/relais/cache HTTP/1.1", "Host: localhost")
                    .answer()
                    .text();
            purges.add(new Purged(begun, System.currentTimeMillis()));
            return text;
        }
    }

    int size() {
        return answers.size();
    }

    /** How many answers say this in Cache-Status. */
    long with(String words) {
        return answers.stream().filter(got -> got.status().contains(words)).count();
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        for (Thread client : clients) {
            client.join();
        }
    }

    /** @return what must not have happened, after the clients have ended */
    List<String> faults(long allowedMillis) {
        List<String> faults = new ArrayList<>();
        for (Got got : answers) {
            if (got.problem() != null) {
                faults.add(got.toString());
            }
            for (Purged purge : purges) {
                if (got.problem() == null
                        && purge.ended() + allowedMillis < got.asked()
                        && got.made() < purge.begun()) {
                    faults.add(got + " was given after " + purge);
                }
            }
        }
        return faults.size() > 10 ? faults.subList(0, 10) : faults;
    }
}
