package dev.relais.gateway;

import dev.relais.functions.PhpFunction;

/** The part of an invocation that concerns the result cache. Called on the request's event loop. */
interface ResultPart {
    /** Of an invocation that the cache has no part in. */
    ResultPart NONE = new ResultPart() {};

    /** @return whether the request is answered */
    default boolean answersAtOnce() {
        return false;
    }

    /**
     * @param function with the script that is to answer
     * @param headNanos when the request's head came
     * @return whether another request asks PHP the same, so that this one waits for its answer
     */
    default boolean waits(PhpFunction function, String pathInfo, long headNanos) {
        return false;
    }

    /** The request is about to be encoded for PHP. */
    default void beforeAsking() {}

    /** It is encoded. */
    default void afterEncoding() {}

    /** Gives the stored answer that was chosen in the place of PHP's. */
    default void giveInstead() {}

    /**
     * Answers with a stored answer in the place of a problem, if one may be given.
     *
     * @param refused whether PHP was not asked, because no child is to be had; otherwise it has failed
     */
    default boolean standsIn(boolean refused) {
        return false;
    }

    /** The client is gone before PHP was asked. */
    default void clientIsGone() {}

    /** The invocation has ended. Idempotent. */
    default void end() {}
}
