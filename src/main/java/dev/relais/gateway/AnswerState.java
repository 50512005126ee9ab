package dev.relais.gateway;

/**
 * The state of the answer of an exchange, as {@link AnswerRelay} sees it. The methods are the moves. A move that the table does
 * not have throws, and the invocation ends with a problem.
 *
 * <pre>
 *            head     whole     script    loseClient  over  again
 * Awaited    Passing  Complete            Unheard     Over  Awaited
 * Passing             Complete            Unheard     Over  Awaited
 * Complete                      Complete              Over
 * Unheard                                             Over
 * Over                          Over                  Over
 * </pre>
 *
 * Each state exists once, or once for each of its two values, so that a move allocates nothing.
 */
sealed interface AnswerState {
    AnswerState AWAITED = new Awaited();

    /** The answer goes to the client, and nothing has ended it yet. */
    sealed interface Open extends AnswerState {
        @Override
        default AnswerState whole(boolean scriptGoesOn) {
            return Complete.of(scriptGoesOn);
        }

        @Override
        default AnswerState loseClient() {
            return Unheard.UNHEARD;
        }

        @Override
        default AnswerState again() {
            return AWAITED;
        }
    }

    /** PHP has sent nothing of its answer, or what it has sent was discarded. */
    record Awaited() implements Open {
        @Override
        public AnswerState head() {
            return Passing.PASSING;
        }
    }

    /** The head was taken, and the body is passed on as it arrives. */
    record Passing() implements Open {
        private static final Passing PASSING = new Passing();
    }

    /**
     * PHP has sent the whole answer, of which the client may not have everything.
     *
     * @param scriptGoesOn whether the script still works, and keeps its child
     */
    record Complete(boolean scriptGoesOn) implements AnswerState {
        private static final Complete GOES_ON = new Complete(true);
        private static final Complete ENDED = new Complete(false);

        private static Complete of(boolean scriptGoesOn) {
            return scriptGoesOn ? GOES_ON : ENDED;
        }

        @Override
        public AnswerState script(boolean goesOn) {
            return of(goesOn);
        }
    }

    /** The client is gone and the exchange goes on. What arrives of its answer is dropped. */
    record Unheard() implements AnswerState {
        private static final Unheard UNHEARD = new Unheard();
    }

    /**
     * The invocation knows how the answer ended, or does not need it.
     *
     * @param scriptGoesOn as in {@link Complete}
     */
    record Over(boolean scriptGoesOn) implements AnswerState {
        private static final Over GOES_ON = new Over(true);
        private static final Over ENDED = new Over(false);

        private static Over of(boolean scriptGoesOn) {
            return scriptGoesOn ? GOES_ON : ENDED;
        }

        @Override
        public AnswerState script(boolean goesOn) {
            return of(goesOn);
        }
    }

    /** The head of the answer has come. */
    default AnswerState head() {
        throw illegal("head");
    }

    /** Nothing more of the answer will arrive. */
    default AnswerState whole(boolean scriptGoesOn) {
        throw illegal("whole");
    }

    /** The answer is complete, and the script still works or has ended. */
    default AnswerState script(boolean goesOn) {
        throw illegal("script");
    }

    /** The client is gone before the answer is complete. */
    default AnswerState loseClient() {
        throw illegal("loseClient");
    }

    /** The invocation is told how the answer ended. */
    default AnswerState over(boolean scriptGoesOn) {
        return Over.of(scriptGoesOn);
    }

    /** Another exchange will bring another answer; nothing of this one is written. */
    default AnswerState again() {
        throw illegal("again");
    }

    /** Whether what arrives still goes to the client. */
    default boolean isOpen() {
        return this instanceof Passing || this instanceof Awaited;
    }

    /** Whether the script still works though its answer is complete. */
    default boolean scriptGoesOn() {
        return false;
    }

    private IllegalStateException illegal(String move) {
        return new IllegalStateException("no " + move + " in " + this);
    }
}
