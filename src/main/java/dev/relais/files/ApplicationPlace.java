package dev.relais.files;

import dev.relais.http.ContentCoding;
import dev.relais.sites.Application;
import dev.relais.sites.Asked;
import dev.relais.sites.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a request leads to in an application, looked up on a thread of the {@link Offload}, with the open file if it is one.
 *
 * @param file that is to be sent; null when no file answers
 * @param coding the content coding that the file has, such as {@code br}; null when it is the file that was asked for
 * @param failure why the file that was asked for cannot be sent, and the place is what answers instead; null when nothing has failed
 * @param fields what the answer says of the file; null when that is not decided
 * @param wish how the file is to be compressed before it is sent; null when it goes out as it is
 * @param beganNanos when the look-up began
 */
record ApplicationPlace(
        Place place,
        @Nullable OpenFile file,
        @Nullable String coding,
        @Nullable IOException failure,
        @Nullable FileFields fields,
        @Nullable Wish wish,
        long beganNanos) {
    /**
     * How a file is to be compressed.
     *
     * @param inode what it was when it was opened; null when that may not be known exactly, so that the form serves once
     */
    record Wish(ContentCoding coding, @Nullable Inode inode) {}

    private ApplicationPlace(
            Place place,
            @Nullable OpenFile file,
            @Nullable String coding,
            @Nullable IOException failure,
            long beganNanos) {
        this(place, file, coding, failure, null, null, beganNanos);
    }

    ApplicationPlace with(FileFields decided) {
        return new ApplicationPlace(place, file, coding, failure, decided, wish, beganNanos);
    }

    ApplicationPlace at(Place other) {
        return new ApplicationPlace(other, file, coding, failure, fields, wish, beganNanos);
    }

    ApplicationPlace of(OpenFile other) {
        return new ApplicationPlace(place, other, coding, failure, fields, wish, beganNanos);
    }

    ApplicationPlace wishing(@Nullable Wish now) {
        return new ApplicationPlace(place, file, coding, failure, fields, now, beganNanos);
    }

    /**
     * Finds the place. Blocks.
     *
     * @param codings of content that the client takes
     * @param now nanoseconds
     */
    static ApplicationPlace find(
            Application application, Asked asked, List<String> codings, FileOpener opener, Opening opening, long now) {
        ApplicationPlace found = opened(() -> application.find(asked), codings, opener, opening, now);
        IOException failure = found.failure();
        if (failure == null) {
            return found;
        }
        int status = FileAnswer.problemOf(failure).status();
        ApplicationPlace page =
                opened(() -> application.instead(asked, found.place(), status), codings, opener, opening, now);
        return new ApplicationPlace(page.place(), page.file(), page.coding(), failure, now);
    }

    /** Looks a place up and opens its file; and looks it up anew when the file has meanwhile gone from where it was found. */
    private static ApplicationPlace opened(
            Supplier<Place> search, List<String> codings, FileOpener opener, Opening opening, long now) {
        LookUps lookUps = opener.lookUps();
        while (true) {
            Place place = search.get();
            if (place.kind() != Place.Kind.FILE) {
                return new ApplicationPlace(place, null, null, null, now);
            }
            try {
                return open(place, codings, opener, opening, now);
            } catch (IOException e) {
                if (!lookUps.goOn(e)) {
                    return new ApplicationPlace(place, null, null, e, now);
                }
            }
        }
    }

    private static ApplicationPlace open(
            Place place, List<String> codings, FileOpener opener, Opening opening, long now) throws IOException {
        Path real = place.real();
        String name = String.valueOf(place.name());
        for (String coding : Objects.requireNonNullElse(place.settings().precompressed(), List.<String>of())) {
            Path coded = codings.contains(coding) ? codedAs(coding, real) : null;
            if (coded != null) {
                try {
                    return new ApplicationPlace(place, opener.open(coded, name, opening), coding, null, now);
                } catch (FileUnavailable e) {
                    throw e;
                } catch (IOException e) {
                    continue; // it went away meanwhile, or PHP's user may not read it: the file itself is as good
                }
            }
        }
        return new ApplicationPlace(place, opener.open(real, name, opening), null, null, now);
    }

    /** The file beside it that has its content in this coding; null when there is none that can be seen, or it is older. */
    private static @Nullable Path codedAs(String coding, Path real) {
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
        } catch (IOException e) {
            return null; // also where the longer name is too long: the file itself is as good
        }
    }
}
