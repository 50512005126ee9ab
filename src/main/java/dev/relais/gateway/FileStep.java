package dev.relais.gateway;

import dev.relais.files.FileDelivery;
import dev.relais.functions.PhpFunction;
import dev.relais.http.AnswerHead;
import dev.relais.http.Callbacks;
import dev.relais.http.Edge;
import dev.relais.http.Problem;
import dev.relais.http.RequestTarget;
import dev.relais.http.ResponseWriter;
import dev.relais.sites.Application;
import dev.relais.sites.HostName;
import dev.relais.sites.Site;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;

/** The part of an invocation that concerns files, which may answer it in PHP's place; made when it is needed, since most need none. Confined to the request's event loop. */
record FileStep(
        Gateway gateway,
        Edge edge,
        HttpServerRequest request,
        ResponseWriter writer,
        Callbacks callbacks,
        FileDelivery.Listener listener) {
    /**
     * Finds out what answers the path of an application, which the function is.
     *
     * @param path below its mount
     */
    void find(PhpFunction function, RequestTarget target, String path) {
        Application application = Objects.requireNonNull(function.application());
        boolean reads = request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
        String client = gateway.connectionVariables().client(request);
        String host = CgiEnvironment.host(request, target);
        Site site = application.site();
        if (site == null || !site.sendsToHttps(gateway.connectionVariables().scheme(request), target.path())) {
            of(function).find(application, Route.asked(target, path, host, client, reads));
        } else if (host == null || HostName.of(host).isEmpty()) {
            // HTTP/1.0 needs none, but the target with TLS does.
            listener.finishWith(Problem.HOST_NOT_FOUND, null, null);
        } else {
            of(function).redirect(gateway.https().to(host, target.origin()), reads ? 301 : 308);
        }
    }

    /** Sends the file that the head of a function's answer names. */
    void sendFor(AnswerHead head, PhpFunction function) {
        of(function).sendFor(head, function.application());
    }

    private FileDelivery of(PhpFunction function) {
        return new FileDelivery(gateway.files(function), edge, request, writer, function.name(), callbacks, listener);
    }
}
