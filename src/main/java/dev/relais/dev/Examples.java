package dev.relais.dev;

import dev.relais.functions.PhpFunction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Targets by which a function can be tried: those of GET requests in its tests, and those that the first comment of its script names. */
final class Examples {
    private static final int MOST = 5;
    private static final int MOST_BYTES = 1 << 16;
    private static final Pattern TEST =
            Pattern.compile("(?m)^\\s*GET\\s+\\{\\{host}}(/api/[!-~&&[^{}\"<>`\\\\]]+)(?=\\s|$)");
    private static final Pattern COMMENT =
            Pattern.compile("(?://|#|\\*)[^\\n]*?(/api/[A-Za-z0-9_.~/?&=%+-]*[A-Za-z0-9_~/=%+-])");

    private Examples() {}

    /** At most five, which begin with the function's path; it alone when there are no others. Blocks. */
    static List<String> of(PhpFunction function) {
        if (function.isSite()) {
            return List.of(); // a site has a host, and is at home in a browser
        }
        String path = "/api/" + function.name();
        Path script = Path.of(function.scriptFilename());
        String name = script.getFileName().toString();
        Path test = script.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".hurl");
        Set<String> found = new LinkedHashSet<>();
        add(found, TEST, text(test), path);
        add(found, COMMENT, head(text(script)), path);
        List<String> first = new ArrayList<>(found);
        return first.isEmpty() ? List.of(path) : List.copyOf(first.subList(0, Math.min(MOST, first.size())));
    }

    private static void add(Set<String> found, Pattern pattern, String text, String path) {
        Matcher target = pattern.matcher(text);
        while (target.find()) {
            String one = target.group(1);
            if (one.startsWith(path)
                    && (one.length() == path.length() || "/?".indexOf(one.charAt(path.length())) >= 0)) {
                found.add(one);
            }
        }
    }

    /** What stands before the first statement, more or less: the first lines. */
    private static String head(String script) {
        return String.join("\n", script.lines().limit(12).toList());
    }

    private static String text(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES
                    ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    : "";
        } catch (IOException e) {
            return "";
        }
    }
}
