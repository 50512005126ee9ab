package dev.relais.functions;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Hears of changes from the kernel (inotify(7)): at once, and at no cost while nothing changes. A folder is heard of for as long as it is
 * the one that was there at first.
 */
final class FolderEvents implements FolderWatch {
    /** File systems that others change without this kernel's knowledge: it tells nothing of that. */
    private static final Set<String> SHARED = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "9p",
            "virtiofs",
            "ceph",
            "glusterfs",
            "lustre",
            "afs",
            "gfs2",
            "ocfs2",
            "vboxsf",
            "prl_fs",
            "vmhgfs",
            "drvfs",
            "autofs");

    /** With more new folders all are looked at anew, which is bounded in time. */
    private static final int MOST_ARRIVED = 1_000;

    private final WatchService service;
    private final Map<WatchKey, Path> folders = new HashMap<>();
    private final Set<Path> known;
    private final LeftOut ignored;

    private FolderEvents(WatchService service, Set<Path> known, LeftOut ignored) {
        this.service = service;
        this.known = new HashSet<>(known);
        this.ignored = ignored;
    }

    /**
     * Blocks: some system calls for each folder.
     *
     * @param folders what is in them is heard of
     * @param known folders and symlinks, of which anything below is lost when they go
     * @param ignored what is not followed when it comes
     * @throws IOException when the kernel does not tell of all of them
     */
    static FolderEvents of(Collection<Path> folders, Set<Path> known, LeftOut ignored) throws IOException {
        FolderEvents events = new FolderEvents(FileSystems.getDefault().newWatchService(), known, ignored);
        try {
            // Those above first: then they tell of a folder that has gone and comes back while it is not followed.
            for (Path folder : new TreeSet<>(folders)) {
                try {
                    events.follow(folder);
                } catch (NoSuchFileException e) {
                    // It has gone since it was looked at.
                }
            }
            return events;
        } catch (IOException | RuntimeException e) {
            events.close();
            throw e;
        }
    }

    /** Whether changes in this folder may come from where the kernel does not see them. Blocks. */
    static boolean isShared(Path folder) throws IOException {
        String type = Files.getFileStore(folder).type();
        return SHARED.contains(type) || type.startsWith("fuse");
    }

    private void follow(Path folder) throws IOException {
        folders.put(
                folder.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE),
                folder);
    }

    @Override
    public void await(long nanos, Sink sink) throws InterruptedException {
        WatchKey key = service.poll(nanos, TimeUnit.NANOSECONDS);
        while (key != null) {
            Path folder = folders.get(key);
            for (WatchEvent<?> event : key.pollEvents()) {
                if (folder == null) {
                    sink.unknown(); // it was gone before
                } else {
                    tell(folder, event, sink);
                }
            }
            if (!key.reset()) {
                folders.remove(key);
                sink.unknown();
            }
            key = service.poll();
        }
    }

    private void tell(Path folder, WatchEvent<?> event, Sink sink) {
        if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
            sink.unknown();
            return;
        }
        Path entry = folder.resolve((Path) event.context());
        if (event.kind() == StandardWatchEventKinds.ENTRY_DELETE) {
            if (known.contains(entry)) {
                sink.unknown();
            } else {
                sink.changed(entry);
            }
            return;
        }
        boolean isFolder = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
        boolean created = event.kind() == StandardWatchEventKinds.ENTRY_CREATE;
        if (created || !isFolder) { // else it is about the folder's rights or times
            sink.changed(entry); // also of a folder: a file may have been in its place
        }
        if (created && isFolder) {
            follow(entry, sink);
            sink.arrived(entry);
        } else if (created && Files.isSymbolicLink(entry)) {
            sink.moreFolders();
        }
    }

    @Override
    public void follow(Path top, Sink sink) {
        Deque<Path> open = new ArrayDeque<>(List.of(top));
        try {
            for (int count = 0; !open.isEmpty(); count++) {
                Path folder = open.pop();
                if (ignored.covers(folder)) {
                    continue;
                }
                if (count == MOST_ARRIVED) {
                    sink.moreFolders();
                    return;
                }
                follow(folder);
                known.add(folder);
                for (Path entry : DirectoryScan.list(folder)) {
                    if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                        open.push(entry);
                    } else if (Files.isSymbolicLink(entry)) {
                        sink.moreFolders();
                    } else {
                        sink.changed(entry);
                    }
                }
            }
        } catch (IOException e) {
            sink.moreFolders(); // it is gone again, or there are too many: a look at all folders tells
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            // Nothing is left that could be done.
        }
    }
}
