package dev.relais.files;

import dev.relais.LimitedLog;
import dev.relais.LogText;
import dev.relais.http.AnswerHead;
import dev.relais.http.Callbacks;
import dev.relais.http.Delivery;
import dev.relais.http.Edge;
import dev.relais.http.Problem;
import dev.relais.http.RequestOrigin;
import dev.relais.http.ResponseWriter;
import dev.relais.http.SiteAnswers;
import dev.relais.sites.Application;
import dev.relais.sites.Asked;
import dev.relais.sites.Place;
import dev.relais.telemetry.FunctionMeters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the file that answers a request, which is a file that the function names in a field of its head, or the file to
 * which the request's path leads in an application. The file is looked up and opened on a thread of the {@link Offload};
 * everything else is confined to the request's event loop.
 */
public final class FileDelivery implements FileAnswer.Listener {
    /** The invocation that a file may answer. Exactly one of the methods without a result is called, once. */
    public interface Listener {
        /** Whether the invocation has ended meanwhile, so that the file is not needed. */
        boolean isDone();

        /** Whether the connection has to end with the answer. */
        boolean mustClose();

        /** No file answers the request, but this script. */
        void runScript(Place script);

        /** Nothing of an answer is written. The invocation ends with this problem, and with this extra field if it is not null. */
        void finishWith(Problem problem, @Nullable String name, @Nullable String value);

        /** The answer was the file, or a redirect or 304 in its place. */
        void done(int status);

        /** The client hung up before it had the whole file. */
        default void doneWithoutClient() {
            done(FunctionMeters.CLIENT_CLOSED);
        }
    }

    private static final LimitedLog LOG = new LimitedLog(FileDelivery.class);
    private static final String MAINTENANCE_SECONDS = "60";

    private static final String RETRY_SECONDS = Long.toString(FileThreads.REFUSAL_SECONDS);

    private final FileAccess access;
    private final Edge edge;
    private final HttpServerRequest request;
    private final ResponseWriter writer;
    private final String function;
    private final Callbacks callbacks;
    private final Listener listener;

    /**
     * @param writer has written nothing yet
     * @param function its name, for the log
     * @param callbacks of the invocation
     */
    public FileDelivery(
            FileAccess access,
            Edge edge,
            HttpServerRequest request,
            ResponseWriter writer,
            String function,
            Callbacks callbacks,
            Listener listener) {
        this.access = access;
        this.edge = edge;
        this.request = request;
        this.writer = writer;
        this.function = function;
        this.callbacks = callbacks;
        this.listener = listener;
    }

    /**
     * Sends the file that a function's head names, with the other fields of that head.
     *
     * @param application whose script gave the head; null for none
     */
    public void sendFor(AnswerHead head, @Nullable Application application) {
        Delivery delivery = head.delivery();
        open(
                opening -> NamedFile.open(delivery, application, access, opening),
                named -> named.file().close(),
                (named, failure) -> {
                    if (failure != null) {
                        refuse(delivery.field() + ": " + delivery.file(), failure);
                    } else if (listener.isDone()) {
                        named.file().close();
                    } else {
                        if (named.settings() != null) {
                            writer.site().hasFields(named.settings().headers());
                        }
                        answer().send(named.file(), head, named.fields());
                    }
                });
    }

    /** Sends the client to another target. */
    public void redirect(String location, int status) {
        answer().redirect(location, status);
    }

    /** Finds out what answers a request to an application: a file, a script, a redirect or a refusal. */
    public void find(Application application, Asked asked) {
        boolean isSite = application.site() != null;
        Demand demand = Demand.of(application, asked, request);
        ApplicationPlace kept = access.places().kept(demand);
        if (kept != null && isReady(kept)) {
            onPlace(kept, asked.path(), isSite);
            return;
        }
        FilePlaces places = access.places();
        AtomicBoolean began = new AtomicBoolean();
        open(
                opening -> {
                    began.set(true);
                    return kept == null ? places.find(demand, opening) : places.checked(kept, demand, opening);
                },
                place -> OpenFile.close(place.file()),
                (place, failure) -> {
                    if (failure != null) {
                        if (kept != null && !began.get()) {
                            OpenFile.close(kept.file()); // no thread was free that would have
                        }
                        refuse(asked.path(), failure);
                    } else if (place.wish() != null && !listener.isDone()) {
                        code(place, demand, isSite);
                    } else {
                        onPlace(place, asked.path(), isSite);
                        access.sweepLater(edge.loop());
                    }
                });
    }

    /**
     * Whether what was kept can be sent without a thread for files. Of a file that the kernel is about to copy only the length is asked, since
     * a thread has looked at it within the last second: a disk that hangs just then holds up the event loop, as it would while the kernel copies.
     */
    private boolean isReady(ApplicationPlace kept) {
        OpenFile file = kept.file();
        if (file == null || file.bytes() != null) {
            return true;
        }
        try {
            return request.method() == HttpMethod.GET && writer.isZeroCopy() && file.isWhole();
        } catch (IOException e) {
            return false; // a thread finds it anew
        }
    }

    private void code(ApplicationPlace place, Demand demand, boolean isSite) {
        String path = demand.asked().path();
        access.offload()
                .read(() -> access.places().coded(place, demand), edge.loop(), callbacks.consumer((coded, failure) -> {
                    if (failure == null) {
                        onPlace(coded, path, isSite);
                        access.sweepLater(edge.loop());
                    } else if (failure instanceof FileUnavailable && !(failure instanceof FileCut)) {
                        onPlace(place.wishing(null), path, isSite); // no thread is free, so it goes out as it is
                    } else {
                        OpenFile.close(place.file());
                        refuse(path, failure);
                    }
                }));
    }

    private <T> void open(Offload.Search<T> search, Consumer<T> discard, BiConsumer<T, Throwable> then) {
        access.offload().open(search, discard, edge.loop(), callbacks.consumer(then));
    }

    private void onPlace(ApplicationPlace found, String path, boolean isSite) {
        if (listener.isDone()) {
            OpenFile.close(found.file());
            return;
        }
        Place place = found.place();
        int error = place.kind() == Place.Kind.REDIRECT ? 0 : place.status();
        writer.site().is(new SiteAnswers(fieldsOf(found), error, isSite));
        if (place.rule() != null) {
            warn("File refused", "path=" + LogText.value(path, 512) + " rule=" + LogText.value(place.rule(), 512));
        }
        if (found.failure() != null) {
            warnNotSent(path, found.failure());
        }
        switch (place.kind()) {
            case SCRIPT -> listener.runScript(place);
            case REDIRECT -> answer().redirect(Objects.requireNonNull(place.location()), place.status());
            default -> {
                if (found.file() == null) {
                    listener.finishWith(problemOf(found), null, null);
                } else {
                    FileFields own = found.fields() != null
                            ? found.fields()
                            : FileFields.of(found.file().name(), place.settings(), found.coding());
                    answer().send(found.file(), null, place.status() == 0 ? own : own.ofError());
                }
            }
        }
    }

    /** The fields of the site, and what each answer of an error says. */
    private static Map<String, String> fieldsOf(ApplicationPlace found) {
        Map<String, String> fields = found.place().settings().headers();
        int status =
                found.place().kind() == Place.Kind.REDIRECT ? 0 : found.place().status();
        if (status != 503 && status != 405) {
            return fields;
        }
        Map<String, String> all = new HashMap<>(fields);
        if (status == 405) {
            all.put("Allow", "GET, HEAD");
        } else {
            all.put("Retry-After", found.failure() == null ? MAINTENANCE_SECONDS : RETRY_SECONDS);
        }
        return all;
    }

    private static Problem problemOf(ApplicationPlace found) {
        if (found.failure() != null) {
            return FileAnswer.problemOf(found.failure());
        }
        return switch (found.place().status()) {
            case 403 -> Problem.FILE_FORBIDDEN;
            case 405 -> Problem.METHOD_NOT_ALLOWED;
            case 410 -> Problem.GONE;
            case 500 -> Problem.INTERNAL;
            case 503 -> Problem.MAINTENANCE;
            default -> Problem.FILE_NOT_FOUND;
        };
    }

    private void refuse(String what, Throwable failure) {
        warnNotSent(what, failure);
        if (!listener.isDone()) {
            Problem problem = FileAnswer.problemOf(failure);
            boolean later = problem == Problem.FILE_UNAVAILABLE;
            listener.finishWith(problem, later ? "Retry-After" : null, later ? RETRY_SECONDS : null);
        }
    }

    private void warnNotSent(String what, Throwable failure) {
        warn("File not sent", "file=" + LogText.value(what, 512) + " reason=" + LogText.value(failure, 512));
    }

    private FileAnswer answer() {
        return new FileAnswer(request, writer, access.offload(), edge.loop(), listener.mustClose(), callbacks, this);
    }

    @Override
    public void fileEnded(int status) {
        listener.done(status);
    }

    @Override
    public void clientGone() {
        listener.doneWithoutClient();
    }

    @Override
    public void fileRefused(Problem problem, @Nullable String name, @Nullable String value) {
        listener.finishWith(problem, name, value);
    }

    @Override
    public void fileBrokenOff(Throwable cause) {
        if (!listener.isDone()) {
            warn("File not sent whole", "reason=" + LogText.value(cause, 512));
        }
        listener.done(writer.status());
    }

    /**
     * @param kind fixed words
     * @param detail as {@code key=value}
     */
    private void warn(String kind, String detail) {
        LOG.line(Level.WARN, kind, function, () -> kind + ": " + RequestOrigin.of(function, request) + " " + detail);
    }
}
