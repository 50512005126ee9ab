package dev.relais.cache;

import java.util.Locale;

/** Why an answer is not kept. Its word is what {@code Cache-Status} and the status say. */
public enum NotStored {
    /** The answer says nothing about being kept, and neither does {@code functions.yaml}. */
    NOT_ASKED,
    NO_STORE,
    PRIVATE,
    /** It is stale from the start, and could not be validated. */
    NEVER_FRESH,
    /** Vary: * */
    VARY_ALL,
    /** The request has credentials, and the answer does not say that others may get it. */
    AUTHORIZATION,
    /** The request has cookies, and nothing says that the answer does not depend on them. */
    COOKIE,
    /** It sets a cookie, and does not say that others may get it. */
    SET_COOKIE,
    /** It is a part of something, or a 304 to the client's own condition. */
    PARTIAL,
    /** A status that this cache does not know, with must-understand. */
    STATUS,
    /** Cache-Control cannot be understood. */
    MALFORMED,
    /** The request says no-store. */
    REQUEST_NO_STORE,
    TOO_LARGE,
    /** It ended too early. */
    INCOMPLETE,
    /** A file was sent in its place. */
    FILE,
    /** The code or the stored answers have changed since PHP was asked. */
    OUTDATED,
    /** It is an error, and a stored answer is given in its place. */
    ERROR;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Whether the next answer to the same request is expected not to be kept either. */
    boolean isLasting() {
        return this != INCOMPLETE && this != OUTDATED && this != PARTIAL && this != ERROR;
    }

    public String word() {
        return word;
    }
}
