package dev.relais.slot;

import org.jspecify.annotations.Nullable;

/** Limits how much one exchange may log. The rest is counted, and the count is logged at its end. Confined to its caller's thread. */
final class MessageBudget {
    /** The most characters, which is four messages of the greatest length. */
    static final int MOST = 1 << 20;

    private long said;
    private long messages;
    private long characters;

    /** Whether this message is passed on. */
    boolean admits(String message) {
        if (said + message.length() <= MOST) {
            said += message.length();
            return true;
        }
        messages++;
        characters += message.length();
        return false;
    }

    /** Counts characters that are left out in any case. */
    void leaveOut(long more) {
        characters += more;
    }

    /**
     * Begins anew.
     *
     * @return a text that says what was left out; null when nothing was
     */
    @Nullable
    String renew() {
        if (said == 0 && characters == 0) {
            return null;
        }
        String leftOut = characters == 0
                ? null
                : "(left out of one run's messages: " + messages + " with " + characters + " characters, beyond " + MOST
                        + ")";
        said = 0;
        messages = 0;
        characters = 0;
        return leftOut;
    }
}
