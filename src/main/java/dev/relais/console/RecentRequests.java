package dev.relais.console;

import dev.relais.telemetry.InvocationObserver;
import dev.relais.telemetry.Timeline;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last requests, whatever became of them, which can be found by their ids. Each has a place in arrays that are made once, so that keeping
 * one is some stores, makes no object and holds none of the request. Any thread keeps; any thread looks, which goes through all places and
 * holds nobody up: a place that is written meanwhile is passed over.
 */
@Singleton
final class RecentRequests implements InvocationObserver {
    private static final int LONGEST_ID = 128;
    private static final int LONGEST_METHOD = 20;

    // Of each place, so many of the longs, in this order.
    private static final int AT = 0;
    private static final int BODY = 1;
    private static final int QUEUED = 2;
    private static final int CLAIMED = 3;
    private static final int FIRST_BYTE = 4;
    private static final int LAST_BYTE = 5;
    private static final int END = 6;
    private static final int IN = 7;
    private static final int OUT = 8;
    private static final int CHILD = 9;
    private static final int WORKER_AND_GENERATION = 10;
    private static final int STATUS_AND_RETRIES = 11;
    private static final int LONGS = 12;

    // Of each place, so many words, none of which is made for a request.
    private static final int METHOD = 0;
    private static final int FUNCTION = 1;
    private static final int SOURCE = 2;
    private static final int PROBLEM = 3;
    private static final int CACHE = 4;
    private static final int WORDS = 5;

    /** The number at a place while it is written; 0 where none is yet. */
    private static final long WRITTEN = -1;

    private final int kept;
    private final LongSupplier clock;
    private final AtomicLong last = new AtomicLong();
    private final AtomicLongArray numbers;
    private final long[] longs;
    private final @Nullable String[] words;
    private final byte[] ids;
    private final byte[] lengths;

    @Inject
    RecentRequests(ConsoleConfig config) {
        this(config, System::currentTimeMillis);
    }

    /** @param clock gives milliseconds since 1970 */
    RecentRequests(ConsoleConfig config, LongSupplier clock) {
        ConsoleConfig.check(config);
        this.kept = config.requests();
        this.clock = clock;
        this.numbers = new AtomicLongArray(kept);
        this.longs = new long[kept * LONGS];
        this.words = new String[kept * WORDS];
        this.ids = new byte[kept * LONGEST_ID];
        this.lengths = new byte[kept];
    }

    @Override
    public void ended(Timeline timeline) {
        if (kept == 0) {
            return;
        }
        String id = timeline.request().id();
        if (id == null || id.isEmpty() || id.length() > LONGEST_ID) {
            return;
        }
        long number = last.incrementAndGet();
        int place = (int) (number % kept);
        long before = numbers.getPlain(place);
        // Another thread writes there only when all other places were written since it began.
        if (before != WRITTEN && numbers.compareAndSet(place, before, WRITTEN)) {
            write(timeline, id, place);
            numbers.setRelease(place, number);
        }
    }

    @SuppressWarnings("deprecation") // exactly what is wanted: ids are ASCII, and nothing is allocated
    private void write(Timeline timeline, String id, int place) {
        id.getBytes(0, id.length(), ids, place * LONGEST_ID);
        lengths[place] = (byte) id.length();
        int at = place * LONGS;
        longs[at + AT] = clock.getAsLong();
        longs[at + BODY] = timeline.bodyNanos();
        longs[at + QUEUED] = timeline.queuedNanos();
        longs[at + CLAIMED] = timeline.claimedNanos();
        longs[at + FIRST_BYTE] = timeline.firstByteNanos();
        longs[at + LAST_BYTE] = timeline.lastByteNanos();
        longs[at + END] = timeline.endNanos();
        longs[at + IN] = timeline.bytesIn();
        longs[at + OUT] = timeline.bytesOut();
        longs[at + CHILD] = timeline.child();
        longs[at + WORKER_AND_GENERATION] = both(timeline.worker(), timeline.generation());
        longs[at + STATUS_AND_RETRIES] = both(timeline.status(), timeline.retries());
        Timeline.Source source = timeline.source();
        int word = place * WORDS;
        words[word + METHOD] = method(timeline.request().method());
        words[word + FUNCTION] = timeline.functionName();
        words[word + SOURCE] = source == null ? null : source.word();
        words[word + PROBLEM] = timeline.problem();
        words[word + CACHE] = timeline.cache();
    }

    /** Of one that a client has made up, no more than this is kept. */
    private static @Nullable String method(@Nullable String method) {
        return method == null || method.length() <= LONGEST_METHOD ? method : method.substring(0, LONGEST_METHOD);
    }

    private static long both(int high, int low) {
        return (long) high << 32 | low & 0xFFFF_FFFFL;
    }

    /** How many requests can be found at the most. */
    int kept() {
        return kept;
    }

    /** Those with this id, the newest last. */
    List<PastRequest> find(String id) {
        byte[] wanted = id.getBytes(StandardCharsets.ISO_8859_1);
        List<PastRequest> found = new ArrayList<>();
        for (int place = 0; place < kept; place++) {
            long number = numbers.getAcquire(place);
            if (number > 0 && isOf(place, wanted)) {
                PastRequest one = read(id, place, number);
                VarHandle.loadLoadFence();
                if (numbers.getOpaque(place) == number) {
                    found.add(one);
                }
            }
        }
        found.sort(Comparator.comparingLong(PastRequest::number));
        return found;
    }

    private boolean isOf(int place, byte[] id) {
        int from = place * LONGEST_ID;
        return (lengths[place] & 0xFF) == id.length && Arrays.equals(ids, from, from + id.length, id, 0, id.length);
    }

    /** What is at a place, which is true if that has not changed meanwhile. */
    private PastRequest read(String id, int place, long number) {
        int at = place * LONGS;
        int word = place * WORDS;
        long where = longs[at + WORKER_AND_GENERATION];
        long how = longs[at + STATUS_AND_RETRIES];
        return new PastRequest(
                number,
                Instant.ofEpochMilli(longs[at + AT]),
                id,
                words[word + METHOD],
                words[word + FUNCTION],
                (int) (how >> 32),
                words[word + SOURCE],
                words[word + PROBLEM],
                words[word + CACHE],
                PastRequest.millis(longs[at + BODY]),
                PastRequest.millis(longs[at + QUEUED]),
                PastRequest.millis(longs[at + CLAIMED]),
                PastRequest.millis(longs[at + FIRST_BYTE]),
                PastRequest.millis(longs[at + LAST_BYTE]),
                PastRequest.millis(longs[at + END]),
                (int) (where >> 32),
                longs[at + CHILD],
                (int) where,
                (int) how,
                longs[at + IN],
                longs[at + OUT]);
    }
}
