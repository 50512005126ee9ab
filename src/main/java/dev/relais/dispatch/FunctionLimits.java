package dev.relais.dispatch;

import dev.relais.admission.Limits;
import dev.relais.functions.Share;

/** What {@code functions.yaml} says of a function's share of the children, as the admission wants it. */
public final class FunctionLimits {
    private FunctionLimits() {}

    public static Limits of(Share share) {
        return new Limits(share.concurrency(), share.reserved(), share.priority(), share.queue());
    }
}
