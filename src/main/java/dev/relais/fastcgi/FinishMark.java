package dev.relais.fastcgi;

/**
 * The message by which Relais' own {@code fastcgi_finish_request} says on the connection that the answer is complete and the
 * script goes on. PHP-FPM's function of this name sends END_REQUEST early instead, so that the next request would wait for the
 * rest of the script (src/docs/facts.md, fact 11).
 *
 * <p>The mark is a message on the error stream, whose records keep their order with those of the output. An answer without
 * output needs some output to make PHP send its head; the field {@link #FIELD} then says that the body is to be dropped.
 *
 * @param nonce letters and digits, new for each start of the gateway, so that no script sends it by accident
 */
public record FinishMark(String nonce) {
    public static final String FIELD = "Relais-Finish";

    /** What the script passes to {@code error_log}; it arrives at the end of a STDERR record. */
    public String message() {
        return "relais-finish " + nonce;
    }

    /** Whether the body that follows this head is to be dropped. */
    boolean isIn(ResponseHead head) {
        return nonce.equals(head.first(FIELD));
    }
}
