package dev.relais.sites;

import static dev.relais.functions.FunctionFixture.php;
import static dev.relais.functions.FunctionFixture.write;
import static dev.relais.sites.Place.Kind.SCRIPT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.re2j.Pattern;
import dev.relais.http.RequestTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A site on disk, with settings that each test makes, and what it decides about a target. */
abstract class DecisionFixture {
    @TempDir
    Path temporary;

    Path root;
    String mount = "";
    String client = "192.0.2.1";
    boolean internal;
    List<Alias> aliases = List.of();
    final PathSettings.Builder all = new PathSettings.Builder();
    private final List<PathRules.Entry> some = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();

    @BeforeEach
    void makeSite() throws IOException {
        root = temporary.toRealPath().resolve("site");
        for (String script :
                List.of("index.php", "info.php", "admin/index.php", "uploads/evil.php", "core/install.php")) {
            php(root, script);
        }
        for (String file : List.of("s.css", "uploads/x.jpg", "docs/index.html", "app.html")) {
            write(root.resolve(file), "x");
        }
    }

    final void path(String pattern, Consumer<PathSettings.Builder> settings) {
        PathSettings.Builder own = new PathSettings.Builder();
        settings.accept(own);
        some.add(new PathRules.Entry(glob(pattern), own.build()));
    }

    static Glob glob(String pattern) {
        return Objects.requireNonNull(Glob.parse(pattern), pattern);
    }

    final void rule(String match, String to, int status) {
        rule(match, to, status, false);
    }

    final void rule(String match, String to, int status, boolean whenMissing, String... hosts) {
        Pattern pattern = Pattern.compile(match, Pattern.DOTALL);
        Template target = to == null ? null : Objects.requireNonNull(Template.parse(to, pattern), to);
        rules.add(new Rule(pattern, target, status, whenMissing, Set.of(hosts)));
    }

    static Fallback fallback(String text) {
        return Objects.requireNonNull(Fallback.parse(text), text);
    }

    final Place find(String target, String... deny) {
        return find(target, true, deny);
    }

    final Place find(String target, boolean reads, String... deny) {
        PathRules built = new PathRules(
                all.build(), some, new DenyList(Stream.of(deny).map(Glob::parse).toList()), rules);
        Application site = new Application(
                mount,
                root,
                aliases,
                List.of(),
                built,
                new Site("site", List.of(), false, false, root, Map.of()),
                Map.of());
        RequestTarget parsed = Objects.requireNonNull(RequestTarget.parse(target));
        int slash =
                parsed.encodedSlash() == Integer.MAX_VALUE ? Integer.MAX_VALUE : parsed.encodedSlash() - mount.length();
        return site.find(new Asked(
                parsed.path().substring(mount.length()),
                slash,
                parsed.query(),
                target,
                "site.example",
                client,
                reads,
                internal,
                DecisionFixture::read));
    }

    private static Asked read(String text, Asked before) {
        RequestTarget target = RequestTarget.parse(text);
        return target == null ? null : before.at(target.path(), target.encodedSlash(), target.query());
    }

    final void runs(String target, String script, String pathInfo, String query) {
        Place place = find(target);
        assertEquals(SCRIPT, place.kind(), target);
        assertEquals(script, place.script());
        assertEquals(pathInfo, place.pathInfo());
        assertEquals(query, place.query());
    }
}
