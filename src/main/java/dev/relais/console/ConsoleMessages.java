package dev.relais.console;

import dev.relais.cache.Region;
import dev.relais.cache.ResultCache;
import dev.relais.events.Events;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.Functions;
import dev.relais.telemetry.Activities;
import dev.relais.telemetry.Activity;
import dev.relais.telemetry.InvocationMeters;
import dev.relais.telemetry.Served;
import dev.relais.telemetry.Snapshot;
import dev.relais.telemetry.Snapshots;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the messages of the console's stream, once for all viewers: {@code all} for one that has seen nothing yet or has missed something,
 * {@code now} with what has changed for the others. Confined to the one that sends them, a call at a time.
 */
@Singleton
final class ConsoleMessages {
    private final Supplier<Snapshot> snapshots;
    private final Supplier<Activity> activities;
    private final Supplier<List<Events.Entry>> events;
    private final Supplier<FunctionRegistry> functions;
    private final Function<String, @Nullable Double> cached;
    private final Supplier<@Nullable JsonObject> system;
    private final Supplier<List<LastErrors.Entry>> errors;
    private final Supplier<List<PastRequest>> requests;
    private final Function<String, Served> served;
    private long toldEvents;
    private long toldMoments;
    private long toldErrors;
    private long toldRequests;
    private FunctionRegistry toldFunctions = FunctionRegistry.empty();

    @Inject
    ConsoleMessages(
            Snapshots snapshots,
            Activities activities,
            Events events,
            Functions functions,
            ResultCache cache,
            SystemRoute system,
            LastErrors errors,
            LastRequests requests,
            InvocationMeters meters) {
        this(
                snapshots::recent,
                activities::current,
                events::last,
                functions::current,
                function -> cached(cache.region(function)),
                system::last,
                errors::last,
                requests::last,
                meters::served);
    }

    /** As {@link ConsoleJson#now} and {@link SignsReader#of} take them. */
    ConsoleMessages(
            Supplier<Snapshot> snapshots,
            Supplier<Activity> activities,
            Supplier<List<Events.Entry>> events,
            Supplier<FunctionRegistry> functions,
            Function<String, @Nullable Double> cached,
            Supplier<@Nullable JsonObject> system,
            Supplier<List<LastErrors.Entry>> errors,
            Supplier<List<PastRequest>> requests,
            Function<String, Served> served) {
        this.snapshots = snapshots;
        this.activities = activities;
        this.events = events;
        this.functions = functions;
        this.cached = cached;
        this.system = system;
        this.errors = errors;
        this.requests = requests;
        this.served = served;
    }

    private static @Nullable Double cached(@Nullable Region region) {
        return region == null ? null : CacheJson.hitRatio(region);
    }

    /**
     * What is so at a moment, from which both messages are made.
     *
     * @param isNews whether what viewers know of the functions is not true any more, so that each needs {@link #all}
     */
    record Moment(
            Snapshot snapshot,
            Activity activity,
            FunctionRegistry functions,
            JsonObject state,
            List<Events.Entry> events,
            List<LastErrors.Entry> errors,
            List<PastRequest> requests,
            boolean isNews) {}

    /** Looks at the gateway. It reads no file, and asks no child. */
    Moment look() {
        Snapshot snapshot = snapshots.get();
        Activity activity = activities.get();
        FunctionRegistry registry = functions.get();
        Bottleneck bottleneck = Bottleneck.of(SignsReader.of(snapshot, activity, registry, system.get()));
        boolean isNews = registry != toldFunctions;
        toldFunctions = registry;
        return new Moment(
                snapshot,
                activity,
                registry,
                ConsoleJson.now(snapshot, activity, bottleneck, cached)
                        .put("sites", SitesJson.counts(activity, registry, served)),
                events.get(),
                errors.get(),
                requests.get(),
                isNews);
    }

    /** All that the page shows. */
    Buffer all(Moment moment) {
        JsonArray history = new JsonArray();
        for (Activity.Moment second : moment.activity().history()) {
            history.add(ConsoleJson.moment(second));
        }
        return message(
                "all",
                moment.state()
                        .copy()
                        .put("history", history)
                        .put("settings", ConsoleJson.settings(moment.functions()))
                        .put("sites", SitesJson.of(moment.functions(), served))
                        .put("events", events(moment, 0))
                        .put("errors", errors(moment, 0))
                        .put("requests", requests(moment, 0)));
    }

    /** What is new since the call before. */
    Buffer now(Moment moment) {
        JsonObject json = moment.state().copy();
        List<Activity.Moment> history = moment.activity().history();
        long fresh = Math.min(history.size(), moment.activity().number() - toldMoments);
        JsonArray seconds = new JsonArray();
        for (Activity.Moment second : history.subList(history.size() - (int) Math.max(0, fresh), history.size())) {
            seconds.add(ConsoleJson.moment(second));
        }
        toldMoments = moment.activity().number();
        json.put("history", seconds)
                .put("events", events(moment, toldEvents))
                .put("errors", errors(moment, toldErrors))
                .put("requests", requests(moment, toldRequests));
        if (!moment.events().isEmpty()) {
            toldEvents = moment.events().get(moment.events().size() - 1).number();
        }
        if (!moment.errors().isEmpty()) {
            toldErrors = moment.errors().get(moment.errors().size() - 1).number();
        }
        if (!moment.requests().isEmpty()) {
            toldRequests = moment.requests().get(moment.requests().size() - 1).number();
        }
        return message("now", json);
    }

    /** Those that came after the one with this number. */
    private static JsonArray events(Moment moment, long after) {
        JsonArray told = new JsonArray();
        for (Events.Entry event : moment.events()) {
            if (event.number() > after) {
                told.add(EventJson.withWords(event));
            }
        }
        return told;
    }

    private static JsonArray errors(Moment moment, long after) {
        JsonArray told = new JsonArray();
        for (LastErrors.Entry error : moment.errors()) {
            if (error.number() > after) {
                told.add(error.json());
            }
        }
        return told;
    }

    private static JsonArray requests(Moment moment, long after) {
        JsonArray told = new JsonArray();
        for (PastRequest request : moment.requests()) {
            if (request.number() > after) {
                told.add(request.json());
            }
        }
        return told;
    }

    /** As the stream has it: WHATWG HTML section 9.2.5. JSON has no line breaks. */
    private static Buffer message(String event, JsonObject data) {
        return Buffer.buffer("event: " + event + "\ndata: " + data.encode() + "\n\n");
    }
}
