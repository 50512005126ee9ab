package dev.relais.slot;

import org.jspecify.annotations.Nullable;

/**
 * Limits how much one exchange may log, and where {@link #renew(long)} is called, how much comes of many short ones in a second. The rest is
 * counted, and the count is logged at its end. Confined to its caller's thread.
 */
final class MessageBudget {
    /** The most characters, which is four messages of the greatest length. */
    static final int MOST = 1 << 20;

    /** The most messages, since each costs a line of the log, however short it is. */
    static final int MOST_MESSAGES = 1 << 15;

    private static final long SECOND = 1_000_000_000;

    private long since; // when it last began anew, on the clock of renew
    private boolean told; // whether since then it was said what was left out
    private long said;
    private int admitted;
    private long messages;
    private long characters;

    MessageBudget() {}

    /** @param now the clock of {@link #renew(long)}; the first renewal may follow at once */
    MessageBudget(long now) {
        since = now - SECOND;
    }

    /** Whether this message is passed on. */
    boolean admits(String message) {
        if (admitted < MOST_MESSAGES && said + message.length() <= MOST) {
            admitted++;
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
        said = 0;
        admitted = 0;
        return leftOut();
    }

    /** Like {@link #renew()}, but begins anew at most once in a second, and says at most once until then what was left out. */
    @Nullable
    String renew(long now) {
        if (now - since >= SECOND) {
            since = now;
            told = false;
            return renew();
        }
        if (told) {
            return null;
        }
        String leftOut = leftOut();
        told = leftOut != null;
        return leftOut;
    }

    private @Nullable String leftOut() {
        if (messages == 0 && characters == 0) {
            return null;
        }
        String leftOut = "(left out of one run's messages: " + messages + " with " + characters + " characters, beyond "
                + MOST + " or " + MOST_MESSAGES + " messages)";
        messages = 0;
        characters = 0;
        return leftOut;
    }
}
