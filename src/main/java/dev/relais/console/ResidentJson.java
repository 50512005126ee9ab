package dev.relais.console;

import dev.relais.LogText;
import dev.relais.slot.Leftover;
import dev.relais.slot.ResidentFacts;
import dev.relais.telemetry.Snapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resident functions as JSON: for the status, whose keys users' scripts read, and in short for the console's own page. */
final class ResidentJson {
    /** Of what one request has left, for the page, which is told each second. */
    private static final int LONGEST = 400;

    private ResidentJson() {}

    /** @param resident null for none */
    static @Nullable JsonObject status(Snapshot.@Nullable Resident resident) {
        if (resident == null) {
            return null;
        }
        ResidentFacts.BootFailure failure = resident.bootFailure();
        Instant lastBoot = resident.lastBoot();
        JsonArray left = new JsonArray();
        for (ResidentFacts.Left each : resident.left()) {
            left.add(left(each));
        }
        return new JsonObject()
                .put("way", resident.script() == null ? "application" : "script")
                .put("script", resident.script())
                .put("children", resident.children())
                .put("booted", resident.booted())
                .put("boots", resident.boots())
                .put("failedBoots", resident.failedBoots())
                .put("lastBoot", lastBoot == null ? null : lastBoot.toString())
                .put(
                        "bootFailure",
                        failure == null
                                ? null
                                : new JsonObject()
                                        .put("at", failure.at().toString())
                                        .put("reason", failure.reason()))
                .put("left", left);
    }

    private static JsonObject left(ResidentFacts.Left left) {
        JsonArray findings = new JsonArray();
        for (Leftover finding : left.findings()) {
            findings.add(new JsonObject()
                    .put("kind", finding.kind().word())
                    .put("name", finding.name())
                    .put("text", finding.text()));
        }
        return new JsonObject()
                .put("at", left.at().toString())
                .put("requestId", left.requestId())
                .put("strict", left.strict())
                .put("findings", findings)
                .put("putBack", new JsonArray(left.put()));
    }

    /** For the page: each resident function, with the problem of its last boot when that went wrong, and what was left, the newest first. */
    static JsonArray page(List<Snapshot.Pool> pools) {
        JsonArray all = new JsonArray();
        for (Snapshot.Pool pool : pools) {
            Snapshot.Resident resident = pool.resident();
            if (resident != null && all.size() < ConsoleJson.MOST_FUNCTIONS) {
                JsonArray left = new JsonArray();
                for (int i = resident.left().size() - 1; i >= 0; i--) {
                    ResidentFacts.Left each = resident.left().get(i);
                    left.add(new JsonObject()
                            .put("at", each.at().toEpochMilli())
                            .put("request", each.requestId())
                            .put("text", LogText.escape(String.join("; ", each.lines()), LONGEST))
                            .put("put", LogText.escape(String.join(", ", each.put()), LONGEST)));
                }
                all.add(new JsonObject()
                        .put("name", resident.function())
                        .put("script", resident.script())
                        .put("children", resident.children())
                        .put("booted", resident.booted())
                        .put("boots", resident.boots())
                        .put("problem", problem(resident))
                        .put("left", left));
            }
        }
        return all;
    }

    private static @Nullable String problem(Snapshot.Resident resident) {
        ResidentFacts.BootFailure failure = resident.bootFailure();
        Instant booted = resident.lastBoot();
        return failure == null || booted != null && booted.isAfter(failure.at()) ? null : failure.reason();
    }
}
