package dev.relais.http;

import dev.relais.telemetry.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * A request whose head could not be read, so that nothing is known of it but who has sent it.
 *
 * @param clientAddress of its socket
 * @param id which was made for its answer
 */
record UnreadableRequest(String clientAddress, String id) implements Timeline.Request {
    @Override
    public @Nullable String method() {
        return null;
    }

    @Override
    public @Nullable String target() {
        return null;
    }

    @Override
    public @Nullable String protocol() {
        return null;
    }

    @Override
    public @Nullable String field(String name) {
        return null;
    }
}
