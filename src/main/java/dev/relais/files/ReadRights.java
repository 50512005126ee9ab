package dev.relais.files;

import dev.relais.process.WorkerUser;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that PHP's user may read, by the permission bits, for a gateway that runs as root and could read more. Access
 * control lists and security modules are not considered: a file that only a list permits is refused, and a file that only a
 * list forbids is sent. Immutable.
 */
final class ReadRights {
    private static final Right READ =
            new Right(PosixFilePermission.OWNER_READ, PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
    private static final Right PASS = new Right(
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private record Right(PosixFilePermission owner, PosixFilePermission group, PosixFilePermission others) {}

    private final UserPrincipal user;
    private final Set<GroupPrincipal> groups;

    ReadRights(int uid, Set<Integer> gids) throws IOException {
        UserPrincipalLookupService lookup = FileSystems.getDefault().getUserPrincipalLookupService();
        this.user = lookup.lookupPrincipalByName(Integer.toString(uid));
        this.groups = new HashSet<>();
        for (int gid : gids) {
            groups.add(lookup.lookupPrincipalByGroupName(Integer.toString(gid)));
        }
    }

    /** @return null when the gateway runs as that user itself, so that the kernel checks */
    static @Nullable ReadRights of(WorkerUser php) {
        try {
            return php.switched() ? new ReadRights(php.uid(), php.groups()) : null;
        } catch (IOException e) {
            throw new IllegalStateException("the user that PHP runs as cannot be looked up", e);
        }
    }

    boolean mayRead(PosixFileAttributes file) {
        return may(file, READ);
    }

    boolean mayPass(PosixFileAttributes folder) {
        return may(folder, PASS);
    }

    /** Applies the kernel's rule, by which the first class of owner, group and others that fits decides alone. */
    private boolean may(PosixFileAttributes attributes, Right right) {
        Set<PosixFilePermission> permissions = attributes.permissions();
        boolean owner = permissions.contains(right.owner());
        boolean group = permissions.contains(right.group());
        boolean others = permissions.contains(right.others());
        if (owner == group && group == others) {
            return others; // whose it is need not be looked up
        }
        if (attributes.owner().equals(user)) {
            return owner;
        }
        return groups.contains(attributes.group()) ? group : others;
    }
}
