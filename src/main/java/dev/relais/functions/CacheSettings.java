package dev.relais.functions;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code functions.yaml} says about the answers of a function being kept. Times are in milliseconds, and -1 where nothing is
 * said.
 *
 * @param off whether nothing of it is kept, whatever PHP says
 * @param ttl how long an answer is fresh that says nothing about it
 * @param negative how long an answer is fresh that says nothing about it, and that the thing does not exist
 * @param staleWhileRevalidate how long after that it is given while a new one is made
 * @param staleIfError how long after that it is given when PHP fails
 * @param staleWhenSaturated how long after that it is given when no child is to be had
 * @param query the parameters of the query that belong to the key; null for all
 * @param sortedQuery whether the order of the parameters makes no difference
 * @param headers the request fields that belong to the key, in small letters
 * @param cookies the cookies that belong to the key, so that all others make no difference; null when nothing is said of cookies
 * @param files what the function is made of, as paths in the functions directory; null for all of it
 */
public record CacheSettings(
        boolean off,
        long ttl,
        long negative,
        long staleWhileRevalidate,
        long staleIfError,
        long staleWhenSaturated,
        @Nullable List<String> query,
        boolean sortedQuery,
        List<String> headers,
        @Nullable List<String> cookies,
        @Nullable List<String> files) {
    /** Of a function about which nothing is said: PHP decides. */
    public static final CacheSettings BY_PHP =
            new CacheSettings(false, -1, -1, -1, -1, -1, null, false, List.of(), null, null);

    /** {@code cache: off}. */
    public static final CacheSettings OFF =
            new CacheSettings(true, -1, -1, -1, -1, -1, null, false, List.of(), null, null);

    public CacheSettings {
        query = query == null ? null : List.copyOf(query);
        headers = List.copyOf(headers);
        cookies = cookies == null ? null : List.copyOf(cookies);
        files = files == null ? null : List.copyOf(files);
    }

    /** Whether the author has said anything of it, so that answers are expected to be kept. */
    public boolean isDeclared() {
        return this != BY_PHP && !off;
    }
}
