package dev.relais.sites;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a folder. Its path was read once, and everything that decides asks this one reading.
 *
 * @param path below the mount, percent-decoded and normalised; it begins with a slash, or is empty for the mount without one
 * @param encodedSlash the index in the path at which the first segment with an encoded slash begins; {@link Integer#MAX_VALUE} for none.
 *     From there on a slash may be data, so nothing there is looked up on the disk
 * @param query without the question mark, raw; empty when there is none
 * @param uri the whole target in origin form, as received
 * @param host the name that was asked for, in lower case and without a port; empty when there is none
 * @param client the address of the client; empty when Relais itself asks
 * @param reads whether the method is GET or HEAD
 * @param internal whether a script asks, which may name what no client reaches
 * @param parser reads the target of a rewrite
 */
public record Asked(
        String path,
        int encodedSlash,
        String query,
        String uri,
        String host,
        String client,
        boolean reads,
        boolean internal,
        Parser parser) {
    /** Reads a target, percent-encoded and relative to the mount, as requests' targets are read. */
    public interface Parser {
        /** @return null when it is malformed */
        @Nullable
        Asked read(String target, Asked before);
    }

    /** The same request for another path. */
    public Asked at(String other, int otherEncodedSlash, String otherQuery) {
        return new Asked(other, otherEncodedSlash, otherQuery, uri, host, client, reads, internal, parser);
    }

    boolean hasEncodedSlash() {
        return encodedSlash != Integer.MAX_VALUE;
    }

    /** The last segment; empty behind a slash at the end. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
