package dev.relais.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** The content codings that Quarkus' HTTP layer offers (RFC 9110 section 8.4.1), at speeds that an event loop can bear. */
public enum ContentCoding implements AcceptEncoding.Token {
    GZIP("gzip") {
        @Override
        OutputStream open(OutputStream out) throws IOException {
            return open(out, Deflater.BEST_SPEED); // as nginx' gzip_comp_level
        }

        @Override
        OutputStream openThorough(OutputStream out) throws IOException {
            return open(out, THOROUGH);
        }

        private OutputStream open(OutputStream out, int level) throws IOException {
            return new GZIPOutputStream(out, BUFFER, true) {
                {
                    def.setLevel(level);
                }
            };
        }
    },
    BR("br") {
        @Override
        OutputStream open(OutputStream out) throws IOException {
            return new BrotliOutputStream(out, Encoder.Parameters.create(BROTLI_QUALITY, BROTLI_WINDOW), BUFFER);
        }

        @Override
        OutputStream openThorough(OutputStream out) throws IOException {
            return new BrotliOutputStream(out, Encoder.Parameters.create(THOROUGH, THOROUGH_WINDOW), BUFFER);
        }

        /** Whether the native library is there, which is only so for the platform that Relais was built on. */
        @Override
        boolean isAvailable() {
            return Brotli4jLoader.isAvailable();
        }
    },
    DEFLATE("deflate") {
        @Override
        OutputStream open(OutputStream out) {
            return new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED), BUFFER, true) {
                @Override
                public void close() throws IOException {
                    super.close();
                    def.end(); // the stream itself does so only for a deflater that it has made
                }
            };
        }
    };

    private static final int BUFFER = 8_192;
    /** Netty's default. */
    private static final int BROTLI_QUALITY = 4;
    /** The window is 2^18 bytes, so that each running answer takes 256 KiB instead of 4 MiB. */
    private static final int BROTLI_WINDOW = 18;

    /** The level of both coders for what many clients get: about five times the time of the fast one. */
    private static final int THOROUGH = 6;

    private static final int THOROUGH_WINDOW = 21; // 2 MiB, as long as the longest file

    private final String token;

    ContentCoding(String token) {
        this.token = token;
    }

    /** The name in Accept-Encoding and Content-Encoding. */
    @Override
    public String token() {
        return token;
    }

    /** Opens a stream whose {@code flush} writes everything it was given, and whose {@code close} releases its native memory. */
    abstract OutputStream open(OutputStream out) throws IOException;

    /** Opens a stream that compresses better and takes longer, for a whole body that many clients get. */
    OutputStream openThorough(OutputStream out) throws IOException {
        return open(out);
    }

    boolean isAvailable() {
        return true;
    }
}
