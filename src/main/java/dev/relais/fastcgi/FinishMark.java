package dev.relais.fastcgi;

/**
 * What the {@code fastcgi_finish_request} that Relais gives to its functions says on the connection: the answer is complete, the
 * script goes on. PHP-FPM's own sends END_REQUEST early instead, and the next request would wait for the rest of the script
 * (src/docs/facts.md, fact 11).
 *
 * <p>The mark is a message on the error stream, which keeps its place behind the output. An answer without output needs some to make
 * PHP send its head; the field {@link #FIELD} then says that the body is not meant.
 *
 * @param nonce letters and digits, new for each start of the gateway, so that no script says it by accident
 */
public record FinishMark(String nonce) {
    public static final String FIELD = "Relais-Finish";

    /** What the script passes to {@code error_log}; it comes as the end of a STDERR record. */
    public String message() {
        return "relais-finish " + nonce;
    }

    /** Whether the body that follows this head is not meant. */
    boolean isIn(ResponseHead head) {
        return nonce.equals(head.first(FIELD));
    }
}
