package dev.relais.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * In which codings static files are compressed: for a site in those that it names, else in those of all answers; where neither says
 * anything, in Brotli's and gzip, as files show nothing of a visitor that their length could betray (BREACH). A file is compressed once
 * for many clients, so more thoroughly than an answer. Any thread.
 */
public final class FileCodings {
    /** Smaller files are not compressed, because the packet's headers would be most of what is sent. */
    public static final int LEAST = Compression.MIN_SIZE;

    /** Larger ones would take too much memory, and too long while their client waits. */
    public static final int MOST = 2 << 20;

    private final List<ContentCoding> ofAnswers;
    private final Set<String> types;

    private FileCodings(List<ContentCoding> ofAnswers, Set<String> types) {
        this.ofAnswers = ofAnswers;
        this.types = types;
    }

    public static FileCodings of(GatewayConfig config) {
        return new FileCodings(config.compression().orElse(List.of()), Set.copyOf(config.compressionTypes()));
    }

    /** Whether files of a media type are compressed. */
    public boolean takes(String type) {
        int end = type.indexOf(';');
        return types.contains((end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT));
    }

    /**
     * The codings of some files. May load a library, and so blocks.
     *
     * @param own those that their site names; empty for none, null when it says nothing
     * @param isSite whether it is a site; what else is served has the codings of all answers
     */
    public List<ContentCoding> of(@Nullable List<String> own, boolean isSite) {
        if (own == null && (!isSite || !ofAnswers.isEmpty())) {
            return ofAnswers;
        }
        List<ContentCoding> codings = new ArrayList<>(2);
        for (String token : own == null ? List.of("br", "gzip") : own) {
            ContentCoding coding = token.equals("br") ? ContentCoding.BR : ContentCoding.GZIP;
            if (coding.isAvailable()) {
                codings.add(coding);
            }
        }
        return codings;
    }

    /**
     * @param accepted the values of Accept-Encoding
     * @return null when the client takes none of them
     */
    public static @Nullable ContentCoding best(List<String> accepted, List<ContentCoding> codings) {
        return AcceptEncoding.best(accepted, codings);
    }

    /** The tag of the compressed form of a file with this one. */
    public static String tag(String plain) {
        return WeakenedTags.weakened(plain);
    }

    /** Compresses a whole file. */
    public static ByteBuf code(ContentCoding coding, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 3 + 64);
        try (OutputStream coder = coding.openThorough(out)) {
            coder.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it writes into memory, which does not fail
        }
        return Unpooled.wrappedBuffer(out.toByteArray());
    }
}
