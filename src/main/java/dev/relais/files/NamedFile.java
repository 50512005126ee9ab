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
        LookUps lookUps = access.opener().lookUps();
        while (true) {
            Place place = InternalFile.find(delivery, application);
            SendfileFolders.Named named = place == null
                    ? access.folders().find(delivery)
                    : new SendfileFolders.Named(place.real(), String.valueOf(place.name()));
            try {
                OpenFile file = access.opener().open(named.real(), named.name(), opening);
                return new NamedFile(file, place == null ? null : place.settings());
            } catch (IOException e) {
                if (!lookUps.goOn(e)) {
                    throw e;
                }
            }
        }
    }

    /** What its answer says of it. */
    FileFields fields() {
        return settings == null ? FileFields.of(file.name()) : FileFields.of(file.name(), settings, null);
    }
}
