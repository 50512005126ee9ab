package dev.relais.fastcgi;

/** Why an exchange did not reach its END_REQUEST. In every case the connection is closed. {@code detail} is for logs only. */
public sealed interface ExchangeFailure {
    String detail();

    /**
     * The child or its master went away, or the connection was closed on purpose.
     *
     * @param started false when the script provably did not start: the kernel never took the end of its parameters
     */
    record ConnectionLost(String detail, boolean started) implements ExchangeFailure {}

    /** The time limit of the exchange passed and its child was ended. */
    record TimedOut(String detail) implements ExchangeFailure {}

    /** The child was ended because the client is gone. */
    record Aborted(String detail) implements ExchangeFailure {}

    /** The peer sent bytes that are not FastCGI 1.0. */
    record BrokenProtocol(String detail) implements ExchangeFailure {}

    /** The script's answer has no valid CGI head (RFC 3875 section 6), or one over the limit. */
    record InvalidHead(String detail) implements ExchangeFailure {}
}
