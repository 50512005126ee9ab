package dev.relais.redis;

import dev.relais.cache.PurgeScope;
import dev.relais.cache.SharedCounts;
import dev.relais.cache.SharedLevel;
import dev.relais.cache.SharedMoment;
import io.vertx.core.AsyncResult;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The purges of this gateway on their way into the journal. They stay here until they stand there, however long Redis is away; when they
 * become too many, one purge of everything takes their place. Confined to the event loop of {@link RedisLink}.
 */
final class Outbox {
    static final int MOST = 1_000;

    /** What tells others to look at the journal. */
    static final String NEWS = "p";

    /** Where the journal is deleted, no entry tells of a purge: everything older is void. */
    private static final SharedMoment NOWHERE = new SharedMoment(0, 0);

    /** @param count how many purges it stands for */
    private record Purge(PurgeScope scope, int count) {}

    private final RedisLink link;
    private final Journal journal;
    private final RedisKeys keys;
    private final SharedCounts counts;
    private final SharedLevel.Listener listener;
    private final Deque<Purge> waiting = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> asking = new ArrayList<>();
    private @Nullable RedisConnection sending; // on which the first one is sent; null: it is not
    private volatile int size;

    Outbox(RedisLink link, Journal journal, RedisKeys keys, SharedCounts counts, SharedLevel.Listener listener) {
        this.link = link;
        this.journal = journal;
        this.keys = keys;
        this.counts = counts;
        this.listener = listener;
    }

    /** How many wait. Any thread. */
    int size() {
        return size;
    }

    void add(PurgeScope scope) {
        if (waiting.size() < MOST) {
            waiting.add(new Purge(scope, 1));
        } else {
            int count = 1;
            for (Purge purge : waiting) {
                count += purge.count();
            }
            waiting.clear();
            sending = null; // its answer is not waited for: everything is purged later
            waiting.add(new Purge(new PurgeScope(null, null, null, false, scope.millis()), count));
        }
        size = waiting.size();
        send();
    }

    /** @param told completed once nothing waits any more; at some time only, when too many ask */
    void whenEmpty(CompletableFuture<Void> told) {
        if (waiting.isEmpty()) {
            told.complete(null);
        } else if (asking.size() < MOST) {
            asking.add(told);
        }
    }

    /** Sends what waits, one after the other. */
    void send() {
        RedisConnection connection = link.writes();
        Purge first = waiting.peek();
        if (connection == null || first == null || connection == sending || !journal.isInStep()) {
            return;
        }
        sending = connection;
        String text = first.scope().json().encode();
        connection
                .batch(List.of(journal.entry(JournalEntry.PURGE, text), news()))
                .onComplete(answer -> {
                    if (sending == connection) {
                        sending = null;
                        take(connection, first, answer);
                    }
                });
    }

    private Request news() {
        return Request.cmd(Command.PUBLISH).arg(keys.channel()).arg(NEWS);
    }

    private void take(RedisConnection connection, Purge first, AsyncResult<List<Response>> answer) {
        SharedMoment moment = answer.succeeded()
                ? SharedMoment.parse(String.valueOf(answer.result().get(0)))
                : null;
        if (moment != null) {
            told(first, moment);
            send();
        } else if (answer.failed() && Writes.isFull(answer.cause())) {
            deleteJournal(connection);
        } // else it is sent again: at the next tick, or once Redis is back
    }

    /** There is no room for an entry; but an entry may be deleted, and without its journal nothing in Redis counts. */
    private void deleteJournal(RedisConnection connection) {
        sending = connection;
        connection
                .batch(List.of(Request.cmd(Command.DEL).arg(keys.journal()), news()))
                .onComplete(answer -> {
                    if (sending == connection) {
                        sending = null;
                        if (answer.succeeded()) {
                            listener.loses();
                            while (!waiting.isEmpty()) {
                                told(waiting.element(), NOWHERE);
                            }
                            journal.read();
                        }
                    }
                });
    }

    private void told(Purge purge, SharedMoment moment) {
        waiting.remove(purge);
        size = waiting.size();
        counts.purgeTold();
        listener.told(moment, purge.scope(), purge.count());
        if (waiting.isEmpty()) {
            asking.forEach(one -> one.complete(null));
            asking.clear();
        }
    }
}
