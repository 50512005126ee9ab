package dev.relais.telemetry;

import io.quarkus.arc.All;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/** All observers of invocations. Any thread. */
@Singleton
public class InvocationObservers {
    private final InvocationObserver[] observers;

    @Inject
    InvocationObservers(@All List<InvocationObserver> observers) {
        this.observers = observers.toArray(new InvocationObserver[0]);
    }

    /** Calls each observer for an invocation that has ended. */
    public void ended(Timeline timeline) {
        for (InvocationObserver observer : observers) {
            observer.ended(timeline);
        }
    }

    /** Calls each observer for a request whose head could not be read. */
    public void unreadable(Timeline timeline) {
        for (InvocationObserver observer : observers) {
            observer.unreadable(timeline);
        }
    }
}
