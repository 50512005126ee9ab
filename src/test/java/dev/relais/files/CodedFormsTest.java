package dev.relais.files;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.relais.http.ContentCoding;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A form serves for what was read and for nothing else. */
class CodedFormsTest {
    @TempDir
    Path folder;

    private final CodedForms forms = new CodedForms(10_000);

    private static CodedForms.Form form(int length) {
        return new CodedForms.Form(new FileBytes(Unpooled.wrappedBuffer(new byte[length])));
    }

    private static Inode inode(Object key) {
        return new Inode(key, FileTime.fromMillis(1_000), Instant.EPOCH);
    }

    @Test
    void anotherFileOrOtherContentsHaveNoForm() throws IOException {
        Path file = Files.writeString(folder.resolve("a.js"), "one");
        Inode before = Inode.of(file, Instant.now());
        forms.put(before, ContentCoding.GZIP, form(10));
        assertNotNull(forms.get(Inode.of(file, Instant.now()), ContentCoding.GZIP));
        assertNull(forms.get(before, ContentCoding.BR));

        FileTime modified = Files.getLastModifiedTime(file);
        Object changed = Files.getAttribute(file, "unix:ctime");
        await().until(
                        () -> { // within a tick of its clock the kernel gives the same time again
                            Files.writeString(file, "two", StandardOpenOption.TRUNCATE_EXISTING);
                            Files.setLastModifiedTime(file, modified); // as rsync does, with the same size
                            return !Files.getAttribute(file, "unix:ctime").equals(changed);
                        });
        assertNull(forms.get(Inode.of(file, Instant.now()), ContentCoding.GZIP));
    }

    @Test
    void theLeastRecentlyWantedGo() {
        for (int i = 0; i < 3; i++) {
            forms.put(inode(i), ContentCoding.GZIP, form(3_000));
        }
        assertNotNull(forms.get(inode(0), ContentCoding.GZIP));
        forms.put(inode(3), ContentCoding.GZIP, form(3_000));
        assertNull(forms.get(inode(1), ContentCoding.GZIP));
        assertNotNull(forms.get(inode(0), ContentCoding.GZIP));
    }

    @Test
    void theRoomIsCounted() {
        forms.put(inode(0), ContentCoding.GZIP, form(20_000));
        assertEquals(0, forms.usedBytes());
        forms.put(inode(0), ContentCoding.GZIP, form(1_000));
        long one = forms.usedBytes();
        forms.put(inode(0), ContentCoding.GZIP, form(1_000));
        assertEquals(one, forms.usedBytes());
        for (int i = 0; i < 1_000; i++) {
            forms.put(inode(i), ContentCoding.BR, new CodedForms.Form(null));
        }
        assertEquals(true, forms.usedBytes() <= 10_000);
    }
}
