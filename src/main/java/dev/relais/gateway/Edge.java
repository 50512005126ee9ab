package dev.relais.gateway;

import dev.relais.fastcgi.Params;
import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicLong;

/** What one event loop needs to serve requests, made once: nothing here is shared with another loop but the counters, for reading. */
final class Edge {
    private final EventLoop loop;
    private final int index;
    private final Params params = new Params();
    private final HttpDate date = new HttpDate();
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong finished = new AtomicLong();

    Edge(EventLoop loop, int index) {
        this.loop = loop;
        this.index = index;
    }

    EventLoop loop() {
        return loop;
    }

    int index() {
        return index;
    }

    Params params() {
        return params;
    }

    HttpDate date() {
        return date;
    }

    void invocationStarted() {
        started.lazySet(started.getPlain() + 1);
    }

    void invocationFinished() {
        finished.lazySet(finished.getPlain() + 1);
    }

    /** Invocations between their head and their last response byte. Any thread. */
    long inFlight() {
        long ended = finished.get();
        return started.get() - ended;
    }
}
