package dev.relais.files;

import dev.relais.functions.Application;
import dev.relais.functions.FileNames;
import dev.relais.http.Problem;
import dev.relais.http.RequestTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/**
 * What the path of a request leads to in an application, looked up on a worker thread. At most one component is set; when none
 * is, the front controller runs.
 *
 * @param file the open file that is to be sent
 * @param script another script than the front controller
 * @param slashed the path of the same folder with a slash at its end
 * @param refusal the problem when the path is not to be served
 * @param allow the Allow field that goes with {@link Problem#METHOD_NOT_ALLOWED}; otherwise null
 * @param rule the rule that refuses it, in words for the log; otherwise null
 */
record ApplicationPlace(
        @Nullable OpenFile file,
        Application.@Nullable Place script,
        @Nullable String slashed,
        @Nullable Problem refusal,
        @Nullable String allow,
        @Nullable String rule) {
    private static final ApplicationPlace FRONT_CONTROLLER = new ApplicationPlace(null, null, null, null, null, null);

    /**
     * Finds the place. Blocks.
     *
     * @param path below the application's folder
     * @param reads whether the method is GET or HEAD
     * @throws IOException when the file may not be sent
     */
    public static ApplicationPlace find(
            Application application,
            String path,
            RequestTarget target,
            boolean reads,
            FileOpener opener,
            Opening opening)
            throws IOException {
        // An encoded slash does not separate a folder from its file.
        return target.encodedSlash() == Integer.MAX_VALUE
                ? of(application.find(path), target, reads, opener, opening)
                : FRONT_CONTROLLER;
    }

    private static ApplicationPlace of(
            Application.Place place, RequestTarget target, boolean reads, FileOpener opener, Opening opening)
            throws IOException {
        return switch (place.kind()) {
            case FILE ->
                reads
                        ? new ApplicationPlace(
                                opener.open(place.real(), name(place, target), opening), null, null, null, null, null)
                        : new ApplicationPlace(null, null, null, Problem.METHOD_NOT_ALLOWED, "GET, HEAD", null);
            case SCRIPT -> new ApplicationPlace(null, place, null, null, null, null);
            case FOLDER ->
                reads ? new ApplicationPlace(null, null, slashed(target), null, null, null) : FRONT_CONTROLLER;
            case NONE -> FRONT_CONTROLLER;
            case DENIED -> new ApplicationPlace(null, null, null, Problem.FILE_NOT_FOUND, null, place.rule());
            case UNNAMEABLE -> throw new IllegalStateException(FileNames.PROBLEM);
            case OUTSIDE ->
                throw new AccessDeniedException(
                        place.real().toString(), null, "a symlink leads there; allow-symlinks-to would allow it");
        };
    }

    /**
     * The last segment of the path that was asked for, even if a symlink leads to a file of another name. For a folder it is
     * the name of its index page.
     */
    private static String name(Application.Place place, RequestTarget target) {
        String asked = target.path().substring(target.path().lastIndexOf('/') + 1);
        return asked.isEmpty() ? place.real().getFileName().toString() : asked;
    }

    /**
     * The path with a slash at its end. It is encoded anew, because as it was sent a client could take it for a URL of another
     * host ({@code //host/..}).
     */
    private static String slashed(RequestTarget target) {
        StringBuilder location = new StringBuilder(target.path().length() + 16);
        for (byte b : target.path().getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "/-._~".indexOf(c) >= 0)) {
                location.append(c);
            } else {
                location.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        location.append('/');
        return target.query().isEmpty()
                ? location.toString()
                : location.append('?').append(target.query()).toString();
    }
}
