package dev.relais.body;

import dev.relais.fastcgi.Stdin;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The body of a request, which is read from the client and passed to PHP. Confined to the request's event loop. */
public interface RequestBody {
    /** Called as the body arrives, but not after {@link #discard}. */
    interface Listener {
        /** An exchange may begin. Called once. */
        void bodyReady();

        /** The rest of the body, which a child still wants, will not come. The answer may be complete already. */
        void bodyBrokeOff();

        /** The request cannot be served for this reason, whether or not a child already runs it. */
        void bodyRefused(BodyRefusal reason);
    }

    /**
     * Whether a part of the body has not arrived.
     *
     * @param body null when there is none
     */
    static boolean isHalf(@Nullable RequestBody body) {
        return body != null && !body.isWhole();
    }

    /** Whether the request can be run again with this body; also without one. */
    static boolean isRepeatable(@Nullable RequestBody body) {
        return body == null || body.isRepeatable();
    }

    /**
     * Releases a body.
     *
     * @param body null when there is none
     * @return whether a part of it had not arrived
     */
    static boolean release(@Nullable RequestBody body) {
        boolean half = isHalf(body);
        if (body != null) {
            body.release();
        }
        return half;
    }

    /** Discards a body; null when there is none. */
    static void discard(@Nullable RequestBody body) {
        if (body != null) {
            body.discard();
        }
    }

    /** Tells a body that the request is answered; null when there is none. */
    static void answered(@Nullable RequestBody body) {
        if (body != null) {
            body.answered();
        }
    }

    /** Begins to read the body. When this method returns the request has its handlers, or it stays paused. */
    void begin();

    /** How many bytes it has in all, which is what CONTENT_LENGTH says. Only after the listener was told that it is ready. */
    long size();

    /**
     * Begins to read the whole body from its start, for one exchange. Only after the listener was told that it is ready.
     *
     * @param onChild runs a task on the event loop of the child that reads, and then has it look for more of the body
     */
    Stdin stdin(Consumer<Runnable> onChild);

    /**
     * Its beginning, byte for byte, as far as it is in memory.
     *
     * @param most bytes
     */
    default String start(int most) {
        return "";
    }

    /** Whether all of it has arrived. */
    boolean isWhole();

    /** Whether another exchange could read it from its start. */
    boolean isRepeatable();

    /** The answer is complete, though a script may still read the body. */
    default void answered() {}

    /** The client is gone or was refused. The listener is not called any more. Idempotent. */
    void discard();

    /** Releases the memory and files of the body, once no exchange reads it any more. Idempotent. */
    void release();
}
