package dev.relais.running;

import dev.relais.http.AnswerDecoration;
import dev.relais.http.AnswerHead;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;

/** Adds to every answer a field that tells its status, while a test wants it. */
@Singleton
public class MarkedAnswers implements AnswerDecoration {
    static final String FIELD = "X-Mark";

    static volatile boolean on;

    @Override
    public void decorate(HttpServerRequest request, AnswerHead head, MultiMap fields) {
        if (on) {
            fields.add(FIELD, Integer.toString(head.status()));
        }
    }
}
