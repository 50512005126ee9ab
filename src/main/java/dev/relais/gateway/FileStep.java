package dev.relais.gateway;

import dev.relais.files.FileDelivery;
import dev.relais.functions.PhpFunction;
import dev.relais.http.AnswerHead;
import dev.relais.http.Callbacks;
import dev.relais.http.Edge;
import dev.relais.http.RequestTarget;
import dev.relais.http.ResponseWriter;
import dev.relais.sites.Application;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** The part of an invocation that concerns files, which may answer it in PHP's place. Confined to the request's event loop. */
record FileStep(
        Gateway gateway,
        Edge edge,
        HttpServerRequest request,
        ResponseWriter writer,
        Callbacks callbacks,
        FileDelivery.Listener listener) {
    /**
     * Finds out what answers the path of an application.
     *
     * @param path below its mount
     * @return false when the function is none, and nothing is to be found out
     */
    boolean finds(PhpFunction function, RequestTarget target, String path) {
        Application application = function.application();
        if (application != null) {
            boolean reads = request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
            String client = gateway.connectionVariables().client(request);
            String host = CgiEnvironment.host(request, target);
            of(function).find(application, Route.asked(target, path, host, client, reads));
        }
        return application != null;
    }

    /** Sends the file that the head of a function's answer names. */
    void sendFor(AnswerHead head, PhpFunction function) {
        of(function).sendFor(head, function.application());
    }

    private FileDelivery of(PhpFunction function) {
        return new FileDelivery(gateway.files(), edge, request, writer, function.name(), callbacks, listener);
    }
}
