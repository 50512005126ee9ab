package dev.relais.files;

import dev.relais.fastcgi.ResponseHead;
import dev.relais.http.Callbacks;
import dev.relais.http.Compression;
import dev.relais.http.Compressor;
import dev.relais.http.ConnectionEnd;
import dev.relais.http.ContentCoding;
import dev.relais.http.Edge;
import dev.relais.http.HopByHop;
import dev.relais.http.HttpDate;
import dev.relais.http.MediaTypes;
import dev.relais.http.Problem;
import dev.relais.http.WeakenedTags;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.unix.Errors;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Answers with a file: whole, in part, or with 304, as the request's conditions want it. The kernel copies it into the socket;
 * where it cannot (TLS, HTTP/2, compression), {@link FileCopy} does. Confined to the request's event loop.
 */
final class FileAnswer {
    /** Told once how it ended. */
    interface Listener {
        /** The client's connection has the whole answer. */
        void fileEnded(int status);

        /** The client went before it had the whole answer. */
        void clientGone();

        /** Nothing is written yet: the problem is the listener's to write, with this extra field, if it is not null. */
        void fileRefused(Problem problem, String name, String value);

        /** The client sees an answer that is not whole. */
        void fileBrokenOff(Throwable cause);
    }

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final FileAccess access;
    private final Edge edge;
    private final boolean close;
    private final ConnectionEnd connectionEnd;
    private final Callbacks callbacks;
    private final Listener listener;

    /**
     * @param close whether the connection ends with this answer
     * @param callbacks of its invocation
     */
    FileAnswer(
            HttpServerRequest request,
            FileAccess access,
            Edge edge,
            boolean close,
            Callbacks callbacks,
            Listener listener) {
        this.request = request;
        this.response = request.response();
        this.access = access;
        this.edge = edge;
        this.close = close;
        this.connectionEnd = new ConnectionEnd(request, edge.loop());
        this.callbacks = callbacks;
        this.listener = listener;
    }

    /**
     * Keeps what a function's head says of more than the body that is dropped: cookies, caching, the type.
     *
     * @return the value of the field that asks for the file
     */
    String keep(ResponseHead head, String field) {
        String wanted = null;
        List<String> fields = head.fields();
        Set<String> options = HopByHop.options(fields);
        for (int i = 0; i < fields.size(); i += 2) {
            String name = fields.get(i);
            if (name.equalsIgnoreCase(field)) {
                wanted = fields.get(i + 1);
            } else if (!HopByHop.isOne(name, options) && !SendfileFolders.isOfTheBody(name.toLowerCase(Locale.ROOT))) {
                response.headers().add(name, fields.get(i + 1));
            }
        }
        return wanted;
    }

    /** Sends the client to another path of this host. */
    void redirect(String location) {
        response.headers().set("Location", location);
        response.headers().set("Content-Length", "0");
        end(301);
    }

    /** Sends the file, or refuses it, and closes it in the end. Header fields that are set already stay. */
    void send(OpenFile file) {
        MultiMap wanted = request.headers();
        String etag = file.etag();
        switch (FileConditions.of(wanted, etag, file.modified())) {
            case FAILED -> refuse(file, Problem.PRECONDITION_FAILED, null);
            case NOT_MODIFIED -> {
                describe(file, etag);
                // For its Vary (RFC 9110 section 15.4.5); the tag is the one that the client has.
                prepareCompression(file);
                response.headers().set("ETag", etag).remove("Content-Type").remove("Content-Encoding");
                WeakenedTags.keepIn304(wanted, response.headers());
                file.close();
                end(304);
            }
            case SEND -> {
                ByteRange range = FileConditions.rangeCounts(wanted, etag, file.modified())
                        ? ByteRange.parse(wanted.get("Range"), file.size())
                        : null;
                if (range != null && !range.isSatisfiable()) {
                    refuse(file, Problem.RANGE_NOT_SATISFIABLE, range.contentRange(file.size()));
                } else {
                    describe(file, etag);
                    send(file, range);
                }
            }
        }
    }

    private void refuse(OpenFile file, Problem problem, String contentRange) {
        file.close();
        listener.fileRefused(problem, contentRange == null ? null : "Content-Range", contentRange);
    }

    private void describe(OpenFile file, String etag) {
        MultiMap headers = response.headers();
        headers.set("ETag", etag);
        headers.set("Last-Modified", HttpDate.of(file.modified()));
        if (!headers.contains("Content-Type")) {
            headers.set("Content-Type", MediaTypes.of(file.name()));
        }
    }

    private void send(OpenFile file, ByteRange part) {
        ByteRange bytes = part == null ? new ByteRange(0, file.size()) : part;
        int status = part == null ? 200 : 206;
        MultiMap headers = response.headers();
        headers.set("Accept-Ranges", "bytes");
        headers.set("Content-Length", Long.toString(bytes.length()));
        if (part != null) {
            headers.set("Content-Range", part.contentRange(file.size()));
        }
        ContentCoding coding = part == null ? prepareCompression(file) : null;
        if (request.method() == HttpMethod.HEAD || bytes.length() == 0) {
            file.close();
            end(status);
            return;
        }
        begin(status);
        ConnectionBase connection = (ConnectionBase) request.connection();
        if (coding == null && isZeroCopy(connection)) {
            response.writeHead();
            // The region closes the file, also when the connection is gone. A file that was cut fails the write.
            connection.writeToChannel(
                    new DefaultFileRegion(file.channel(), bytes.first(), bytes.length()),
                    connection
                            .channel()
                            .newPromise()
                            .addListener(written -> callbacks.run(() -> ended(written.cause(), status))));
        } else {
            response.setChunked(coding != null);
            Compressor compressor = coding == null ? null : new Compressor(coding);
            new FileCopy(
                            file,
                            bytes,
                            compressor,
                            response,
                            access.offload(),
                            access.memory(),
                            edge.loop(),
                            callbacks.consumer(failure -> ended(failure, status)))
                    .begin();
        }
    }

    /** The last change of the head. @return null: the file goes out as it is */
    private ContentCoding prepareCompression(OpenFile file) {
        Compression compression = access.compression();
        return compression == null ? null : compression.prepare(request, response, file.size());
    }

    private boolean isZeroCopy(ConnectionBase connection) {
        return request.version() != HttpVersion.HTTP_2
                && !connection.isSsl()
                && connection.channel().pipeline().get(HttpContentCompressor.class) == null;
    }

    private void ended(Throwable failure, int status) {
        if (failure == null) {
            end(status);
        } else {
            // Bytes of the announced length are missing, so nothing else may follow.
            if (!response.reset()) {
                request.connection().close();
            }
            if (isClientGone(failure)) {
                listener.clientGone();
            } else {
                listener.fileBrokenOff(failure);
            }
        }
    }

    /** Whether the connection failed, rather than the file. */
    private static boolean isClientGone(Throwable failure) {
        return failure instanceof ClosedChannelException
                || failure instanceof Errors.NativeIoException
                || failure instanceof Http2Exception; // its stream, which was reset
    }

    private void begin(int status) {
        response.setStatusCode(status);
        MultiMap headers = response.headers();
        if (!headers.contains("Date")) {
            headers.set("Date", edge.date().at(System.currentTimeMillis()));
        }
        if (close) {
            connectionEnd.announce();
        }
    }

    private void end(int status) {
        if (!response.headWritten()) {
            begin(status);
        }
        response.end(written -> connectionEnd.written());
        connectionEnd.close();
        listener.fileEnded(status);
    }

    /** Whether the file may not be sent, is not there, or cannot be had now. */
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
