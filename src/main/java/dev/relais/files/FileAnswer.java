package dev.relais.files;

import dev.relais.http.AnswerHead;
import dev.relais.http.ByteRange;
import dev.relais.http.Callbacks;
import dev.relais.http.Compressor;
import dev.relais.http.ContentCoding;
import dev.relais.http.FileCodings;
import dev.relais.http.Problem;
import dev.relais.http.ResponseWriter;
import io.netty.channel.EventLoop;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers with a whole file, a part of it, 304 or a refusal, as the request's conditions and range ask, or with the redirect to a
 * folder's path. What is small and in memory goes out with the head, while there is memory for answers. Else the kernel copies the file
 * into the socket; where it cannot (TLS, HTTP/2, compression), {@link FileCopy} does.
 * Confined to the request's event loop.
 */
final class FileAnswer {
    /** Called once, when the answer has ended. */
    interface Listener {
        /** The whole answer was written to the client's connection. */
        void fileEnded(int status);

        /** The client hung up before it had the whole answer. */
        void clientGone();

        /** Nothing is written yet. The listener has to write the problem, with this extra field if it is not null. */
        void fileRefused(Problem problem, @Nullable String name, @Nullable String value);

        /** The client sees an answer that is not whole. */
        void fileBrokenOff(Throwable cause);
    }

    private static final String TYPE = "Content-Type";

    private final HttpServerRequest request;
    private final ResponseWriter writer;
    private final Offload offload;
    private final EventLoop loop;
    private final boolean close;
    private final Callbacks callbacks;
    private final Listener listener;

    /**
     * @param close whether the connection ends with this answer
     * @param callbacks of its invocation
     */
    FileAnswer(
            HttpServerRequest request,
            ResponseWriter writer,
            Offload offload,
            EventLoop loop,
            boolean close,
            Callbacks callbacks,
            Listener listener) {
        this.request = request;
        this.writer = writer;
        this.offload = offload;
        this.loop = loop;
        this.close = close;
        this.callbacks = callbacks;
        this.listener = listener;
    }

    /** Sends the client to another target. */
    void redirect(String location, int status) {
        writer.head(AnswerHead.redirect(location, status), close);
        end();
    }

    /**
     * Sends the file or refuses it, and closes it at the end.
     *
     * @param kept the head of the function, whose other fields are kept, such as cookies, caching and the type; null without a
     *     function
     */
    void send(OpenFile file, @Nullable AnswerHead kept, FileFields own) {
        MultiMap wanted = request.headers();
        String etag = file.stamp().etag();
        long modified = file.stamp().modified();
        if (own.isError()) {
            send(file, head(file, kept, own, null), new ByteRange(0, file.length()));
            return;
        }
        switch (FileConditions.of(wanted, etag, modified)) {
            case FAILED -> refuse(file, Problem.PRECONDITION_FAILED, null);
            case NOT_MODIFIED -> {
                file.close();
                writer.head(notModified(file, kept, own), close);
                end();
            }
            case SEND -> {
                ByteRange range = !own.isCompressed() && FileConditions.rangeCounts(wanted, etag, modified)
                        ? ByteRange.parse(wanted.get("Range"), file.size())
                        : null;
                if (range != null && !range.isSatisfiable()) {
                    refuse(file, Problem.RANGE_NOT_SATISFIABLE, range.contentRange(file.size()));
                } else {
                    send(file, head(file, kept, own, range), range == null ? new ByteRange(0, file.length()) : range);
                }
            }
        }
    }

    private void refuse(OpenFile file, Problem problem, @Nullable String contentRange) {
        file.close();
        listener.fileRefused(problem, contentRange == null ? null : "Content-Range", contentRange);
    }

    private static String type(@Nullable AnswerHead kept, FileFields own) {
        return kept == null || kept.mediaType() == null ? own.type() : kept.mediaType();
    }

    /** What decides whether the answer is compressed on its way; null when that is decided. */
    private static @Nullable String coder(String type, FileFields own) {
        return own.isDecided() ? null : type;
    }

    /**
     * The head of a 304, which describes no content. The file's type decides whether it has the Vary of the 200 (RFC 9110
     * section 15.4.5).
     */
    private static AnswerHead notModified(OpenFile file, @Nullable AnswerHead kept, FileFields own) {
        List<String> fields = fields(file, file.stamp().etag(), kept, own);
        own.addVaryTo(fields);
        return AnswerHead.ofFile(304, fields, coder(type(kept, own), own), -1);
    }

    /** @param part null for the whole file */
    private static AnswerHead head(OpenFile file, @Nullable AnswerHead kept, FileFields own, @Nullable ByteRange part) {
        String type = type(kept, own);
        String etag = file.stamp().etag();
        List<String> fields = fields(file, own.isCompressed() ? FileCodings.tag(etag) : etag, kept, own);
        own.addCodingTo(fields);
        own.addVaryTo(fields);
        add(fields, TYPE, type);
        if (!own.isCompressed()) {
            add(fields, "Accept-Ranges", "bytes");
        }
        if (part == null) {
            return AnswerHead.ofFile(200, fields, coder(type, own), file.length());
        }
        add(fields, "Content-Range", part.contentRange(file.size()));
        return AnswerHead.ofFile(206, fields, coder(type, own), part.length());
    }

    private static List<String> fields(OpenFile file, String etag, @Nullable AnswerHead kept, FileFields own) {
        List<String> fields = new ArrayList<>(16);
        List<String> others = kept == null ? List.of() : kept.fields();
        for (int i = 0; i < others.size(); i += 2) {
            if (!others.get(i).equalsIgnoreCase(TYPE)) {
                add(fields, others.get(i), others.get(i + 1));
            }
        }
        add(fields, "ETag", etag);
        add(fields, "Last-Modified", file.stamp().lastModified());
        own.addCacheControlTo(fields);
        return fields;
    }

    private static void add(List<String> fields, String name, String value) {
        fields.add(name);
        fields.add(value);
    }

    private void send(OpenFile file, AnswerHead head, ByteRange bytes) {
        writer.head(head, close);
        FileBytes memory = file.bytes();
        if (memory != null && bytes.length() <= FilePlaces.SMALL && !writer.isMemoryUsedUp()) {
            int status = writer.status();
            writer.endWithFile(memory.part(bytes.first(), bytes.length()), callbacks.handler(sent -> {
                if (sent.succeeded()) {
                    listener.fileEnded(status);
                } else {
                    ended(sent.cause());
                }
            }));
            return;
        }
        ContentCoding coding = writer.beginFile(file.length());
        if (request.method() == HttpMethod.HEAD || bytes.length() == 0) {
            file.close();
            end();
        } else if (coding == null && memory == null && writer.isZeroCopy()) {
            writer.sendFile(
                    file.opened(),
                    bytes.first(),
                    bytes.length(),
                    file::close,
                    callbacks.handler(sent -> ended(sent.cause())));
        } else {
            Compressor compressor = coding == null ? null : new Compressor(coding);
            new FileCopy(file, bytes, compressor, writer, offload, loop, callbacks.consumer(this::ended)).begin();
        }
    }

    private void ended(Throwable failure) {
        if (failure == null) {
            end();
            return;
        }
        writer.breakOff(); // bytes of the announced length are missing, so nothing else may follow
        if (ResponseWriter.isClientGone(failure)) {
            listener.clientGone();
        } else {
            listener.fileBrokenOff(failure);
        }
    }

    private void end() {
        int status = writer.status();
        writer.endWithoutBody();
        listener.fileEnded(status);
    }

    /** The problem for a file that may not be sent, does not exist, or is not available now. */
    static Problem problemOf(Throwable failure) {
        if (failure instanceof FileUnavailable) {
            return Problem.FILE_UNAVAILABLE;
        }
        if (failure instanceof AccessDeniedException) {
            return Problem.FILE_FORBIDDEN;
        }
        return failure instanceof IOException ? Problem.FILE_NOT_FOUND : Problem.INTERNAL;
    }
}
