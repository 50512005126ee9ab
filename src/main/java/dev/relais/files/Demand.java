package dev.relais.files;

import dev.relais.sites.Application;
import dev.relais.sites.Asked;
import dev.relais.sites.Place;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request wants of a folder that is served whole, as far as that decides which file it gets, and in which coding. Immutable.
 *
 * @param accepted the values of its Accept-Encoding
 * @param isPlain whether it wants a part of the file, or is of HTTP/1.0, so that nothing is compressed for it
 */
record Demand(Application application, Asked asked, List<String> accepted, boolean isPlain) {
    private static final int LONGEST = 100; // of what a client may make of Accept-Encoding

    /** On the request's event loop. */
    static Demand of(Application application, Asked asked, HttpServerRequest request) {
        return new Demand(
                application,
                asked,
                request.headers().getAll(HttpHeaders.ACCEPT_ENCODING),
                request.version() == HttpVersion.HTTP_1_0 || request.headers().contains("Range"));
    }

    /**
     * Whether this is the script that is where the request asks for one, whatever its query is. The fallback is not, since a file may appear
     * at the path; nor is the script of a rewrite, or of a fallback that is an index, too, when it gets another query than was asked.
     */
    boolean isAnsweredBy(Place place) {
        return place.status() == 0
                && place.isScriptAt(asked.path())
                && asked.query().equals(place.query())
                && !application.rules().hasRules();
    }

    /**
     * Equal for all requests that get the same file in the same coding.
     *
     * @return null when that depends on more than a key has
     */
    @Nullable
    Key key() {
        if (asked.encodedSlash() != Integer.MAX_VALUE
                || !application.rules().admitsAll()
                || !asked.query().isEmpty() && application.rules().asksForUri()) {
            return null;
        }
        String codings = accepted.size() == 1 ? accepted.get(0) : String.join(",", accepted);
        return codings.length() > LONGEST
                ? null
                : new Key(
                        application,
                        asked.path(),
                        application.rules().asksForHost() ? asked.host() : "",
                        codings,
                        isPlain,
                        asked.reads());
    }

    /** The folder counts as itself: after a reload another one is in its place. */
    record Key(Application application, String path, String host, String codings, boolean isPlain, boolean reads) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && key.application == application
                    && key.isPlain == isPlain
                    && key.reads == reads
                    && key.path.equals(path)
                    && key.codings.equals(codings)
                    && key.host.equals(host);
        }

        @Override
        public int hashCode() {
            return (System.identityHashCode(application) * 31 + path.hashCode()) * 31 + codings.hashCode();
        }
    }
}
