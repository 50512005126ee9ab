package dev.relais.differential;

import dev.relais.testing.Answer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes comparable facts of an answer: each header field, and the body or, of the script that shows the request, each value
 * that PHP saw. What differs by its nature (times, ports, names of temporary files) is checked and replaced by a word.
 */
final class Facts {
    /** PHP's own name in its folder; with Relais that is one of the child's own, whose name begins with a dot. */
    private static final Pattern TEMPORARY =
            Pattern.compile("string /tmp/(\\.relais-[^/]+/\\d+/)?php(\\w{6}|\\w{18,24})");

    /** An id that PHP has made. */
    private static final Pattern SESSION = Pattern.compile("(?<=(PHPSESSID|OWN)=)([a-z0-9]{26}|[a-f0-9]{32})\\b");

    /** Where the scripts keep what they keep for one of the servers, see ResidentProfile. */
    private static final Pattern STATE = Pattern.compile("(?<=/relais-state\\d{1,20}/)(nginx|relais)");

    private static final int SHOWN = 2_000;

    private Facts() {}

    static void add(Map<String, String> facts, Answer answer, int clientPort, int serverPort) {
        String line = answer.head().get(0);
        facts.put("status", String.valueOf(answer.status()));
        facts.put("version", line.substring(0, line.indexOf(' ')));
        facts.put("reason", line.substring(Math.min(line.length(), line.indexOf(' ') + 5)));
        Set<String> names = new LinkedHashSet<>();
        for (String field : answer.head().subList(1, answer.head().size())) {
            names.add(field.substring(0, field.indexOf(':')));
        }
        for (String name : names) {
            String value = String.join(" | ", answer.headers(name));
            // Names are the same in any case; how they are written is a fact of its own for the script's.
            facts.put("header " + name.toLowerCase(Locale.ROOT), field(name, value));
            if (name.toLowerCase(Locale.ROOT).startsWith("x-")) {
                facts.put("spelling of " + name.toLowerCase(Locale.ROOT), name);
            }
        }
        if ("application/x-facts".equals(withoutParameters(answer.header("Content-Type")))) {
            addRequest(facts, answer, clientPort, serverPort);
        } else {
            String body = new String(answer.body(), StandardCharsets.ISO_8859_1);
            facts.put("body", shortened(STATE.matcher(body).replaceAll("its folder")));
        }
    }

    private static void addRequest(Map<String, String> facts, Answer answer, int clientPort, int serverPort) {
        for (String line : answer.text().split("\n")) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                continue; // to HEAD
            }
            String name = decoded(line.substring(0, equals));
            String value = decoded(line.substring(equals + 1));
            facts.put(name, shortened(neutral(name, value, clientPort, serverPort)));
        }
    }

    private static String neutral(String name, String value, int clientPort, int serverPort) {
        return switch (name) {
            case "$_SERVER[REQUEST_TIME]", "$_SERVER[REQUEST_TIME_FLOAT]" -> isNow(value) ? "now" : value;
            case "$_SERVER[REMOTE_PORT]" -> value.equals("string " + clientPort) ? "the client's" : value;
            case "$_SERVER[SERVER_PORT]" -> value.equals("string " + serverPort) ? "the server's" : value;
            default -> name.contains("[tmp_name]") && TEMPORARY.matcher(value).matches() ? "a temporary file" : value;
        };
    }

    private static boolean isNow(String value) {
        double seconds = Double.parseDouble(value.substring(value.indexOf(' ') + 1));
        return Math.abs(seconds - Instant.now().getEpochSecond()) < 60;
    }

    private static String field(String name, String value) {
        if (name.equalsIgnoreCase("Date")) {
            return date(value);
        }
        if (name.equalsIgnoreCase("Set-Cookie")) {
            // PHP counts it from now to the date that stands beside it, and a second may pass between two requests.
            return SESSION.matcher(value.replaceAll("Max-Age=\\d{6,}", "Max-Age=counted"))
                    .replaceAll("an id");
        }
        return value;
    }

    private static String date(String value) {
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Math.abs(date.getEpochSecond() - Instant.now().getEpochSecond()) < 60 ? "now" : value;
        } catch (DateTimeException e) {
            return value;
        }
    }

    private static String withoutParameters(String contentType) {
        return contentType == null ? null : contentType.split(";")[0];
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN
                ? text
                : text.substring(0, 40) + "... " + text.length() + " bytes, hash " + text.hashCode();
    }
}
