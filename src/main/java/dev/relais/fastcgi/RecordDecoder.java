package dev.relais.fastcgi;

import io.netty.buffer.ByteBuf;

/**
 * Splits the byte stream of a connection into records (FastCGI 1.0 section 3.3), wherever the reads are cut.
 *
 * <p>Owned by one {@link FcgiConnection}. Stream records are passed on in the pieces that the reads make, without a copy; only
 * the eight bytes of END_REQUEST are gathered. Allocates nothing.
 */
final class RecordDecoder {
    /** Receives the content: {@code length} readable bytes of {@code in}, one at least. The decoder moves the reader index itself. */
    interface Sink {
        void stdout(ByteBuf in, int length);

        void stderr(ByteBuf in, int length);

        /** A whole STDERR record has been passed on. PHP puts each message into records of its own. */
        void stderrRecordEnd();

        void endRequest(int appStatus, int protocolStatus);
    }

    private long header;
    private int headerBytes;
    private int type;
    private int content;
    private int padding;
    private long endBody;
    private boolean ended;
    private int expectedId;

    /** Starts the exchange of this request id. May be called only between records. */
    void reset(int requestId) {
        ended = false;
        expectedId = requestId;
    }

    /**
     * Decodes all readable bytes of {@code in}.
     *
     * @throws ProtocolViolation when the peer does not speak FastCGI 1.0 to this request; the connection is useless then
     */
    void decode(ByteBuf in, Sink sink) throws ProtocolViolation {
        while (in.isReadable()) {
            if (headerBytes < Fcgi.HEADER_LENGTH) {
                if (ended) {
                    throw new ProtocolViolation("bytes after END_REQUEST");
                }
                readHeader(in);
                if (headerBytes < Fcgi.HEADER_LENGTH) {
                    return;
                }
                openRecord(sink);
            }
            if (content > 0 && in.isReadable()) {
                readContent(in, sink);
            }
            if (content == 0) {
                int skipped = Math.min(padding, in.readableBytes());
                in.skipBytes(skipped);
                padding -= skipped;
                if (padding == 0) {
                    headerBytes = 0;
                }
            }
        }
    }

    private void readHeader(ByteBuf in) {
        if (headerBytes == 0 && in.readableBytes() >= Fcgi.HEADER_LENGTH) {
            header = in.readLong();
            headerBytes = Fcgi.HEADER_LENGTH;
            return;
        }
        while (headerBytes < Fcgi.HEADER_LENGTH && in.isReadable()) {
            header = header << 8 | in.readUnsignedByte();
            headerBytes++;
        }
    }

    private void openRecord(Sink sink) throws ProtocolViolation {
        int version = (int) (header >>> 56);
        type = (int) (header >>> 48) & 0xFF;
        int requestId = (int) (header >>> 32) & 0xFFFF;
        content = (int) (header >>> 16) & 0xFFFF;
        padding = (int) (header >>> 8) & 0xFF;
        if (version != Fcgi.VERSION) {
            throw new ProtocolViolation("record of version " + version);
        }
        if (type != Fcgi.STDOUT && type != Fcgi.STDERR && type != Fcgi.END_REQUEST) {
            throw new ProtocolViolation("record of type " + type);
        }
        if (requestId != expectedId) {
            throw new ProtocolViolation("record for request " + requestId);
        }
        if (type == Fcgi.END_REQUEST && content != 8) {
            throw new ProtocolViolation("END_REQUEST of " + content + " bytes");
        }
    }

    private void readContent(ByteBuf in, Sink sink) {
        int length = Math.min(content, in.readableBytes());
        int end = in.readerIndex() + length;
        content -= length;
        switch (type) {
            case Fcgi.STDOUT -> sink.stdout(in, length);
            case Fcgi.STDERR -> {
                sink.stderr(in, length);
                if (content == 0) {
                    sink.stderrRecordEnd();
                }
            }
            default -> {
                for (int i = in.readerIndex(); i < end; i++) {
                    endBody = endBody << 8 | in.getUnsignedByte(i);
                }
                if (content == 0) {
                    ended = true;
                    sink.endRequest((int) (endBody >>> 32), (int) (endBody >>> 24) & 0xFF);
                }
            }
        }
        in.readerIndex(end);
    }

    /** Whether the decoder is between two records. An exchange is over when its END_REQUEST is, with its padding. */
    boolean atBorder() {
        return headerBytes == 0;
    }
}
