package dev.relais.cache;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The second level of the result cache: a store of bytes that several gateways share, and a journal of what they purge. It may be slow,
 * full or gone at any time: then nothing is read or written, and no request fails. Any thread; no call blocks.
 */
public interface SharedLevel {
    /** There is none: each gateway keeps its answers alone. */
    SharedLevel NONE = new SharedLevel() {};

    /** What other gateways do. */
    interface Listener {
        /** The journal is known from here on. What was shared before is not to be used. */
        void begins(SharedMoment moment);

        /** The journal cannot be read any more where it was left. */
        void loses();

        /**
         * A purge of this gateway stands in the journal.
         *
         * @param count how many purges it stands for
         */
        void told(SharedMoment moment, PurgeScope scope, int count);

        /** A purge stands in the journal. */
        void recorded(SharedMoment moment, PurgeScope scope);

        /** Another gateway has purged this. Called on a thread that may take its time. */
        void purged(PurgeScope scope);

        /** Purges of others may have been missed. Called on a thread that may take its time. */
        void missed();

        /** More resources are outdated than can be told one by one. */
        void tooManyOutdated();

        /** Another gateway has had an unsafe request for this resource. */
        void outdated(String function, String primary);
    }

    /** How a look-up came out. */
    enum Read {
        /** The level has answered. */
        DONE,
        TIMEOUT,
        ERROR,
        /** What is there is nothing that this level has written. */
        FOREIGN
    }

    /** Gets what was looked up, once. */
    interface Reader {
        /**
         * @param token of the resource: entries with another one do not count; empty when nothing of it is there
         * @param entry what was written last under this key; empty when nothing is there
         */
        void read(Read outcome, String token, byte[] entry);
    }

    /**
     * An answer to write.
     *
     * @param resource the key of its resource
     * @param key its own
     * @param entry the bytes, without the token
     * @param token of the resource; null: the one that is there is taken, or a new one made
     * @param isNew whether the resource was not there, so that the token is made known
     */
    record Write(
            String resource,
            String key,
            byte[] entry,
            @Nullable String token,
            boolean isNew,
            long ttlMillis) {}

    default boolean isOn() {
        return false;
    }

    /** Begins to connect. */
    default void start(Listener listener) {}

    default void stop() {}

    /** The largest body that is shared. */
    default long maxObject() {
        return 0;
    }

    /** The moment up to which all purges are known; null while that is not so, when nothing is read or written. */
    default @Nullable SharedMoment moment() {
        return null;
    }

    /** What the clock that all gateways share is ahead of this one, in milliseconds. */
    default long clockAhead() {
        return 0;
    }

    /**
     * Whether an answer that this gateway keeps may have been purged elsewhere.
     *
     * @param askedMillis when PHP was asked for it
     */
    default boolean distrusts(long askedMillis, long nowMillis) {
        return false;
    }

    /** A word that no other gateway makes as well. */
    default String newToken() {
        return "";
    }

    /** When a look-up that begins now has to be over, as {@link System#nanoTime}. */
    default long deadlineNanos() {
        return 0;
    }

    /**
     * Looks up an entry and the token of its resource.
     *
     * @param loop on which the reader is called
     * @param deadlineNanos when the reader is called at the latest, as {@link #deadlineNanos}
     * @return false when the level cannot be asked now: then the reader is not called
     */
    default boolean read(EventLoop loop, String resource, String key, long deadlineNanos, Reader reader) {
        return false;
    }

    default void write(Write entry) {}

    /** An unsafe request has made a resource outdated: removes it, and tells the others. */
    default void outdate(String resource, String function, String primary) {}

    /** Removes a resource, which another gateway has found to be outdated. */
    default void remove(String resource) {}

    /** Writes a purge into the journal, from where all others take it, and goes on trying until it stands there. */
    default void purge(PurgeScope scope) {}

    /** Completed once all purges of this gateway so far stand in the journal. */
    default CompletionStage<Void> purgesTold() {
        return new CompletableFuture<>();
    }

    default SharedCounts counts() {
        return new SharedCounts();
    }

    default @Nullable SharedStatus status() {
        return null;
    }
}
