package dev.relais.gateway;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.http.AnswerHead;
import dev.relais.http.Problem;

/** The invocation, as its relay sees it. */
interface AnswerListener {
    /** The head of the answer has come, and is the client's. */
    void answerBegins();

    /** PHP's head names a file that is to be sent in place of its body: the exchange is of no more interest. */
    void answerIsFile(AnswerHead head);

    /** PHP did not find the script. @return whether it is looked for again; if not, the answer stands */
    boolean scriptIsMissing();

    /** The exchange has failed before anything of its answer was written. @return whether {@link #runAgain} is to follow */
    boolean mayRunAgain(ExchangeFailure failure);

    /** The answer was forgotten, and another exchange is to take its place. */
    void runAgain();

    /** The client does not take its answer, which was broken off. */
    void clientIsGone();

    /** The request ends with this problem, or where the head of its answer is written, with a connection that breaks. */
    void answerFailed(Problem problem);

    /**
     * The client has its answer, or is gone.
     *
     * @param scriptGoesOn whether the script still works, and may read the request's body
     */
    void answerEnded(int status, boolean scriptGoesOn);

    /** Nobody reads the request's body any more. @return whether a part of it had not come */
    boolean releaseBody();
}
