package dev.relais.gateway;

import dev.relais.fastcgi.ResponseHead;
import dev.relais.http.AnswerHead;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees the answer of a function as it arrives, also when its client is gone, and may change what the client gets. Called on the
 * request's event loop.
 */
interface AnswerTap {
    /** Changes nothing. */
    AnswerTap NONE = head -> head;

    /** @return the head for the client; null when it is given another answer, and PHP's output is dropped */
    @Nullable
    AnswerHead head(AnswerHead head);

    /** Those of the fields that the client may get in an interim head. */
    default List<String> visible(List<String> fields) {
        return fields;
    }

    /** The head has come, but its client is gone. */
    default void unheard(ResponseHead head) {
        AnswerHead answer = AnswerHead.of(head);
        if (answer.delivery().isByFile()) {
            isFile();
        } else {
            head(answer);
        }
    }

    /** A piece of the body, which is read but not kept. */
    default void body(ByteBuf in, int length) {}

    /** All pieces of one read from PHP were given. */
    default void readComplete() {}

    /** Whether others wait for the answer, so that it is not broken off or held back because of this client. */
    default boolean isWaitedFor() {
        return false;
    }

    /** Nothing more comes. Of two calls the first counts. */
    default void end(boolean whole) {}

    /** A file is sent in the place of the answer. */
    default void isFile() {}

    /** What has come was discarded, since another exchange brings another answer. */
    default void discarded() {}
}
