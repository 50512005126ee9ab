package dev.relais.tracing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.telemetry.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of spans when the receiver is quick, slow, or does not take them. */
class SpanQueueTest implements SpanExporter {
    private static final int MOST = 300;

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SpanQueue queue = new SpanQueue(this, vertx, MOST, Meters.ofTracing(registry));
    private final Queue<CompletableResultCode> underWay = new ConcurrentLinkedQueue<>();
    private final AtomicInteger exported = new AtomicInteger();
    private final AtomicInteger batches = new AtomicInteger();
    private volatile CompletableResultCode atOnce; // null: the answer comes later
    private volatile boolean throwing;

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        batches.incrementAndGet();
        exported.addAndGet(spans.size());
        if (throwing) {
            throw new IllegalStateException("as a broken exporter does");
        }
        CompletableResultCode result = atOnce == null ? new CompletableResultCode() : atOnce;
        underWay.add(result);
        return result;
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }

    @AfterEach
    void endLoops() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static List<SpanData> spans(int count) {
        SpanData span = new FinishedSpan(
                SpanSource.of("test", "1"),
                "name",
                SpanKind.INTERNAL,
                SpanContext.getInvalid(),
                SpanContext.getInvalid(),
                1,
                2,
                Attributes.empty(),
                StatusData.unset());
        return Collections.nCopies(count, span);
    }

    private double sent() {
        return registry.get("relais.tracing.spans.sent").counter().count();
    }

    private double dropped(String reason) {
        return registry.get("relais.tracing.spans.dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }

    @Test
    void aFullBatchGoesAtOnceAndAFewSpansWithinASecond() {
        atOnce = CompletableResultCode.ofSuccess();
        queue.offer(spans(128));
        await().until(() -> sent() == 128);
        queue.start();
        queue.offer(spans(3));
        await().until(() -> sent() == 131);
        assertEquals(2, batches.get());
    }

    @Test
    void oneBatchIsUnderWayAndBeyondTheBoundWholeRequestsAreDropped() {
        queue.offer(spans(150));
        await().until(() -> underWay.size() == 1);
        queue.offer(spans(149));
        queue.offer(spans(2));
        assertEquals(2, dropped("buffer"));
        queue.offer(spans(1));
        assertEquals(2, dropped("buffer"));
        assertEquals(1, batches.get());
        atOnce = CompletableResultCode.ofSuccess();
        underWay.remove().succeed();
        await().until(() -> sent() == 256);
        assertEquals(256, exported.get());
        assertEquals(0, dropped("send"));
    }

    @Test
    void whatTheReceiverDoesNotTakeIsCountedAndMakesRoom() {
        atOnce = CompletableResultCode.ofFailure();
        for (int i = 0; i < 5; i++) {
            double before = dropped("send");
            queue.offer(spans(128));
            await().until(() -> dropped("send") == before + 128);
        }
        throwing = true;
        queue.offer(spans(128));
        await().until(() -> dropped("send") == 6 * 128);
        assertEquals(0, dropped("buffer"));
    }

    @Test
    void theStopSendsWhatIsLeft() {
        atOnce = CompletableResultCode.ofSuccess();
        queue.offer(spans(100));
        queue.stop(Duration.ofMinutes(1));
        assertEquals(100, sent());
    }

    @Test
    void theStopDoesNotWaitForAReceiverThatGivesNoAnswer() {
        queue.offer(spans(100));
        queue.stop(Duration.ofMillis(20));
        assertTrue(dropped("send") == 100 && sent() == 0);
    }
}
