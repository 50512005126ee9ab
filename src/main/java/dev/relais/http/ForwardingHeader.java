package dev.relais.http;

/** Which header trusted proxies write. Only one is believed: a proxy that writes the one passes a client's other on. */
public enum ForwardingHeader {
    X_FORWARDED,
    FORWARDED
}
