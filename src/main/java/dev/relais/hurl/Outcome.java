package dev.relais.hurl;

import java.util.List;

/**
 * What has come of one entry.
 *
 * @param failures each on one line; empty when all is as expected
 * @param nanos how long it took
 */
record Outcome(String name, List<String> failures, long nanos) {
    boolean isPassed() {
        return failures.isEmpty();
    }

    long millis() {
        return nanos / 1_000_000;
    }
}
