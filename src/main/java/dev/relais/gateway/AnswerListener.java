package dev.relais.gateway;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.http.AnswerHead;
import dev.relais.http.Problem;

/** The invocation, as its relay of the answer sees it. */
interface AnswerListener {
    /** The head of the answer has come, and will go to the client. */
    void answerBegins();

    /** PHP's head names a file that is to be sent in place of its body. The exchange is no longer needed. */
    void answerIsFile(AnswerHead head);

    /**
     * PHP did not find the script.
     *
     * @return whether the script is looked for again; if not, PHP's answer goes to the client
     */
    boolean scriptIsMissing();

    /**
     * The exchange has failed before anything of its answer was written.
     *
     * @return whether the relay has to call {@link #runAgain}
     */
    boolean mayRunAgain(ExchangeFailure failure);

    /** A stored answer is to be given in the place of PHP's. */
    void answerIsStored();

    /** The answer was discarded, and another exchange has to take its place. */
    void runAgain();

    /** The client does not take its answer, so the answer was broken off. */
    void clientIsGone();

    /** The request ends with this problem or, if the head of its answer is already written, by breaking the connection. */
    void answerFailed(Problem problem);

    /**
     * The client has its answer, or is gone.
     *
     * @param scriptGoesOn whether the script still works, and may read the request's body
     */
    default void answerEnded(int status, boolean scriptGoesOn) {
        if (scriptGoesOn) {
            answered(status);
        } else {
            done(status);
        }
    }

    /** The invocation ends, but the script may still read its body. */
    void answered(int status);

    /** The invocation ends. */
    void done(int status);

    /**
     * The request's body is no longer read.
     *
     * @return whether a part of it had not arrived
     */
    boolean releaseBody();
}
