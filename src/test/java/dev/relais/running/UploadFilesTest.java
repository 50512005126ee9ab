package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.Answer;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files that PHP keeps for a request's body are removed, however the request ends. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class UploadFilesTest extends RunningGateway {
    private static final String BOUNDARY = "relais-boundary";

    private Path root;

    /** The folder for uploads of the gateway under test, below the folder that PHP itself reports. */
    private Path root() throws IOException {
        if (root == null) {
            root = Path.of(send(multipart("/api/uploaded")).text().split(" ")[2])
                    .getParent();
        }
        return root;
    }

    private List<Path> below(boolean files) throws IOException {
        Path top = root();
        try (Stream<Path> all = Files.walk(top)) {
            return all.filter(path -> Files.isRegularFile(path) == files && !path.equals(top))
                    .toList();
        } catch (UncheckedIOException | NoSuchFileException e) {
            return below(files); // a folder was removed meanwhile
        }
    }

    private String folders() {
        try {
            return below(false).toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String multipart(String target) {
        String body = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n"
                + "x".repeat(40_000) + "\r\n--" + BOUNDARY + "--\r\n";
        return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary="
                + BOUNDARY + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private Answer send(String request) throws IOException {
        try (RawClient client = connect()) {
            return client.send(request).answer();
        }
    }

    @Test
    void anUploadIsAnUploadToPhpAndLeavesNothing() throws Exception {
        Answer answer = send(multipart("/api/uploaded"));
        assertEquals(200, answer.status());
        String[] words = answer.text().split(" ");
        assertEquals("uploaded", words[0]);
        assertEquals("moved", words[1]);
        Path folder = Path.of(words[2]);
        assertEquals(Path.of("/tmp"), folder.getParent().getParent());
        assertTrue(folder.getParent().getFileName().toString().startsWith(".relais-"), folder.toString());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.getParent())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        assertEquals(List.of(), below(true));
    }

    @Test
    void filesOfAnUploadThatIsEndedAtItsTimeLimitAreRemovedWithItsFolder() throws Exception {
        await().until(() -> isWhole() && below(false).size() == 4);
        // Old enough for opcache, which then keeps what the first of each worker's new children compiles.
        Files.setLastModifiedTime(
                group.runDirectory().resolve("relais-pid.php"),
                FileTime.from(Instant.now().minusSeconds(60)));
        for (int i = 0; i < 3; i++) {
            untilProved(side -> {
                assertEquals(
                        504, send(multipart("/api/limited?" + side.query())).status());
                if (!hasBegun(side)) {
                    return false;
                }
                Side.awaitEnd(side.await("running-"));
                return true;
            });
        }
        await().until(() -> isWhole() && below(true).isEmpty());
        await("a folder for each child")
                .untilAsserted(() -> assertEquals(4, below(false).size(), () -> folders()));
    }

    @Test
    void filesOfAnUploadWhoseClientHungUpAreRemoved() throws Exception {
        try (Side side = new Side()) {
            try (RawClient client = connect()) {
                client.send(multipart("/api/abort/end?" + side.query()));
                long pid = side.await("running-");
                assertTrue(below(true).size() >= 1, "the file is where it is looked for");
                client.close();
                Side.awaitEnd(pid);
            }
        }
        await().until(() -> isWhole() && below(true).isEmpty());
    }
}
