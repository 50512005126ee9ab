package dev.relais.service;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When the Debian package is purged, nothing stays of what systemd has made for the service. */
class PurgeTest {
    private static final Map<String, String> KEPT_BELOW =
            Map.of("State", "/var/lib", "Cache", "/var/cache", "Logs", "/var/log", "Configuration", "/etc");

    @Test
    void removesTheFoldersThatSystemdKeepsForTheService() throws IOException {
        String unit = Files.readString(Path.of("src/main/systemd/relais.service"));
        String purge = Files.readString(Path.of("src/main/deb/control/postrm"));
        List<String> kept = Pattern.compile("(?m)^(State|Cache|Logs|Configuration)Directory=(.+)$")
                .matcher(unit)
                .results()
                .flatMap(PurgeTest::folders)
                .toList();

        assertTrue(kept.contains("/var/lib/relais"), kept::toString);
        for (String folder : kept) {
            assertTrue(
                    Pattern.compile("rm -rf.*" + Pattern.quote(folder) + "(?![\\w/])")
                            .matcher(purge)
                            .find(),
                    folder + " stays");
        }
    }

    private static Stream<String> folders(MatchResult line) {
        return Pattern.compile(" +")
                .splitAsStream(line.group(2).strip())
                .map(name -> KEPT_BELOW.get(line.group(1)) + "/" + name);
    }
}
