package dev.relais.files;

import dev.relais.http.Delivery;
import dev.relais.sites.Application;
import dev.relais.sites.PathSettings;
import dev.relais.sites.Place;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The open file that a script has named in a field of its head.
 *
 * @param settings what its site says of the file's own path; null when it is none of a site
 */
record NamedFile(OpenFile file, @Nullable PathSettings settings) {
    /**
     * Finds and opens it. Blocks.
     *
     * @param application whose script names it; null for none
     * @throws IOException when it is not there, or may not be sent
     */
    static NamedFile open(Delivery delivery, @Nullable Application application, FileAccess access, Opening opening)
            throws IOException {
        Place place = InternalFile.find(delivery, application);
        if (place != null) {
            String name = String.valueOf(place.name());
            return new NamedFile(access.opener().open(place.real(), name, opening), place.settings());
        }
        SendfileFolders.Named named = access.folders().find(delivery);
        return new NamedFile(access.opener().open(named.real(), named.name(), opening), null);
    }

    /** What its answer says of it. */
    FileFields fields() {
        return settings == null ? FileFields.of(file.name()) : FileFields.of(file.name(), settings, null);
    }
}
