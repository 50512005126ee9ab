package dev.relais.lifecycle;

import org.jspecify.annotations.Nullable;

/** What a switch to another generation consists of, in this order. All of it blocks, and belongs to one thread. */
interface Steps {
    /**
     * Warms the first generation, which serves whatever comes of it.
     *
     * @param compile whether its scripts are compiled; else it only answers the declared calls
     * @return what went wrong, in one line; null when nothing did
     */
    @Nullable
    String warmFirst(boolean compile) throws InterruptedException;

    /**
     * Has a new generation take over.
     *
     * @throws SwitchProblem when it cannot: the old one goes on, and nothing of the new one is left
     */
    Former takeOver(int number) throws SwitchProblem, InterruptedException;

    /** After a failure that nobody foresaw: ends what does not serve. */
    void endOthers();

    /** The generation that another one has taken over from. */
    interface Former {
        int number();

        /** Lets it end what it runs, within a time, and ends it. @return how many scripts had to be ended */
        int retire() throws InterruptedException;
    }
}
