package dev.relais.http;

/**
 * Which header trusted proxies write. Only this one is believed, because a proxy that writes one header passes on the other one
 * from a client.
 */
public enum ForwardingHeader {
    X_FORWARDED,
    FORWARDED
}
