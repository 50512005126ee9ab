package dev.relais.lifecycle;

/** Thrown when a signal has ended the start, which is no failure. */
final class StoppedEarly extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoppedEarly() {
        super("a signal came while the gateway started", null, false, false);
    }
}
