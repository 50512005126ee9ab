package dev.relais.slot;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The pipes by which children write their standard error to the gateway, past their master: a child marks the end of each request there,
 * and a master that reads the marks wakes for each request. A child learns of a pipe with its first exchange, the {@link Proof}. Any thread.
 */
public interface ErrorPipes {
    /** No pipes: masters read what their children write. */
    ErrorPipes NONE = socket -> Offer.NONE;

    /** A pipe that no child uses yet. */
    interface Offer {
        /** None is left, or there is none. */
        Offer NONE = new Offer() {
            @Override
            public @Nullable String told() {
                return null;
            }

            @Override
            public RunHistory answered(long pid, int number) {
                return RunHistory.NONE;
            }

            @Override
            public void withdraw() {}
        };

        /** What the child is told, and nobody else; null for none. */
        @Nullable
        String told();

        /**
         * The child has answered.
         *
         * @param number of the pipe that it writes to by now, this one or an earlier one; negative: none
         * @return what its runs are to be told to
         */
        RunHistory answered(long pid, int number);

        /** Nothing has answered. */
        void withdraw();
    }

    /** @param socket of the master whose children listen there; null for none */
    Offer offer(@Nullable Path socket);
}
