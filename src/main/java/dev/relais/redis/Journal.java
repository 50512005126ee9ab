package dev.relais.redis;

import dev.relais.cache.PurgeScope;
import dev.relais.cache.SharedCounts;
import dev.relais.cache.SharedLevel;
import dev.relais.cache.SharedMoment;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The journal of purges, a stream in Redis, as this gateway reads it: from the entry that it knows on, so that it sees that none is missing.
 * It reads each second and whenever another gateway says that there is news; so a lost message costs a second, and a lost connection
 * nothing but the time until it is back.
 *
 * <p>Redis forgets what it has not saved when it is restarted, and a purge with it. So the journal begins anew, by an entry that voids
 * all that is older at both levels, when Redis is another process than the one that the last entry was given to, and when the entry that is
 * known is not there any more. Confined to the event loop of {@link RedisLink}, but for what says so.
 */
final class Journal {
    /** Entries that Redis keeps, about: a gateway that was away for more purges forgets everything. */
    static final String MOST_ENTRIES = "10000";

    private static final int PAGE = 1_000;

    /** A connection on which nothing has come for so long is given up. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final RedisLink link;
    private final RedisKeys keys;
    private final String self;
    private final SharedLevel.Listener listener;
    private final SharedCounts counts;
    private final LongSupplier nanos;
    private final LongSupplier millis;
    private final LongConsumer answered;
    private String run = ""; // of the server; empty when it does not say so
    private @Nullable SharedMoment last; // the entry that is known; null: it is read from its beginning
    private @Nullable SharedMoment left; // where it was lost; null: nowhere
    private @Nullable SharedMoment began; // the last entry by which it begins
    private String lastRun = "";
    private boolean reading;
    private boolean again;
    private long readingSince;
    private boolean ready; // the server's run is known
    private Future<?> local = Future.succeededFuture(); // what is done here because of what was read
    private volatile @Nullable SharedMoment known; // null: not in step
    private volatile boolean behind = true; // since the connection was lost, until it is read to its end
    private volatile boolean everInStep;
    private volatile long inStepNanos;
    private volatile long clockAhead;
    private volatile boolean full;

    /**
     * @param self a word for this gateway
     * @param nanos as {@link System#nanoTime}
     * @param millis since 1970
     * @param answered told after each look at the journal how long the answer took, in nanoseconds
     */
    Journal(
            RedisLink link,
            RedisKeys keys,
            String self,
            SharedLevel.Listener listener,
            SharedCounts counts,
            LongSupplier nanos,
            LongSupplier millis,
            LongConsumer answered) {
        this.link = link;
        this.keys = keys;
        this.self = self;
        this.listener = listener;
        this.counts = counts;
        this.nanos = nanos;
        this.millis = millis;
        this.answered = answered;
    }

    /** The entry up to which all purges are known; null while that is not so. Any thread. */
    @Nullable
    SharedMoment known() {
        return behind ? null : known;
    }

    /** Any thread. */
    long clockAhead() {
        return clockAhead;
    }

    /** Whether Redis is too full to begin a journal. Any thread. */
    boolean isFull() {
        return full;
    }

    /** For how long nothing was heard of it, in nanoseconds; -1 when it never was in step. Any thread. */
    long silenceNanos() {
        return everInStep ? Math.max(0, nanos.getAsLong() - inStepNanos) : -1;
    }

    /** Whether entries may be added: the journal is read from this server. */
    boolean isInStep() {
        return known() != null && link.isConnected();
    }

    void connected() {
        RedisConnection connection = link.writes();
        if (connection == null) {
            return;
        }
        reading = true;
        readingSince = nanos.getAsLong();
        connection.send(Request.cmd(Command.INFO).arg("server")).onComplete(info -> {
            if (connection == link.writes()) {
                run = info.succeeded() ? run(String.valueOf(info.result())) : "";
                ready = true;
                reading = false;
                read();
            }
        });
    }

    private static String run(String info) {
        int start = info.indexOf("run_id:");
        int end = start < 0 ? -1 : info.indexOf('\n', start);
        return end < 0 ? "" : info.substring(start + "run_id:".length(), end).strip();
    }

    void disconnected() {
        behind = true;
        ready = false;
        reading = false;
        again = false;
    }

    /** Each second. */
    void tick() {
        if (reading && nanos.getAsLong() - readingSince > SILENCE_NANOS) {
            link.lose("no answer for " + TimeUnit.NANOSECONDS.toSeconds(SILENCE_NANOS) + " s");
        } else {
            read();
        }
    }

    /** Reads what is new. */
    void read() {
        RedisConnection connection = link.writes();
        if (connection == null || !ready) {
            return;
        }
        if (reading) {
            again = true;
            return;
        }
        reading = true;
        again = false;
        readingSince = nanos.getAsLong();
        long sentMillis = millis.getAsLong();
        SharedMoment from = last;
        connection
                .batch(List.of(
                        Request.cmd(Command.TIME),
                        Request.cmd(Command.XRANGE)
                                .arg(keys.journal())
                                .arg(from == null ? "-" : from.toString())
                                .arg("+")
                                .arg("COUNT")
                                .arg(Integer.toString(PAGE))))
                .onComplete(answer -> {
                    if (connection == link.writes()) {
                        reading = false;
                        answered.accept(nanos.getAsLong() - readingSince);
                        take(answer, from, sentMillis);
                    }
                });
    }

    private void take(AsyncResult<List<Response>> answer, @Nullable SharedMoment from, long sentMillis) {
        if (answer.failed()) {
            link.lose("the journal of purges cannot be read: " + answer.cause().getMessage());
            return;
        }
        Response time = answer.result().get(0);
        long took = Math.max(0, millis.getAsLong() - sentMillis);
        clockAhead = time.get(0).toLong() * 1000 + time.get(1).toLong() / 1000 - (sentMillis + took / 2);
        Response entries = answer.result().get(1);
        int size = entries == null ? 0 : entries.size();
        if (from != null && (size == 0 || !from.equals(moment(entries.get(0))))) {
            lose(from);
            read();
            return;
        }
        for (int i = from == null ? 0 : 1; i < size; i++) {
            JournalEntry entry = JournalEntry.of(entries.get(i));
            if (entry != null) {
                apply(entry, from == null && i == 0);
            }
        }
        if (size == PAGE) {
            read();
        } else {
            endIsReached();
        }
    }

    private static @Nullable SharedMoment moment(Response entry) {
        return SharedMoment.parse(entry.get(0).toString());
    }

    /** The entry that was known is gone, and so may be others that were not. */
    private void lose(SharedMoment at) {
        left = at;
        last = null;
        began = null;
        lastRun = "";
        known = null;
        listener.loses();
    }

    /** @param first whether it is the first one that there is */
    private void apply(JournalEntry entry, boolean first) {
        boolean fromBeginning = known == null;
        last = entry.moment();
        lastRun = entry.run();
        if (entry.begins()) {
            began = entry.moment();
        }
        if (first || entry.begins()) {
            listener.begins(entry.moment());
        }
        PurgeScope scope = entry.scope(millis.getAsLong());
        if (scope != null) {
            listener.recorded(entry.moment(), scope);
        }
        if (fromBeginning || entry.by().equals(self)) {
            return; // everything is forgotten at the end of it; or it is done already
        }
        counts.purgeHeard();
        if (entry.begins()) {
            locally(listener::missed);
        } else if (scope != null) {
            locally(() -> listener.purged(scope));
        }
    }

    /** On a thread that may take its time, in the order of the journal. */
    private void locally(Runnable task) {
        local = link.loop()
                .executeBlocking(
                        () -> {
                            task.run();
                            return null;
                        },
                        true);
    }

    private void endIsReached() {
        boolean begunAnew = left == null || began != null && began.compareTo(left) > 0;
        if (last == null || !lastRun.equals(run) || !begunAnew) {
            begin();
            return;
        }
        if (known == null) {
            if (everInStep) {
                counts.lost();
            }
            locally(listener::missed);
        }
        left = null;
        full = false;
        known = last;
        behind = false;
        long sent = readingSince;
        local.onComplete(done -> {
            inStepNanos = sent;
            everInStep = true;
        });
        if (again) {
            read();
        }
    }

    /** Voids all that is there, and begins the journal. */
    private void begin() {
        RedisConnection connection = link.writes();
        if (connection == null) {
            return;
        }
        known = null;
        listener.loses();
        reading = true;
        connection.send(entry("begin", "1")).onComplete(added -> {
            if (connection != link.writes()) {
                return;
            }
            reading = false;
            if (added.succeeded()) {
                last = null; // it is read from its beginning, and so is what others have added meanwhile
                read();
            } else if (Writes.isFull(added.cause())) {
                full = true; // the next tick tries again
            } else {
                link.lose("the journal of purges cannot be written: "
                        + added.cause().getMessage());
            }
        });
    }

    /** The command that adds an entry. */
    Request entry(String name, String value) {
        return Request.cmd(Command.XADD)
                .arg(keys.journal())
                .arg("MAXLEN")
                .arg("~")
                .arg(MOST_ENTRIES)
                .arg("*")
                .arg(name)
                .arg(value)
                .arg("run")
                .arg(run)
                .arg("by")
                .arg(self);
    }
}
