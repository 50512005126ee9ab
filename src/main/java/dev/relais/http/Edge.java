package dev.relais.http;

import dev.relais.fastcgi.Params;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What one event loop needs to serve requests. Each loop has its own; other threads read nothing of it but the counters. */
public final class Edge {
    private final EventLoop loop;
    private final int index;
    private final Params params = new Params();
    private final HttpDate date;
    private final RequestIds requestIds = new RequestIds(new SecureRandom());
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong finished = new AtomicLong();

    /** @param clock milliseconds since 1970 */
    public Edge(EventLoop loop, int index, LongSupplier clock) {
        this.loop = loop;
        this.date = new HttpDate(clock);
        this.index = index;
    }

    public EventLoop loop() {
        return loop;
    }

    public int index() {
        return index;
    }

    public Params params() {
        return params;
    }

    public HttpDate date() {
        return date;
    }

    /** A new id for a request. */
    String nextRequestId() {
        return requestIds.next();
    }

    public void invocationStarted() {
        started.lazySet(started.getPlain() + 1);
    }

    public void invocationFinished() {
        finished.lazySet(finished.getPlain() + 1);
    }

    /** Invocations between their head and their last response byte. Any thread. */
    public long inFlight() {
        long ended = finished.get();
        return started.get() - ended;
    }
}
