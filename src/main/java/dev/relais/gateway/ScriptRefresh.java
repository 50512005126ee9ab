package dev.relais.gateway;

import dev.relais.functions.PhpFunction;
import dev.relais.http.Edge;
import dev.relais.http.Problem;
import dev.relais.http.RequestTarget;

/**
 * Finds an invocation's script once more, when it was replaced or removed since the last scan and provably did not start (a Kubernetes
 * ConfigMap removes the old directory at once): looks at the directory, and has the new script run, if there is one. Confined to the
 * request's event loop.
 */
final class ScriptRefresh {
    private final Invocation invocation;
    private final AnswerRelay relay;
    private final Gateway gateway;
    private final Edge edge;

    ScriptRefresh(Invocation invocation, AnswerRelay relay, Gateway gateway, Edge edge) {
        this.invocation = invocation;
        this.relay = relay;
        this.gateway = gateway;
        this.edge = edge;
    }

    void begin(PhpFunction gone, RequestTarget target) {
        gateway.functions().refresh().whenComplete((registry, failure) -> edge.loop()
                .execute(invocation.callbacks().task(() -> onRefreshed(failure, gone, target))));
    }

    private void onRefreshed(Throwable failure, PhpFunction gone, RequestTarget target) {
        if (invocation.isDone()) {
            return;
        }
        Route found = Route.find(gateway.functions().current(), target);
        if (failure == null && found == null) {
            invocation.refuse(Problem.FUNCTION_NOT_FOUND);
        } else if (failure != null || found.function().scriptFilename().equals(gone.scriptFilename())) {
            relay.end(); // the script itself said so
        } else {
            invocation.runInstead(found);
        }
    }
}
