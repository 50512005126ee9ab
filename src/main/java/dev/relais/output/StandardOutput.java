package dev.relais.output;

/** Standard output, which the gateway's log and the access log may share. */
public final class StandardOutput {
    /** Held while whole lines are written, so that none is torn by another one. Only by threads that may block. */
    public static final Object LOCK = new Object();

    private StandardOutput() {}
}
