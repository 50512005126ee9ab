package dev.relais.files;

import dev.relais.sites.PathSettings;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of the file that it is, besides what the file itself says.
 *
 * @param type the media type
 * @param cacheControl null for none
 * @param coding of the content; null for none
 * @param varies whether the coding depends on the request
 * @param isDecided whether the answer is not to be compressed on its way, because its coding is the right one
 * @param isCompressed whether Relais has compressed it, so that the bytes are not those of the file
 * @param isError whether the file is the page of an error, of which neither conditions nor ranges are asked
 */
record FileFields(
        String type,
        @Nullable String cacheControl,
        @Nullable String coding,
        boolean varies,
        boolean isDecided,
        boolean isCompressed,
        boolean isError) {
    static FileFields of(String name) {
        return new FileFields(MediaTypes.of(name), null, null, false, false, false, false);
    }

    /** @param coding of the file that is sent in the place of the one that was asked for; null when it is that file */
    static FileFields of(String name, PathSettings settings, @Nullable String coding) {
        String control = settings.cacheControl();
        return new FileFields(
                type(name, settings),
                control == null || control.isEmpty() ? null : control,
                coding,
                settings.precompressed() != null,
                false,
                false,
                false);
    }

    private static String type(String name, PathSettings settings) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String own = settings.types().get(extension);
        return own == null ? MediaTypes.of(name) : MediaTypes.withCharset(own);
    }

    /** The same of a file in the place of an error, which nobody is to keep. */
    FileFields ofError() {
        return new FileFields(type, "no-store", coding, varies, isDecided, isCompressed, true);
    }

    /**
     * The same where the file goes out as it is.
     *
     * @param mayBeOther whether other clients get it compressed
     */
    FileFields asItIs(boolean mayBeOther) {
        return new FileFields(type, cacheControl, coding, varies || mayBeOther, true, false, isError);
    }

    /** The same of the file in a coding that Relais has made. */
    FileFields compressed(String by) {
        return new FileFields(type, cacheControl, by, true, true, true, isError);
    }

    /** @param fields name, value, name, value; a script's own Cache-Control stays */
    void addCacheControlTo(List<String> fields) {
        if (cacheControl != null && !has(fields, "Cache-Control")) {
            fields.add("Cache-Control");
            fields.add(cacheControl);
        }
    }

    void addCodingTo(List<String> fields) {
        if (coding != null) {
            fields.add("Content-Encoding");
            fields.add(coding);
        }
    }

    void addVaryTo(List<String> fields) {
        if (varies) {
            fields.add("Vary");
            fields.add("Accept-Encoding");
        }
    }

    private static boolean has(List<String> fields, String name) {
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
