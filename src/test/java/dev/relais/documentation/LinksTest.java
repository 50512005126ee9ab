package dev.relais.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each link leads somewhere: in the pages, to them from comments, and to every page from the README. */
class LinksTest {
    private static final Path TOP = Path.of("").toAbsolutePath();
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
    private static final Pattern PLACE = Pattern.compile("`((?:src|kubernetes|\\.ci)/[\\w./-]*\\w)/?`");
    private static final Pattern MENTION = Pattern.compile("\\bsrc/docs/[\\w.-]*\\w(?:#[\\w-]+)?");

    static List<Page> pages() {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsToAFileAndAnAnchorThatAreThere(Page page) {
        List<String> broken = new ArrayList<>();
        for (String link : page.links()) {
            if (!ELSEWHERE.matcher(link).matches() && !leadsSomewhere(page, link)) {
                broken.add(link);
            }
        }
        assertEquals(List.of(), broken, page + " links to what is not there");
    }

    private static boolean leadsSomewhere(Page page, String link) {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path folder = TOP.resolve(page.file()).getParent();
        Path file =
                path.isEmpty() ? TOP.resolve(page.file()) : folder.resolve(path).normalize();
        if (path.startsWith("/") || !file.startsWith(TOP) || !Files.exists(file)) {
            return false;
        }
        return hash < 0 || Page.of(file).anchors().contains(link.substring(hash + 1));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyPlaceInTheSourcesThatIsNamedIsThere(Page page) {
        List<String> gone = new ArrayList<>();
        Matcher place = PLACE.matcher(page.text());
        while (place.find()) {
            if (!Files.exists(Path.of(place.group(1)))) {
                gone.add(place.group(1));
            }
        }
        assertEquals(List.of(), gone, page + " names what is not there");
    }

    @Test
    void everyPageIsLinkedFromTheReadme() throws IOException {
        List<String> links = Page.of(Path.of("README.md")).links();
        for (Path file : Sources.in(Page.DOCUMENTS, "")) {
            assertTrue(links.contains(file.toString()), file + " is not linked from README.md");
        }
    }

    @Test
    void whatCommentsSayOfAPageIsThere() throws IOException {
        Set<String> gone = new TreeSet<>();
        List<Path> files = new ArrayList<>(List.of(Path.of("pom.xml"), Path.of(".dockerignore")));
        for (String folder : List.of("src/main", "src/test", "src/bench", ".ci", "kubernetes")) {
            files.addAll(Sources.in(Path.of(folder), ""));
        }
        int found = 0;
        for (Path file : files) {
            if (!file.toString().matches(".*\\.(png|jpg|pyc|p12)")) {
                Matcher mention = MENTION.matcher(Files.readString(file));
                while (mention.find()) {
                    found++;
                    if (!leadsSomewhere(Page.of(Path.of("README.md")), mention.group())) {
                        gone.add(file + ": " + mention.group());
                    }
                }
            }
        }
        assertEquals(Set.of(), gone);
        assertTrue(found > 0, "nothing mentions a page: is the pattern right?");
    }

    @Test
    void anchorsAreThoseThatGitHubMakes() {
        Page page = new Page(Path.of("x.md"), """
                # A `code` heading: with marks, and more
                ## Upgrade: h2c
                ## Same
                ## Same
                ### [A link](other.md) in it
                ```sh
                # no heading
                ```
                """);
        assertEquals(
                Set.of("a-code-heading-with-marks-and-more", "upgrade-h2c", "same", "same-1", "a-link-in-it"),
                page.anchors());
    }

    @Test
    void linksInCodeAreNone() {
        Page page = new Page(Path.of("x.md"), """
                [one](a.md), `[no](b.md)`, ![picture](c.png) [![inner](d.png)](e.md#f)
                ```
                [no](g.md)
                ```
                """);
        assertEquals(List.of("a.md", "c.png", "d.png", "e.md#f"), page.links());
    }
}
