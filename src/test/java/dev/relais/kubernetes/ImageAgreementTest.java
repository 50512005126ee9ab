package dev.relais.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the images are what the manifests take them for, and alike but for what runs in them. */
class ImageAgreementTest {
    private static final Path FOLDER = Path.of("src/main/docker");
    private static final Node CONTAINER = Rendering.of("base")
            .only("Deployment")
            .at("spec", "template", "spec", "containers")
            .with("name", "relais");

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void runsAsTheUserOfTheManifest(String file) throws IOException {
        Node pod = Rendering.of("base").only("Deployment").at("spec", "template", "spec", "securityContext");
        assertEquals(
                List.of(pod.at("runAsUser").text() + ":" + pod.at("runAsGroup").text()), instructions(file, "USER"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void exposesThePortsOfTheManifest(String file) throws IOException {
        TreeSet<String> ports = new TreeSet<>();
        CONTAINER
                .at("ports")
                .each()
                .forEach(port -> ports.add(port.at("containerPort").text()));
        assertEquals(List.of(String.join(" ", ports)), instructions(file, "EXPOSE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void looksForItsFunctionsWhereTheManifestPutsThem(String file) throws IOException {
        String folder = CONTAINER
                .at("volumeMounts")
                .with("name", "functions")
                .at("mountPath")
                .text();
        assertTrue(instructions(file, "ENV").contains("RELAIS_FUNCTIONS_DIRECTORY=" + folder));
        assertTrue(Files.readString(FOLDER.resolve("packages")).contains("mkdir -p " + folder));
    }

    @Test
    void imagesDifferOnlyInWhatRunsInThem() throws IOException {
        for (String instruction : List.of("FROM", "ENV", "EXPOSE", "STOPSIGNAL", "LABEL", "USER")) {
            List<String> jvm = instructions("Dockerfile.jvm", instruction);
            assertFalse(jvm.isEmpty(), instruction);
            assertEquals(jvm, instructions("Dockerfile.native", instruction));
        }
    }

    /** Else the build fails, for the folder's files are left out unless they are named. */
    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void whatIsCopiedIsSentToTheBuild(String file) throws IOException {
        List<String> sent = Files.readAllLines(Path.of(".dockerignore"));
        for (String copy : instructions(file, "COPY")) {
            List<String> words = List.of(copy.split(" "));
            for (String source : words.subList(0, words.size() - 1)) {
                String named = source.replaceAll("\\[(.)]", "$1"); // a pattern, so that the file may be missing
                assertTrue(sent.contains("!" + named), source);
            }
        }
    }

    /** A folder of functions is copied to where the image looks for it, out of an image of the manifest's name. */
    @ParameterizedTest
    @ValueSource(strings = {"README.md", "src/docs/deploying.md"})
    void theImageOfTwoLinesThatIsShownIsOne(String page) throws IOException {
        Matcher shown = Pattern.compile("```dockerfile\nFROM (.+)\nCOPY functions/ (.+)/\n```")
                .matcher(Files.readString(Path.of(page)));
        assertTrue(shown.find(), page);
        assertEquals(CONTAINER.at("image").text(), shown.group(1));
        assertEquals(
                CONTAINER
                        .at("volumeMounts")
                        .with("name", "functions")
                        .at("mountPath")
                        .text(),
                shown.group(2));
    }

    /** What follows the instruction wherever it stands; lines that go on are one. */
    private static List<String> instructions(String file, String instruction) throws IOException {
        List<String> found = new ArrayList<>();
        String text = Files.readString(FOLDER.resolve(file)).replaceAll("\\\\\n\\s*", "");
        for (String line : text.split("\n")) {
            if (line.startsWith(instruction + " ")) {
                found.add(line.substring(instruction.length() + 1));
            }
        }
        return found;
    }
}
