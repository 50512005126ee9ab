package dev.relais.fastcgi;

/**
 * The messages by which Relais' own PHP functions speak to the gateway. {@code fastcgi_finish_request} says on the connection that the answer is complete and the
 * script goes on; PHP-FPM's function of this name sends END_REQUEST early instead, so that the next request would wait for the
 * rest of the script (src/docs/facts.md, fact 11). {@code headers_send} says what the head will have ({@link HintMessage}).
 *
 * <p>Each mark is a message on the error stream, whose records keep their order with those of the output. An answer without
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

    /** How the message of {@code headers_send} begins; its fields and a dot follow. */
    public String hintStart() {
        return "relais-hints " + nonce + " ";
    }

    /** How the message begins by which a resident application tells what a request has left behind; a line of JSON follows. */
    public String leftStart() {
        return "relais-left " + nonce + " ";
    }

    /** Whether a message, which may have lost its end, is one of these, and no message for the log. */
    public boolean isMark(String text) {
        return text.startsWith("relais-")
                && (text.equals(message()) || text.startsWith(hintStart()) || text.startsWith(leftStart()));
    }

    /** Whether the body that follows this head is to be dropped. */
    boolean isIn(ResponseHead head) {
        return nonce.equals(head.first(FIELD));
    }
}
