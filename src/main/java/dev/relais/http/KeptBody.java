package dev.relais.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A body that is whole in memory and may be written to any number of clients. Any thread. */
public interface KeptBody {
    int length();

    /** The bytes as they are; a view of them that the caller may read and release. */
    ByteBuf plain();

    /**
     * The bytes in a coding, likewise.
     *
     * @param coding the coding's number
     * @return null when they were not {@linkplain #keep kept} before
     */
    @Nullable
    ByteBuf coded(int coding);

    /**
     * Keeps the bytes in a coding, so that they are coded only once.
     *
     * @param bytes are copied
     */
    void keep(int coding, ByteBuf bytes);

    /** The bytes in a coding, which is made and kept when it is wanted for the first time; as they are for null. */
    default ByteBuf in(@Nullable ContentCoding coding) {
        if (coding == null) {
            return plain();
        }
        ByteBuf kept = coded(coding.ordinal());
        if (kept != null) {
            return kept;
        }
        ByteBuf made = new Compressor(coding).finish(plain());
        keep(coding.ordinal(), made);
        return made;
    }
}
