package dev.relais.lifecycle;

import dev.relais.worker.Generations;
import jakarta.inject.Singleton;
import sun.misc.Signal;

/** What SIGHUP does, as with nginx and PHP-FPM's SIGUSR2: new workers take over, with the code and the php.ini of now. */
@Singleton
final class HangUp {
    private final Generations generations;

    HangUp(Generations generations) {
        this.generations = generations;
    }

    /** Takes the signal over from the JVM, which would end. */
    void install() {
        Signal.handle(new Signal("HUP"), signal -> generations.ask("SIGHUP came"));
    }
}
