package dev.relais.differential;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Compares answers of two servers, and counts which of the listed differences they show. */
final class Comparison {
    private final List<Listed> listed;
    private final Map<String, Integer> seen = new TreeMap<>();
    private final List<String> unexpected = new ArrayList<>();
    private int requests;
    private int identical;

    Comparison(Listed[]... listed) {
        this.listed = Stream.of(listed).flatMap(Stream::of).toList();
    }

    /** Asks both servers one after the other. */
    void compare(Request request, Server nginx, Server relais) {
        compare(request, nginx.ask(request), relais.ask(request));
    }

    void compare(Request request, Map<String, String> nginx, Map<String, String> relais) {
        boolean equal = true;
        for (Difference difference : Difference.between(request, nginx, relais)) {
            boolean known = false;
            for (Listed one : listed) {
                if (one.covers(difference)) {
                    seen.merge(one.toString(), 1, Integer::sum);
                    known = true;
                    equal &= one.everywhere();
                }
            }
            if (!known) {
                unexpected.add(difference.toString());
                equal = false;
            }
        }
        requests++;
        identical += equal ? 1 : 0;
    }

    /** Fails unless there were so many requests, which show each listed difference and no other. */
    void check(String what, int leastRequests) {
        System.out.printf(
                "%s: %d requests: %d identical, %d with a listed difference, %d other differences; %s%n",
                what, requests, identical, requests - identical, unexpected.size(), seen);
        Set<String> outdated = new LinkedHashSet<>();
        listed.forEach(one -> outdated.add(one.toString()));
        outdated.removeAll(seen.keySet());
        assertAll(
                () -> assertTrue(requests >= leastRequests, () -> requests + " requests"),
                () -> assertEquals("", String.join("\n", unexpected), "differences that are not listed"),
                () -> assertEquals(Set.of(), outdated, "listed, but no longer there"));
    }
}
