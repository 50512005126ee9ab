package dev.relais.system;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file system that a folder is on.
 *
 * @param type its type, such as {@code ext4}; {@value Finding#UNKNOWN} when it cannot be found out
 * @param freeBytes what this user may still write; -1 when it cannot be found out
 */
public record Disk(Path folder, String type, long freeBytes) {
    /** The file system of a folder, which need not exist. Blocks, for as long as the file system takes. */
    public static Disk of(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder);
            return new Disk(folder, store.type(), store.getUsableSpace());
        } catch (IOException e) {
            return new Disk(folder, Finding.UNKNOWN, -1);
        }
    }

    /** Whether its files take memory, that of the container if it has a limit. */
    public boolean isMemory() {
        return type.equals("tmpfs") || type.equals("ramfs");
    }

    /** As operators read it. */
    public String text() {
        return folder + " on " + type + ", "
                + (freeBytes < 0 ? Finding.UNKNOWN : MemoryPlan.mib(freeBytes) + " MiB free");
    }
}
