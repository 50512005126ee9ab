package dev.relais.slot;

import dev.relais.events.Events;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The resident functions, and what has happened to each. Any thread. */
@Singleton
public final class Residents {
    private final Events events;
    private final Clock clock;
    private final int checkEvery;
    private final Map<String, ResidentFacts> facts = new ConcurrentHashMap<>();

    /** @throws dev.relais.ConfigurationProblem when a key is out of its range */
    @Inject
    public Residents(ResidentConfig config, Events events) {
        this(config, events, Clock.systemUTC());
    }

    Residents(ResidentConfig config, Events events, Clock clock) {
        ResidentConfig.check(config);
        this.events = events;
        this.clock = clock;
        this.checkEvery = config.checkEvery();
    }

    /** Of so many requests to a child one is checked for what it leaves in memory; 0: none is; 1: each is. */
    public int checkEvery() {
        return checkEvery;
    }

    /** What has happened to a function, which is kept from now on until {@link #retain} leaves it out. */
    public ResidentFacts of(String function) {
        return facts.computeIfAbsent(function, name -> new ResidentFacts(name, events, clock));
    }

    /** Forgets all functions but these. */
    public void retain(Set<String> functions) {
        facts.keySet().retainAll(functions);
    }
}
