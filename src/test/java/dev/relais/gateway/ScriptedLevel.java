package dev.relais.gateway;

import dev.relais.cache.PurgeScope;
import dev.relais.cache.SharedCounts;
import dev.relais.cache.SharedLevel;
import dev.relais.cache.SharedMoment;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A shared level that answers look-ups when the test wants it, with what was written. */
final class ScriptedLevel implements SharedLevel {
    final Map<String, Write> entries = new HashMap<>();
    final Map<String, String> tokens = new HashMap<>();
    final List<Runnable> reads = new ArrayList<>();
    final List<PurgeScope> purges = new ArrayList<>();
    final List<String> outdated = new ArrayList<>();
    final SharedCounts counts = new SharedCounts();
    Listener listener;
    SharedMoment moment = new SharedMoment(1, 0);
    Read outcome = Read.DONE;
    boolean distrusts;
    int asked;
    int written;

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public void start(Listener told) {
        listener = told;
        told.begins(moment);
    }

    @Override
    public long maxObject() {
        return 10_000;
    }

    @Override
    public SharedMoment moment() {
        return moment;
    }

    @Override
    public boolean distrusts(long askedMillis, long nowMillis) {
        return distrusts;
    }

    @Override
    public String newToken() {
        return "token" + tokens.size();
    }

    @Override
    public boolean read(EventLoop loop, String resource, String key, long deadlineNanos, Reader reader) {
        asked++;
        reads.add(() -> {
            String token = tokens.getOrDefault(resource, "");
            Write entry = entries.get(key);
            boolean there = outcome == Read.DONE && entry != null && token.equals(entry.token());
            reader.read(outcome, token, there ? entry.entry() : new byte[0]);
        });
        return true;
    }

    /** Answers all look-ups, also those that follow from them. */
    void answers() {
        while (!reads.isEmpty()) {
            reads.remove(0).run();
        }
    }

    @Override
    public void write(Write entry) {
        written++;
        String token = entry.token() == null || entry.isNew()
                ? tokens.computeIfAbsent(entry.resource(), key -> entry.token() == null ? newToken() : entry.token())
                : entry.token();
        entries.put(
                entry.key(), new Write(entry.resource(), entry.key(), entry.entry(), token, false, entry.ttlMillis()));
    }

    @Override
    public void outdate(String resource, String function, String primary) {
        outdated.add(function);
        tokens.remove(resource);
    }

    @Override
    public void remove(String resource) {
        tokens.remove(resource);
    }

    @Override
    public void purge(PurgeScope scope) {
        purges.add(scope);
    }

    @Override
    public SharedCounts counts() {
        return counts;
    }

    /** Another gateway's purge, or this one's, stands in the journal. */
    void record(PurgeScope scope) {
        moment = new SharedMoment(moment.millis() + 1, 0);
        if (purges.remove(scope)) {
            listener.told(moment, scope, 1);
        } else {
            listener.recorded(moment, scope);
            listener.purged(scope);
        }
    }
}
