package dev.relais.fastcgi;

/** The peer broke the protocol. Carries no stack trace: it is an expected input, not a fault of ours. */
final class ProtocolViolation extends Exception {
    ProtocolViolation(String message) {
        super(message, null, false, false);
    }
}
