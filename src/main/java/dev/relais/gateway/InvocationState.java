package dev.relais.gateway;

/**
 * Where an invocation stands. The methods are the moves; one that the table does not have throws, and the invocation ends with a
 * problem.
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

    /** Its head was read, and nothing is known but that. */
    record Head() implements InvocationState {
        @Override
        public InvocationState lookUp() {
            return LookingUp.LOOKING_UP;
        }

        @Override
        public InvocationState gather() {
            return Gathering.GATHERING;
        }

        @Override
        public InvocationState await() {
            return Waiting.WAITING;
        }

        @Override
        public InvocationState loseClient() {
            return Unheard.UNHEARD;
        }
    }

    /**
     * Another thread looks for the script that is to answer, or for a file, which is then sent from this state. No exchange runs for the
     * client any more.
     */
    record LookingUp() implements InvocationState {
        private static final LookingUp LOOKING_UP = new LookingUp();

        @Override
        public InvocationState gather() {
            return Gathering.GATHERING;
        }

        @Override
        public InvocationState await() {
            return Waiting.WAITING;
        }

        @Override
        public InvocationState answer() {
            return Answering.ANSWERING;
        }

        @Override
        public InvocationState loseClient() {
            return Unheard.UNHEARD;
        }
    }

    /** Its body is on the way, and no child is taken before it is there. */
    record Gathering() implements InvocationState {
        private static final Gathering GATHERING = new Gathering();

        @Override
        public InvocationState await() {
            return Waiting.WAITING;
        }

        @Override
        public InvocationState loseClient() {
            return Unheard.UNHEARD;
        }
    }

    /** It needs a child, which it may get at once. */
    record Waiting() implements InvocationState {
        private static final Waiting WAITING = new Waiting();

        @Override
        public InvocationState await() {
            return this;
        }

        @Override
        public InvocationState run() {
            return Running.RUNNING;
        }

        @Override
        public InvocationState loseClient() {
            return Unheard.UNHEARD;
        }
    }

    /** An exchange was started; nothing of its answer has come. */
    record Running() implements InvocationState {
        private static final Running RUNNING = new Running();

        @Override
        public InvocationState lookUp() {
            return LookingUp.LOOKING_UP;
        }

        @Override
        public InvocationState await() {
            return Waiting.WAITING;
        }

        @Override
        public InvocationState answer() {
            return Answering.ANSWERING;
        }

        @Override
        public InvocationState loseClient() {
            return Unheard.UNHEARD;
        }
    }

    /** The head of its answer has come from PHP. As long as nothing is written, another exchange may take the place of this one. */
    record Answering() implements InvocationState {
        private static final Answering ANSWERING = new Answering();

        @Override
        public InvocationState lookUp() {
            return LookingUp.LOOKING_UP;
        }

        @Override
        public InvocationState await() {
            return Waiting.WAITING;
        }

        @Override
        public InvocationState loseClient() {
            return Unheard.UNHEARD;
        }
    }

    /** Its client is gone, and it ends as soon as nothing is at work for it any more: a script may run to its end. */
    record Unheard() implements InvocationState {
        private static final Unheard UNHEARD = new Unheard();

        @Override
        public InvocationState finish() {
            return Done.UNHEARD;
        }
    }

    /**
     * It was counted, and a stop does not wait for it. A script may still be at work.
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

    /** Another thread is asked what answers. */
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

    /** The head of PHP's answer has come, or stands after all. */
    default InvocationState answer() {
        throw illegal("answer");
    }

    /** The client is gone. */
    default InvocationState loseClient() {
        throw illegal("loseClient");
    }

    /** It has ended; idempotent. */
    default InvocationState finish() {
        return Done.HEARD;
    }

    /** Whether an exchange was started whose end the invocation is still to hear of. */
    default boolean hasExchange() {
        return this instanceof Running || this instanceof Answering || this instanceof Unheard;
    }

    default boolean isDone() {
        return this instanceof Done;
    }

    /** Whether there is nobody any more to whom an answer could be written. */
    default boolean isClientGone() {
        return this instanceof Unheard || this instanceof Done done && done.clientGone;
    }

    private IllegalStateException illegal(String move) {
        return new IllegalStateException("no " + move + " in " + this);
    }
}
