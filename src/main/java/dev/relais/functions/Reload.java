package dev.relais.functions;

/** How changed code comes into force. */
public enum Reload {
    /** File by file: opcache looks at each file's time, and the registry follows each scan. */
    FILES,
    /** As a whole: new workers start on it, and take over together with the registry when they are warm. */
    GENERATIONS
}
