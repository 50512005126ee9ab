package dev.relais.gateway;

import dev.relais.LimitedLog;
import dev.relais.LogText;
import dev.relais.fastcgi.ResponseHead;
import dev.relais.files.ApplicationPlace;
import dev.relais.files.FileThreads;
import dev.relais.files.OpenFile;
import dev.relais.files.Opening;
import dev.relais.files.SendfileFolders;
import dev.relais.functions.Application;
import dev.relais.http.Edge;
import dev.relais.http.Problem;
import dev.relais.http.RequestOrigin;
import dev.relais.http.RequestTarget;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Gets the file that answers an invocation: the one that its function names, or the one that its path is in an application. Found
 * and opened on one of {@link FileThreads}; else confined to the request's event loop.
 */
final class FileDelivery implements FileAnswer.Listener {
    private static final LimitedLog LOG = new LimitedLog(FileDelivery.class);
    private static final String RETRY_SECONDS = Long.toString(FileThreads.REFUSAL_SECONDS);

    private final Invocation invocation;
    private final Gateway gateway;
    private final Edge edge;
    private final HttpServerRequest request;

    FileDelivery(Invocation invocation, Gateway gateway, Edge edge, HttpServerRequest request) {
        this.invocation = invocation;
        this.gateway = gateway;
        this.edge = edge;
        this.request = request;
    }

    /** Sends the file that this field of a function's head names. */
    void sendFor(ResponseHead head, String field) {
        FileAnswer answer = answer();
        String value = answer.keep(head, field);
        open(
                opening -> {
                    SendfileFolders.Named named = gateway.sendfile().find(field, value);
                    return gateway.opener().open(named.real(), named.name(), opening);
                },
                file -> file.close(),
                (file, failure) -> {
                    if (failure != null) {
                        refuse(field + ": " + value, failure);
                    } else if (invocation.isDone()) {
                        file.close();
                    } else {
                        answer.send(file);
                    }
                });
    }

    /**
     * Finds out what a path of an application is: a file's, another script's, or the front controller's.
     *
     * @param path below the application's folder
     */
    void find(Application application, String path, RequestTarget target) {
        boolean reads = request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
        open(
                opening -> ApplicationPlace.find(application, path, target, reads, gateway.opener(), opening),
                place -> OpenFile.close(place.file()),
                (place, failure) -> {
                    if (failure != null) {
                        refuse(target.path(), failure);
                    } else {
                        onPlace(place, path);
                    }
                });
    }

    private <T> void open(Opening.Work<T> work, Consumer<T> discard, BiConsumer<T, Throwable> then) {
        gateway.fileThreads()
                .open(work, discard, edge.loop(), invocation.callbacks().consumer(then));
    }

    private void onPlace(ApplicationPlace place, String path) {
        if (invocation.isDone()) {
            OpenFile.close(place.file());
        } else if (place.refusal() != null) {
            if (place.rule() != null) {
                warn("File refused", "path=" + LogText.value(path, 512) + " rule=" + LogText.value(place.rule(), 256));
            }
            invocation.finishWith(place.refusal(), place.allow() == null ? null : "Allow", place.allow());
        } else if (place.file() != null) {
            answer().send(place.file());
        } else if (place.slashed() != null) {
            answer().redirect(place.slashed());
        } else {
            invocation.runScript(place.script());
        }
    }

    private void refuse(String what, Throwable failure) {
        warn("File not sent", "file=" + LogText.value(what, 512) + " reason=" + LogText.value(failure, 512));
        if (!invocation.isDone()) {
            Problem problem = FileAnswer.problemOf(failure);
            boolean later = problem == Problem.FILE_UNAVAILABLE;
            invocation.finishWith(problem, later ? "Retry-After" : null, later ? RETRY_SECONDS : null);
        }
    }

    private FileAnswer answer() {
        return new FileAnswer(request, gateway, edge, invocation.mustClose(), invocation.callbacks(), this);
    }

    @Override
    public void fileEnded(int status) {
        invocation.done(status);
    }

    @Override
    public void fileRefused(Problem problem, String name, String value) {
        invocation.finishWith(problem, name, value);
    }

    @Override
    public void fileBrokenOff(Throwable cause) {
        if (!invocation.isDone()) {
            warn("File not sent whole", "reason=" + LogText.value(cause, 512));
        }
        invocation.done(request.response().getStatusCode());
    }

    /** @param kind fixed words @param detail as {@code key=value} */
    private void warn(String kind, String detail) {
        LOG.warn(kind, invocation.name(), "%s: %s %s", kind, RequestOrigin.of(invocation.name(), request), detail);
    }
}
