package dev.relais.files;

import dev.relais.FileNames;
import dev.relais.sites.Application;
import dev.relais.sites.Asked;
import dev.relais.sites.Place;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request leads to in an application, looked up on a thread of the {@link Offload}, with the open file if it is one.
 *
 * @param file that is to be sent; null when no file answers, or the method is neither GET nor HEAD and it is no error's page
 * @param coding the content coding that the file has, such as {@code br}; null when it is the file that was asked for
 */
record ApplicationPlace(
        Place place, @Nullable OpenFile file, @Nullable String coding) {
    /**
     * Finds the place. Blocks.
     *
     * @param codings of content that the client takes
     * @throws IOException when the file may not be sent
     */
    static ApplicationPlace find(
            Application application, Asked asked, List<String> codings, FileOpener opener, Opening opening)
            throws IOException {
        Place place = application.find(asked);
        return switch (place.kind()) {
            case FILE ->
                asked.reads() || place.status() != 0
                        ? open(place, codings, opener, opening)
                        : new ApplicationPlace(place, null, null);
            case UNNAMEABLE -> throw new IllegalStateException(FileNames.PROBLEM);
            case OUTSIDE ->
                throw new AccessDeniedException(
                        place.real().toString(), null, "a symlink leads there; allow-symlinks-to would allow it");
            default -> new ApplicationPlace(place, null, null);
        };
    }

    private static ApplicationPlace open(Place place, List<String> codings, FileOpener opener, Opening opening)
            throws IOException {
        Path real = place.real();
        String name = String.valueOf(place.name());
        for (String coding : Objects.requireNonNullElse(place.settings().precompressed(), List.<String>of())) {
            Path coded = codings.contains(coding) ? codedAs(coding, real) : null;
            if (coded != null) {
                try {
                    return new ApplicationPlace(place, opener.open(coded, name, opening), coding);
                } catch (NoSuchFileException | AccessDeniedException e) {
                    continue; // it went away meanwhile, or PHP's user may not read it: the file itself is as good
                }
            }
        }
        return new ApplicationPlace(place, opener.open(real, name, opening), null);
    }

    /** The file beside it that has its content in this coding; null when there is none, or it is older. */
    private static @Nullable Path codedAs(String coding, Path real) throws IOException {
        String extension =
                switch (coding) {
                    case "gzip" -> ".gz";
                    case "zstd" -> ".zst";
                    default -> "." + coding;
                };
        Path coded = real.resolveSibling(real.getFileName() + extension);
        try {
            BasicFileAttributes there =
                    Files.readAttributes(coded, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return there.isRegularFile() && there.lastModifiedTime().compareTo(Files.getLastModifiedTime(real)) >= 0
                    ? coded
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
