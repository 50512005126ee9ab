package dev.relais.gateway;

/**
 * The state of an invocation. The methods are the moves. A move that the table does not have throws, and the invocation ends
 * with a problem.
 *
 * <pre>
 *             lookUp     gather     await    run      answer     loseClient  finish
 * Head        LookingUp  Gathering  Waiting                      Unheard     Done
 * LookingUp              Gathering  Waiting           Answering  Unheard     Done
 * Gathering                         Waiting                      Unheard     Done
 * Waiting                           Waiting  Running             Unheard     Done
 * Running     LookingUp             Waiting           Answering  Unheard     Done
 * Answering   LookingUp             Waiting                      Unheard     Done
 * Unheard                                                                    Done
 * Done                                                                       Done
 * </pre>
 *
 * Each state exists once, or once for each of its two values, so that a move allocates nothing.
 */
sealed interface InvocationState {
    InvocationState HEAD = new Head();

    /** A client waits for the answer. It may leave, and its invocation may need another child, in each of these states. */
    sealed interface Heard extends InvocationState {
        @Override
        default InvocationState await() {
            return Waiting.WAITING;
        }

        @Override
        default InvocationState loseClient() {
            return Unheard.UNHEARD;
        }
    }

    /** The head was read, and nothing else is known. */
    record Head() implements Heard {
        @Override
        public InvocationState lookUp() {
            return LookingUp.LOOKING_UP;
        }

        @Override
        public InvocationState gather() {
            return Gathering.GATHERING;
        }
    }

    /**
     * Another thread looks for the script that is to answer, or for a file, which is then sent from this state. No exchange runs for the
     * client any more.
     */
    record LookingUp() implements Heard {
        private static final LookingUp LOOKING_UP = new LookingUp();

        @Override
        public InvocationState gather() {
            return Gathering.GATHERING;
        }

        @Override
        public InvocationState answer() {
            return Answering.ANSWERING;
        }
    }

    /** The body is arriving, and a child is taken only when it has arrived. */
    record Gathering() implements Heard {
        private static final Gathering GATHERING = new Gathering();
    }

    /** The invocation needs a child, which it may get at once. */
    record Waiting() implements Heard {
        private static final Waiting WAITING = new Waiting();

        @Override
        public InvocationState run() {
            return Running.RUNNING;
        }
    }

    /** An exchange was started; nothing of its answer has arrived. */
    record Running() implements Heard {
        private static final Running RUNNING = new Running();

        @Override
        public InvocationState lookUp() {
            return LookingUp.LOOKING_UP;
        }

        @Override
        public InvocationState answer() {
            return Answering.ANSWERING;
        }
    }

    /** The head of the answer has arrived from PHP. As long as nothing is written, another exchange may replace this one. */
    record Answering() implements Heard {
        private static final Answering ANSWERING = new Answering();

        @Override
        public InvocationState lookUp() {
            return LookingUp.LOOKING_UP;
        }
    }

    /** The client is gone. The invocation ends when nothing works for it any more; a script may run to its end. */
    record Unheard() implements InvocationState {
        private static final Unheard UNHEARD = new Unheard();

        @Override
        public InvocationState finish() {
            return Done.UNHEARD;
        }
    }

    /**
     * The invocation has ended and was counted, and a stop does not wait for it. A script may still work.
     *
     * @param clientGone whether the client was gone before
     */
    record Done(boolean clientGone) implements InvocationState {
        private static final Done HEARD = new Done(false);
        private static final Done UNHEARD = new Done(true);

        @Override
        public InvocationState finish() {
            return this;
        }
    }

    /** Another thread finds out what answers. */
    default InvocationState lookUp() {
        throw illegal("lookUp");
    }

    /** The body is read. */
    default InvocationState gather() {
        throw illegal("gather");
    }

    /** A child is needed. */
    default InvocationState await() {
        throw illegal("await");
    }

    /** An exchange is started on a child. */
    default InvocationState run() {
        throw illegal("run");
    }

    /** The head of PHP's answer has arrived, or PHP's answer is used after all. */
    default InvocationState answer() {
        throw illegal("answer");
    }

    /** The client is gone. */
    default InvocationState loseClient() {
        throw illegal("loseClient");
    }

    /** The invocation has ended. Idempotent. */
    default InvocationState finish() {
        return Done.HEARD;
    }

    /** Whether an exchange was started whose end the invocation does not know yet. */
    default boolean hasExchange() {
        return this instanceof Running || this instanceof Answering || this instanceof Unheard;
    }

    default boolean isDone() {
        return this instanceof Done;
    }

    /** Whether no client is left to whom an answer could be written. */
    default boolean isClientGone() {
        return this instanceof Unheard || this instanceof Done done && done.clientGone;
    }

    private IllegalStateException illegal(String move) {
        return new IllegalStateException("no " + move + " in " + this);
    }
}
