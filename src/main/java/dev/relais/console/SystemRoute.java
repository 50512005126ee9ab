package dev.relais.console;

import dev.relais.system.Doctor;
import dev.relais.system.Finding;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /q/relais/system}: what of the host and the configuration is as it should be, with what follows and what mends it. It runs on a
 * worker thread, one examination at a time, and gives one that is up to {@value #SECONDS} seconds old, since one starts PHP's program.
 */
@Singleton
public class SystemRoute {
    private static final int SECONDS = 5;

    private final Doctor doctor;
    private final Clock clock = Clock.systemUTC();
    private final LongSupplier nanos = System::nanoTime;
    private volatile @Nullable JsonObject last; // null: none yet; written under this
    private long lastNanos; // guarded by this

    SystemRoute(Doctor doctor) {
        this.doctor = doctor;
    }

    void register(@Observes ManagementInterface management) {
        management
                .router()
                .route("/q/relais/system")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .blockingHandler(this::handle, false);
    }

    private void handle(RoutingContext context) {
        JsonAnswer.send(context, 200, examined());
    }

    /** What was found last, however long ago; null before the first examination. Any thread; never blocks. */
    @Nullable
    JsonObject last() {
        return last;
    }

    private synchronized JsonObject examined() {
        long now = nanos.getAsLong();
        JsonObject current = last;
        if (current == null || now - lastNanos > TimeUnit.SECONDS.toNanos(SECONDS)) {
            current = json(doctor.examine()).put("examinedAt", clock.instant().toString());
            last = current;
            lastNanos = now;
        }
        return current;
    }

    /** Users' scripts read its keys, so keys may be added but never renamed. */
    static JsonObject json(List<Finding> findings) {
        JsonObject counts = new JsonObject();
        for (Finding.Verdict verdict : Finding.Verdict.values()) {
            counts.put(verdict.word(), 0);
        }
        JsonArray checks = new JsonArray();
        for (Finding finding : findings) {
            String word = finding.verdict().word();
            counts.put(word, counts.getInteger(word) + 1);
            checks.add(new JsonObject()
                    .put("name", finding.name())
                    .put("verdict", word)
                    .put("value", finding.value())
                    .put("wanted", finding.wanted())
                    .put("consequence", finding.consequence())
                    .put("remedy", finding.remedy()));
        }
        return new JsonObject().put("counts", counts).put("checks", checks);
    }
}
