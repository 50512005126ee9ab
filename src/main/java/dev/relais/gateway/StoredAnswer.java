package dev.relais.gateway;

import dev.relais.cache.CacheStatus;
import dev.relais.cache.Question;
import dev.relais.cache.Stored;
import dev.relais.http.AnswerHead;
import dev.relais.http.ByteRange;
import dev.relais.http.KeptBody;
import dev.relais.http.RequestId;
import dev.relais.http.ResponseWriter;
import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a stored answer: whole, as the part that the client wants, or as a 304 when the client has it already. */
final class StoredAnswer {
    /** Fields that describe a content, which a 304 does not have (RFC 9110 section 15.4.5). */
    private static final Set<String> OF_CONTENT =
            Set.of("content-length", "content-type", "content-encoding", "content-language", "content-range");

    private StoredAnswer() {}

    /**
     * @param status the value of Cache-Status
     * @param last run when the last byte was written, or the client is gone; null for none
     * @return the status that the client gets
     */
    static int write(
            Question question,
            Stored stored,
            String status,
            ResponseWriter writer,
            boolean close,
            @Nullable Handler<AsyncResult<Void>> last) {
        if (question.isNotModified(stored)) {
            List<String> fields = fields(question, stored, status, true);
            writer.head(AnswerHead.ofStored(304, "Not Modified", fields, stored.mediaType(), -1), close);
            writer.end(last);
            return 304;
        }
        int size = stored.content().length();
        ByteRange range = ByteRange.parse(question.range(stored), size);
        List<String> fields = fields(question, stored, status, false);
        if (range == null) {
            writer.head(AnswerHead.ofStored(stored.status(), stored.reason(), fields, stored.mediaType(), size), close);
            long weight = stored.content().weight();
            writer.endWith(stored.content(), last);
            if (stored.content().weight() != weight) {
                question.codingKept(stored);
            }
            return stored.status();
        }
        fields.add("Content-Range");
        fields.add(range.contentRange(size));
        if (!range.isSatisfiable()) {
            writer.head(AnswerHead.ofStored(416, "Range Not Satisfiable", fields, null, 0), close);
            writer.end(last);
            return 416;
        }
        writer.head(AnswerHead.ofStored(206, "Partial Content", fields, stored.mediaType(), range.length()), close);
        writer.endWith(new Part(stored.content().part(range.first(), range.length())), last);
        return 206;
    }

    /** The fields of a stored answer with its age (RFC 9111 section 5.1). */
    static List<String> fields(Question question, Stored stored, String status, boolean withoutContent) {
        List<String> kept = stored.fields();
        List<String> fields = new ArrayList<>(kept.size() + 6);
        for (int i = 0; i < kept.size(); i += 2) {
            boolean gone = RequestId.isName(kept.get(i)) // of the request that PHP has answered
                    || withoutContent && OF_CONTENT.contains(kept.get(i).toLowerCase(Locale.ROOT));
            if (!gone) {
                fields.add(kept.get(i));
                fields.add(kept.get(i + 1));
            }
        }
        fields.add("Age");
        fields.add(Long.toString(question.age(stored)));
        if (question.tells()) {
            fields.add(CacheStatus.FIELD);
            fields.add(status);
        }
        return fields;
    }

    /** A part, which is never coded. */
    private record Part(ByteBuf plain) implements KeptBody {
        @Override
        public int length() {
            return plain.readableBytes();
        }

        @Override
        public @Nullable ByteBuf coded(int coding) {
            return null;
        }

        @Override
        public void keep(int coding, ByteBuf bytes) {}
    }
}
