package dev.relais.files;

import dev.relais.http.ContentCoding;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The compressed forms of files, by what was read: another file in its place, or other contents, have another inode or another time of
 * their last change. Of too many the least recently wanted go. Any thread.
 */
final class CodedForms {
    private static final int OVERHEAD = 256;

    /** @param bytes null when the file does not become smaller */
    record Form(@Nullable FileBytes bytes) {
        private int weight() {
            return OVERHEAD + (bytes == null ? 0 : bytes.length());
        }
    }

    private record Key(Inode inode, ContentCoding coding) {}

    private final long most;
    private final Map<Key, Form> forms = new LinkedHashMap<>(16, 0.75f, true); // guarded by this, as what follows
    private long used;

    /** @param most bytes */
    CodedForms(long most) {
        this.most = most;
    }

    /** @return null when it was not made, or is gone */
    synchronized @Nullable Form get(Inode inode, ContentCoding coding) {
        return forms.get(new Key(inode, coding));
    }

    synchronized void put(Inode inode, ContentCoding coding, Form form) {
        if (form.weight() > most) {
            return;
        }
        Form former = forms.put(new Key(inode, coding), form);
        used += form.weight() - (former == null ? 0 : former.weight());
        for (Iterator<Form> oldest = forms.values().iterator(); used > most; ) {
            used -= oldest.next().weight();
            oldest.remove();
        }
    }

    synchronized long usedBytes() {
        return used;
    }
}
