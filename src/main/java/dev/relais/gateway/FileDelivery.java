package dev.relais.gateway;

import dev.relais.fastcgi.ResponseHead;
import dev.relais.functions.Application;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.jboss.logging.Logger;

/**
 * Gets the file that answers an invocation: the one that its function names, or the one that its path is in an application. Found
 * and opened on a worker thread; else confined to the request's event loop.
 */
final class FileDelivery implements FileAnswer.Listener {
    private static final Logger LOG = Logger.getLogger(FileDelivery.class);

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
        gateway.offload(() -> gateway.sendfile().open(field, value), edge.loop(), (file, failure) -> {
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
        gateway.offload(
                () -> ApplicationPlace.find(application, path, target, reads), edge.loop(), (place, failure) -> {
                    if (failure != null) {
                        refuse(target.path(), failure);
                    } else {
                        onPlace(place);
                    }
                });
    }

    private void onPlace(ApplicationPlace place) {
        if (invocation.isDone()) {
            OpenFile.close(place.file());
        } else if (place.refusal() != null) {
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
        LOG.warnf(
                "%s: %s cannot be sent: %s", invocation.name(), PhpLog.escape(what), PhpLog.escape(failure.toString()));
        if (!invocation.isDone()) {
            invocation.refuse(FileAnswer.problemOf(failure));
        }
    }

    private FileAnswer answer() {
        return new FileAnswer(request, gateway, edge, invocation.mustClose(), this);
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
            LOG.warnf("%s: a file was not sent whole: %s", invocation.name(), cause);
        }
        invocation.done(request.response().getStatusCode());
    }
}
