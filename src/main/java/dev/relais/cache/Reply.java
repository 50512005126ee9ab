package dev.relais.cache;

/** What is done with a request that was looked up. */
public sealed interface Reply {
    /**
     * A stored answer is given.
     *
     * @param revalidate whether PHP is to be asked for a new one meanwhile
     * @param status the value of Cache-Status
     */
    record Give(Stored stored, boolean revalidate, String status) implements Reply {}

    /** PHP has to be asked. */
    record Ask() implements Reply {
        static final Ask ASK = new Ask();
    }

    /** Only a stored answer was wanted, and there is none: 504 (RFC 9111 section 5.2.1.7). */
    record Unsatisfied() implements Reply {
        static final Unsatisfied UNSATISFIED = new Unsatisfied();
    }
}
