package dev.relais.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerUserTest {
    private static final WorkerUser.Self ROOT = new WorkerUser.Self(0, 0, Set.of(0));
    private final Command command = new Command(ProcessBuilder::start, Duration.ofSeconds(5));
    private Path base;

    @BeforeEach
    void open() throws Exception {
        base = Files.createTempDirectory("relais-test");
    }

    @AfterEach
    void close() throws Exception {
        new Command(ProcessBuilder::start, Duration.ofSeconds(5)).run(List.of("rm", "-rf", base.toString()));
    }

    private static Path mode(Path path, String mode) throws Exception {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void anAncestorClosedToTheUserMakesADirectoryUnreadable() throws Exception {
        WorkerUser other = new WorkerUser(true, "other", 54321, "other", Set.of(54321));
        Path functions = Files.createDirectories(base.resolve("home/functions"));
        mode(functions, "rwxr-xr-x");
        mode(base.resolve("home"), "rwx------");
        mode(base, "rwxr-xr-x");
        assertFalse(other.canRead(functions));
        mode(base.resolve("home"), "rwx--x--x");
        assertTrue(other.canRead(functions));
        mode(functions, "rwx--x--x");
        assertFalse(other.canRead(functions));
        assertTrue(other.canTraverse(functions));
        assertFalse(other.canRead(base.resolve("none")));
    }

    @Test
    void theOwnersAndTheGroupsBitsDecideAloneWhereTheyApply() throws Exception {
        int uid = (Integer) Files.getAttribute(base, "unix:uid");
        int gid = (Integer) Files.getAttribute(base, "unix:gid");
        mode(base, "---r-xr-x");
        WorkerUser member = new WorkerUser(true, "member", 54321, "g", Set.of(54321, gid));
        assertTrue(member.canRead(base));
        mode(base, "rwx---r-x");
        assertFalse(member.canRead(base));
        if (uid != 0) {
            mode(base, "---rwxrwx");
            assertFalse(new WorkerUser(true, "owner", uid, "g", Set.of()).canRead(base));
        }
        mode(base, "rwx------");
    }

    @Test
    void aLinkIsFollowedToItsRealAncestors() throws Exception {
        WorkerUser other = new WorkerUser(true, "other", 54321, "other", Set.of());
        Path hidden = mode(Files.createDirectory(base.resolve("hidden")), "rwx------");
        Path functions = mode(Files.createDirectory(hidden.resolve("functions")), "rwxr-xr-x");
        mode(base, "rwxr-xr-x");
        assertFalse(other.canRead(Files.createSymbolicLink(base.resolve("link"), functions)));
    }

    @Test
    void rootRunsPhpAsAnOrdinaryUser() {
        WorkerUser user = WorkerUser.resolve(Optional.empty(), Optional.empty(), ROOT, command);
        assertTrue(user.switched() && user.uid() != 0);
        WorkerUser nobody = WorkerUser.resolve(Optional.of("nobody"), Optional.of("daemon"), ROOT, command);
        assertEquals("nobody daemon", nobody.name() + " " + nobody.group());
        assertTrue(nobody.groups().contains(1), "daemon is group 1: " + nobody.groups());
        Set<Integer> own = WorkerUser.resolve(Optional.of("nobody"), Optional.empty(), ROOT, command)
                .groups();
        assertTrue(own.contains(65534), "nobody's own group: " + own);
    }

    @Test
    void unknownUsersAndRootAreProblems() {
        for (String name : new String[] {"no-such-user", "root", "a;b"}) {
            String message = assertThrows(
                            ConfigurationProblem.class,
                            () -> WorkerUser.resolve(Optional.of(name), Optional.empty(), ROOT, command))
                    .getMessage();
            assertTrue(message.startsWith("relais.workers.user=" + name), message);
        }
        assertTrue(assertThrows(
                        ConfigurationProblem.class,
                        () -> WorkerUser.resolve(Optional.of("nobody"), Optional.of("no-such-group"), ROOT, command))
                .getMessage()
                .startsWith("relais.workers.group=no-such-group"));
    }

    @Test
    void anOrdinaryUserStaysItselfAndCannotBecomeAnother() {
        WorkerUser.Self self = new WorkerUser.Self(54321, 54321, Set.of(54321));
        assertFalse(WorkerUser.resolve(Optional.empty(), Optional.empty(), self, command)
                .switched());
        assertFalse(WorkerUser.resolve(Optional.of("54321"), Optional.empty(), self, command)
                .switched());
        assertThrows(
                ConfigurationProblem.class,
                () -> WorkerUser.resolve(Optional.of("www-data"), Optional.empty(), self, command));
    }
}
