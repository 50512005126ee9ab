package dev.relais.lifecycle;

import dev.relais.gateway.Gateway;
import dev.relais.http.HttpConnections;
import dev.relais.worker.WorkerGroups;
import jakarta.inject.Singleton;

/** The work of this gateway. */
@Singleton
final class GatewayWork implements AcceptedWork {
    private final Gateway gateway;
    private final HttpConnections connections;
    private final WorkerGroups groups;

    GatewayWork(Gateway gateway, HttpConnections connections, WorkerGroups groups) {
        this.gateway = gateway;
        this.connections = connections;
        this.groups = groups;
    }

    @Override
    public void stopAccepting() {
        connections.stopAccepting();
    }

    @Override
    public void closeIdle(long nanos) {
        connections.closeIdle(nanos);
    }

    @Override
    public long inFlight() {
        return gateway.inFlight();
    }

    @Override
    public int finishing() {
        return groups.finishing();
    }
}
