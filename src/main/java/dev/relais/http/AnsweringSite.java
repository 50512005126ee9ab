package dev.relais.http;

import java.util.Map;
import java.util.function.Supplier;

/** What the site of a request makes of its answers, as far as it is known yet. Confined to the request's event loop. */
public final class AnsweringSite {
    private static final Supplier<SiteAnswers> NOBODYS = () -> SiteAnswers.NONE;

    private Supplier<SiteAnswers> answers = NOBODYS;

    AnsweringSite() {}

    /** It is none. */
    public void isNone() {
        answers = NOBODYS;
    }

    /** From now on it is this. */
    public void is(SiteAnswers known) {
        answers = () -> known;
    }

    /** The same, as long as nothing else is known; asked for each answer. */
    public void isLikely(Supplier<SiteAnswers> likely) {
        answers = likely;
    }

    /** Its answers have these fields in the place of those before. */
    public void hasFields(Map<String, String> fields) {
        is(now().withFields(fields));
    }

    SiteAnswers now() {
        return answers.get();
    }
}
