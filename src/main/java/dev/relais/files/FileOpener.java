package dev.relais.files;

import dev.relais.process.WorkerUser;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Opens files for clients, with the rights of PHP's user, although scripts may rename any folder on the path at any moment.
 * Beginning with the root, each folder is opened relative to the one before, and no symlink is followed, because the path was
 * resolved and its links were judged before. The file's type and permissions are read through the handle of its folder just
 * before it is opened, and once more afterwards. Any thread.
 */
@Singleton
public class FileOpener {
    private static final int TRIES = 5;
    /** Another file has taken its place while it was opened, as programs do that replace a file at once; the other one may be as good. */
    private static final class Replaced extends AccessDeniedException {
        private static final long serialVersionUID = 1;

        Replaced(Path real) {
            super(real.toString(), null, "was replaced meanwhile, several times");
        }
    }

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final InstantSource clock;
    private volatile @Nullable ReadRights rights; // null when the kernel checks

    @Inject
    FileOpener() {
        this(InstantSource.system());
    }

    FileOpener(InstantSource clock) {
        this.clock = clock;
    }

    /** Another one, with the rights of another user. */
    public FileOpener with(WorkerUser php) {
        FileOpener other = new FileOpener(clock);
        other.opensFor(php);
        return other;
    }

    /** Sets the user with whose rights files are opened. Called before the first request. */
    public void opensFor(WorkerUser php) {
        opensFor(ReadRights.of(php));
    }

    /** @param rights null for the rights of this process */
    public void opensFor(@Nullable ReadRights rights) {
        this.rights = rights;
    }

    /**
     * Opens a file. Blocks, and for ever if a named pipe takes the file's place just before it is opened.
     *
     * @param real a real path: a symlink anywhere on it is refused
     * @param name the name by which it was asked for, which decides its media type
     * @param opening called with the folder before the file is opened
     * @throws AccessDeniedException also when it is no regular file, or PHP's user could not read it
     */
    OpenFile open(Path real, String name, Opening opening) throws IOException {
        opening.enters(folder(real));
        ReadRights php = rights;
        for (int attempt = 1; ; attempt++) {
            try {
                return php == null ? openOwn(real, name) : openChecked(real, name, php);
            } catch (Replaced e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    private OpenFile openChecked(Path real, String name, ReadRights php) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Inode before = Inode.of(real, clock.instant());
            OpenFile file = walk(real, name, php, before);
            // The file may have been moved away and back meanwhile, so that the rights of another file were checked. A
            // move changes the file's ctime.
            boolean same = false;
            try {
                same = Inode.of(real, clock.instant()).equals(before);
            } finally {
                if (!same) {
                    file.close();
                }
            }
            if (same && before.isSettled()) {
                return file;
            }
            file.close();
            if (attempt == TRIES) {
                throw new AccessDeniedException(real.toString(), null, "is being changed all the time");
            }
            LockSupport.parkNanos(Inode.TICK.toNanos());
        }
    }

    /**
     * Opens the file where this process has the rights of PHP's user. The kernel then checks the rights, and replacing a folder
     * meanwhile gains nothing.
     */
    private static OpenFile openOwn(Path real, String name) throws IOException {
        try {
            return walk(real, name, null, null);
        } catch (AccessDeniedException e) {
            // A folder that may be traversed but not listed cannot be opened, so it is not opened on the way.
            BasicFileAttributes before =
                    Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return opened(
                    FileChannel.open(checkedRegular(real, before), READ),
                    real,
                    name,
                    before,
                    () -> Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        }
    }

    private static Path folder(Path real) {
        return Objects.requireNonNull(real.getParent(), "no file is the root folder");
    }

    private static OpenFile walk(Path real, String name, @Nullable ReadRights php, @Nullable Inode wanted)
            throws IOException {
        SecureDirectoryStream<Path> folder = secure(Files.newDirectoryStream(real.getRoot()), real);
        try {
            for (Path step : folder(real)) {
                checkPass(folder, php, real);
                SecureDirectoryStream<Path> next = folder.newDirectoryStream(step, LinkOption.NOFOLLOW_LINKS);
                folder.close();
                folder = next;
            }
            checkPass(folder, php, real);
            PosixFileAttributeView view = folder.getFileAttributeView(
                    real.getFileName(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            PosixFileAttributes before = view.readAttributes();
            checkedRegular(real, before);
            if (wanted != null && !wanted.key().equals(before.fileKey())) {
                throw new Replaced(real);
            }
            if (php != null && !php.mayRead(before)) {
                throw new AccessDeniedException(real.toString(), null, "the user that PHP runs as may not read it");
            }
            return opened(
                    (FileChannel) folder.newByteChannel(real.getFileName(), READ),
                    real,
                    name,
                    before,
                    view::readAttributes);
        } finally {
            folder.close();
        }
    }

    @SuppressWarnings("PMD.CloseResource")
    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path real) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new AccessDeniedException(real.toString(), null, "this file system has no handles of folders");
    }

    private static void checkPass(SecureDirectoryStream<Path> folder, @Nullable ReadRights php, Path real)
            throws IOException {
        if (php != null
                && !php.mayPass(folder.getFileAttributeView(PosixFileAttributeView.class)
                        .readAttributes())) {
            throw new AccessDeniedException(
                    real.toString(), null, "the user that PHP runs as may not pass a folder above it");
        }
    }

    private static Path checkedRegular(Path real, BasicFileAttributes attributes) throws AccessDeniedException {
        if (!attributes.isRegularFile()) {
            throw new AccessDeniedException(real.toString(), null, "not a regular file");
        }
        return real;
    }

    /** Reads the attributes of what is at a path. */
    private interface Look {
        BasicFileAttributes now() throws IOException;
    }

    private static OpenFile opened(FileChannel channel, Path real, String name, BasicFileAttributes before, Look look)
            throws IOException {
        boolean same = false;
        try {
            same = before.fileKey().equals(look.now().fileKey());
            if (!same) {
                throw new Replaced(real);
            }
            return new OpenFile(
                    channel, name, channel.size(), before.lastModifiedTime().to(TimeUnit.SECONDS), before.fileKey());
        } finally {
            if (!same) {
                channel.close();
            }
        }
    }
}
