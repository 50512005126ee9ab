package dev.relais.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many bytes a page of memory has, as the kernel tells each program that it starts (getauxval(3), AT_PAGESZ). */
final class PageSize {
    /** On x86-64 and most arm64. */
    static final int USUAL = 4096;

    private static final int AT_NULL = 0;
    private static final int AT_PAGESZ = 6;
    private static final long MOST = 1 << 20;

    private PageSize() {}

    /** Of this machine; the usual one where the kernel does not say. */
    static int ofThisMachine() {
        return in(Path.of("/proc/self/auxv"));
    }

    /** @param vector pairs of a kind and a value, each as wide as a pointer and in the processor's own order of bytes */
    static int in(Path vector) {
        try {
            ByteBuffer words = ByteBuffer.wrap(Files.readAllBytes(vector)).order(ByteOrder.nativeOrder());
            while (words.remaining() >= 2 * Long.BYTES) {
                long kind = words.getLong();
                long value = words.getLong();
                if (kind == AT_PAGESZ && value > 0 && value <= MOST) {
                    return (int) value;
                }
                if (kind == AT_NULL) {
                    break;
                }
            }
        } catch (IOException e) {
            return USUAL;
        }
        return USUAL;
    }
}
