package dev.relais.functions;

/** How changed code is put in force. */
public enum Reload {
    /** Each file by itself: opcache checks each file's time, and the registry follows each scan. */
    FILES,
    /** All code together: new workers start on it, and take over together with the registry when they are warm. */
    GENERATIONS
}
