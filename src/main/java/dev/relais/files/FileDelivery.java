package dev.relais.files;

import dev.relais.LimitedLog;
import dev.relais.LogText;
import dev.relais.functions.Application;
import dev.relais.http.AnswerHead;
import dev.relais.http.Callbacks;
import dev.relais.http.Delivery;
import dev.relais.http.Edge;
import dev.relais.http.Problem;
import dev.relais.http.RequestOrigin;
import dev.relais.http.RequestTarget;
import dev.relais.http.ResponseWriter;
import dev.relais.telemetry.FunctionMeters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
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

        /** No file answers the request, but this script; null for the application's front controller. */
        void runScript(Application.@Nullable Place script);

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

    /** Sends the file that a function's head names, with the other fields of that head. */
    public void sendFor(AnswerHead head) {
        Delivery delivery = head.delivery();
        open(
                opening -> {
                    SendfileFolders.Named named = access.folders().find(delivery);
                    return access.opener().open(named.real(), named.name(), opening);
                },
                file -> file.close(),
                (file, failure) -> {
                    if (failure != null) {
                        refuse(delivery.field() + ": " + delivery.file(), failure);
                    } else if (listener.isDone()) {
                        file.close();
                    } else {
                        answer().send(file, head);
                    }
                });
    }

    /**
     * Finds out whether a file, another script or the front controller answers a path of an application.
     *
     * @param path below the application's folder
     */
    public void find(Application application, String path, RequestTarget target) {
        boolean reads = request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
        open(
                opening -> ApplicationPlace.find(application, path, target, reads, access.opener(), opening),
                place -> OpenFile.close(place.file()),
                (place, failure) -> {
                    if (failure != null) {
                        refuse(target.path(), failure);
                    } else {
                        onPlace(place, path);
                    }
                });
    }

    private <T> void open(Offload.Search<T> search, Consumer<T> discard, BiConsumer<T, Throwable> then) {
        access.offload().open(search, discard, edge.loop(), callbacks.consumer(then));
    }

    private void onPlace(ApplicationPlace place, String path) {
        if (listener.isDone()) {
            OpenFile.close(place.file());
        } else if (place.refusal() != null) {
            if (place.rule() != null) {
                warn("File refused", "path=" + LogText.value(path, 512) + " rule=" + LogText.value(place.rule(), 256));
            }
            listener.finishWith(place.refusal(), place.allow() == null ? null : "Allow", place.allow());
        } else if (place.file() != null) {
            answer().send(place.file(), null);
        } else if (place.slashed() != null) {
            answer().redirect(place.slashed());
        } else {
            listener.runScript(place.script());
        }
    }

    private void refuse(String what, Throwable failure) {
        warn("File not sent", "file=" + LogText.value(what, 512) + " reason=" + LogText.value(failure, 512));
        if (!listener.isDone()) {
            Problem problem = FileAnswer.problemOf(failure);
            boolean later = problem == Problem.FILE_UNAVAILABLE;
            listener.finishWith(problem, later ? "Retry-After" : null, later ? RETRY_SECONDS : null);
        }
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
