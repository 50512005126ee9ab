package dev.relais.fastcgi;

/** The peer broke the protocol. It carries no stack trace, because it is an expected input and no fault of the gateway. */
final class ProtocolViolation extends Exception {
    ProtocolViolation(String message) {
        super(message, null, false, false);
    }
}
