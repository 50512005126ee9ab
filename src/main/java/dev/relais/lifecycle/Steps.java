package dev.relais.lifecycle;

import org.jspecify.annotations.Nullable;

/** The steps of a switch to another generation, in this order. All methods block, and are called by one thread. */
interface Steps {
    /**
     * Warms the first generation, which serves even if that fails.
     *
     * @param compile whether its scripts are compiled; otherwise it only answers the declared calls
     * @return what went wrong, in one line; null when nothing did
     */
    @Nullable
    String warmFirst(boolean compile) throws InterruptedException;

    /** Whether what the warm-up calls of the first generation have used is to be preloaded by another one. */
    boolean learnsFirst();

    /**
     * Makes a new generation take over.
     *
     * @throws SwitchProblem when it cannot; the old generation then goes on, and nothing of the new one is left
     */
    Former takeOver(int number) throws SwitchProblem, InterruptedException;

    /** Ends all generations that do not serve, after an unexpected failure. */
    void endOthers();

    /** The generation that another one has taken over from. */
    interface Former {
        int number();

        /**
         * Waits for a limited time until what it runs has ended, and then ends it.
         *
         * @return how many scripts had to be ended
         */
        int retire() throws InterruptedException;
    }
}
