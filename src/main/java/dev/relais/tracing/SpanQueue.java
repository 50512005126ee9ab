package dev.relais.tracing;

import dev.relais.LogText;
import dev.relais.telemetry.TracingMeters;
import dev.relais.telemetry.TracingMeters.Reason;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * The spans that wait to be sent. They go in batches, one after the other, each second or as soon as one is full; a receiver that is slow or
 * gone fills the queue, and then the spans of whole requests are dropped and counted. No request waits for it. Any thread.
 */
final class SpanQueue {
    private static final Logger LOG = Logger.getLogger(SpanQueue.class);
    private static final long PERIOD_MILLIS = 1_000;

    /** It is encoded on an event loop, which that keeps for less than a millisecond. */
    private static final int BATCH = 128;

    private final SpanExporter exporter;
    private final Vertx vertx;
    private final int most;
    private final TracingMeters meters;
    private final Queue<SpanData> spans = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean sending = new AtomicBoolean();
    private final Context context;
    private final CountDownLatch emptied = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile boolean refused; // the last batch, which the log has told

    /** @param most how many spans may wait */
    SpanQueue(SpanExporter exporter, Vertx vertx, int most, TracingMeters meters) {
        this.exporter = exporter;
        this.vertx = vertx;
        this.most = most;
        this.meters = meters;
        this.context = vertx.getOrCreateContext();
    }

    void start() {
        context.runOnContext(now -> vertx.setPeriodic(PERIOD_MILLIS, timer -> {
            if (stopping) {
                vertx.cancelTimer(timer);
            } else {
                send();
            }
        }));
    }

    /** Takes the spans of one request, or drops all of them. */
    void offer(List<SpanData> request) {
        int count = request.size();
        int now = size.addAndGet(count);
        if (now > most) {
            size.addAndGet(-count);
            meters.dropped(Reason.BUFFER, count);
            return;
        }
        spans.addAll(request);
        if (now >= BATCH && !sending.get()) {
            context.runOnContext(soon -> send());
        }
    }

    /** Sends the next batch, unless one is under way. On the context. */
    private void send() {
        if (!sending.compareAndSet(false, true)) {
            return;
        }
        List<SpanData> batch = new ArrayList<>(BATCH);
        for (SpanData span; batch.size() < BATCH && (span = spans.poll()) != null; ) {
            batch.add(span);
        }
        if (batch.isEmpty()) {
            sending.set(false);
            if (stopping) {
                emptied.countDown();
            }
            return;
        }
        CompletableResultCode result = export(batch);
        result.whenComplete(() -> sent(batch.size(), result));
    }

    private CompletableResultCode export(List<SpanData> batch) {
        try {
            return exporter.export(batch);
        } catch (RuntimeException e) {
            return CompletableResultCode.ofExceptionalFailure(e);
        }
    }

    /** Any thread. */
    private void sent(int count, CompletableResultCode result) {
        size.addAndGet(-count);
        if (result.isSuccess()) {
            meters.sent(count);
        } else {
            meters.dropped(Reason.SEND, count);
        }
        tell(result);
        sending.set(false);
        if (stopping || size.get() >= BATCH) {
            context.runOnContext(next -> send());
        }
    }

    /** Tells when sending begins to fail, and when it works again. */
    private void tell(CompletableResultCode result) {
        boolean fails = !result.isSuccess();
        if (fails && !refused) {
            LOG.warnf("Spans are not taken by their receiver: cause=%s", LogText.value(result.getFailureThrowable()));
        } else if (!fails && refused) {
            LOG.info("Spans are taken again by their receiver");
        }
        refused = fails;
    }

    /** Sends what waits, for as long as this at most. Blocks. */
    void stop(Duration most) {
        stopping = true;
        context.runOnContext(last -> send());
        try {
            if (!emptied.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
                meters.dropped(Reason.SEND, size.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exporter.shutdown();
    }
}
