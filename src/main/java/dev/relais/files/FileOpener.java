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
import org.jspecify.annotations.Nullable;

/**
 * Opens files for clients, with the rights of PHP's user, although scripts may rename any folder on the path at any moment.
 * Beginning with the root, each folder is opened relative to the one before, and no symlink is followed, because the path was
 * resolved and its links were judged before. The file's type and permissions are read through the handle of its folder just
 * before it is opened. If another file may have taken its place until it was open, as happens all the time where programs replace a
 * file at once, those of the open one count. Any thread.
 */
@Singleton
public class FileOpener {
    /** It is a folder, a symlink, a pipe or the like. */
    private static final class NotRegular extends AccessDeniedException {
        private static final long serialVersionUID = 1;

        NotRegular(Path real) {
            super(real.toString(), null, "not a regular file");
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
        try {
            return walk(real, name, php);
        } catch (NotRegular e) {
            throw e;
        } catch (AccessDeniedException e) {
            if (php != null) {
                throw e;
            }
            // A folder that may be traversed but not listed cannot be opened, so it is not opened on the way. The
            // kernel checks the rights, and replacing a folder meanwhile gains nothing.
            Inode settled = Inode.of(real, clock.instant());
            BasicFileAttributes before = checkedRegular(real, look(real));
            return opened(FileChannel.open(real, READ), real, name, null, before, () -> stays(settled, real, before));
        }
    }

    /** Counts the look-ups of one file, beginning now. Any thread. */
    LookUps lookUps() {
        return new LookUps(clock);
    }

    /** Whether a file that was found a moment ago could not be opened because it is no longer there, or another kind of file is. */
    static boolean isGone(IOException failure) {
        return failure instanceof NotRegular
                || !(failure instanceof AccessDeniedException) && !(failure instanceof FileUnavailable);
    }

    private static Path folder(Path real) {
        return Objects.requireNonNull(real.getParent(), "no file is the root folder");
    }

    private OpenFile walk(Path real, String name, @Nullable ReadRights php) throws IOException {
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
            Inode settled = Inode.of(real, clock.instant());
            PosixFileAttributes before = checkedRegular(real, view.readAttributes());
            return opened(
                    (FileChannel) folder.newByteChannel(real.getFileName(), READ),
                    real,
                    name,
                    php,
                    before,
                    () -> stays(settled, real, before));
        } finally {
            folder.close();
        }
    }

    /**
     * Whether this file was in its folder all the time. It may have been moved away and back meanwhile, so that the rights or the age of
     * another file were seen; but a move changes the file's ctime. A move of the folder itself does not change it, which matters only where the
     * folders on the path are not opened one after the other.
     */
    private boolean stays(Inode before, Path real, BasicFileAttributes seen) throws IOException {
        return before.isSettled()
                && before.key().equals(seen.fileKey())
                && before.equals(Inode.of(real, clock.instant()));
    }

    private static BasicFileAttributes look(Path real) throws IOException {
        return Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
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

    private static <A extends BasicFileAttributes> A checkedRegular(Path real, A attributes) throws NotRegular {
        if (!attributes.isRegularFile()) {
            throw new NotRegular(real);
        }
        return attributes;
    }

    /** Whether a file is for certain the one that was looked at before it was opened. */
    private interface Look {
        boolean isCertain() throws IOException;
    }

    /** The file that is open, which may be another one than was looked at: programs replace files by others that are as good. */
    private static OpenFile opened(
            FileChannel channel,
            Path real,
            String name,
            @Nullable ReadRights php,
            BasicFileAttributes before,
            Look look)
            throws IOException {
        boolean isReady = false;
        try {
            BasicFileAttributes own = isCertain(look) ? before : checkedRegular(real, OpenInode.of(channel));
            if (php != null && !php.mayRead((PosixFileAttributes) own)) {
                throw new AccessDeniedException(real.toString(), null, "the user that PHP runs as may not read it");
            }
            OpenFile file = new OpenFile(
                    channel, name, channel.size(), own.lastModifiedTime().to(TimeUnit.SECONDS), own.fileKey());
            isReady = true;
            return file;
        } finally {
            if (!isReady) {
                channel.close();
            }
        }
    }

    private static boolean isCertain(Look look) {
        try {
            return look.isCertain();
        } catch (IOException e) {
            return false; // it has gone from there, but is open
        }
    }
}
