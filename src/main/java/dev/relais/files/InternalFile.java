package dev.relais.files;

import dev.relais.http.Delivery;
import dev.relais.http.RequestTarget;
import dev.relais.sites.Application;
import dev.relais.sites.Asked;
import dev.relais.sites.Place;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The file of a site that a script of it names by X-Accel-Redirect: one below the mount, also where {@code internal} keeps clients out. */
final class InternalFile {
    private InternalFile() {}

    /**
     * Blocks.
     *
     * @param application whose script names it; null for none
     * @return null when it is none of a site
     */
    static @Nullable Place find(Delivery delivery, @Nullable Application application) {
        String value = Objects.requireNonNull(delivery.file());
        if (application == null || application.site() == null || Delivery.SENDFILE.equals(delivery.field())) {
            return null;
        }
        int query = value.indexOf('?');
        RequestTarget target = RequestTarget.normalise(value, 0, query < 0 ? value.length() : query, "");
        if (target == null || !value.startsWith("/") || !target.path().startsWith(application.mount() + "/")) {
            return null;
        }
        String path = target.path().substring(application.mount().length());
        int slash = target.encodedSlash() == Integer.MAX_VALUE
                ? Integer.MAX_VALUE
                : target.encodedSlash() - application.mount().length();
        Place place = application.find(new Asked(path, slash, "", value, "", "", true, true, (text, before) -> null));
        return place.kind() == Place.Kind.FILE && place.status() == 0 ? place : null;
    }
}
