package dev.relais.migration;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * Reads a file for Apache into directives: one on each line, which a backslash at its end continues, and sections of them. Names are in lower case, since
 * Apache does not ask for their case. Not thread-safe.
 */
final class ApacheReader {
    static final String MODE = "import apache";
    private static final int DEEPEST = 32;
    private static final int MOST_DIRECTIVES = 20_000;
    /** As in Apache itself. */
    private static final int LONGEST = 8_190;

    private record Open(Origin origin, String name, List<String> args, List<Directive> inside) {}

    private final SourceFile file;
    private final Deque<Open> open = new ArrayDeque<>();
    private int directives;

    private ApacheReader(SourceFile file) {
        this.file = file;
    }

    /**
     * Reads a file. Blocks.
     *
     * @throws dev.relais.ConfigurationProblem when it is no configuration of Apache
     */
    static List<Directive> read(Path path) {
        return new ApacheReader(SourceFile.read(MODE, path)).read();
    }

    private List<Directive> read() {
        open.push(new Open(new Origin(file.name(), 1, "", ""), "", List.of(), new ArrayList<>()));
        String[] lines = file.text().split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            int line = i + 1;
            StringBuilder whole = new StringBuilder(lines[i]);
            while (whole.length() > 0 && whole.charAt(whole.length() - 1) == '\\' && i + 1 < lines.length) {
                whole.setLength(whole.length() - 1);
                whole.append(lines[++i]);
            }
            String text = whole.toString().strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                if (++directives > MOST_DIRECTIVES) {
                    throw file.problem(MODE, line, "too many directives", "name the file of one site");
                }
                if (text.length() > LONGEST) {
                    throw file.problem(MODE, line, "a line of more than " + LONGEST + " characters", "divide it");
                }
                line(text, line);
            }
        }
        if (open.size() > 1) {
            Open last = open.peek();
            throw file.problem(MODE, last.origin().line(), "<" + last.origin().name() + "> has no end", "close it");
        }
        return open.peek().inside();
    }

    private void line(String text, int line) {
        if (text.startsWith("</")) {
            String name = text.substring(2).replaceFirst(">.*", "").strip().toLowerCase(Locale.ROOT);
            Open last = open.peek();
            if (open.size() == 1 || last == null || !last.name().equals(name)) {
                throw file.problem(
                        MODE, line, "</" + name + "> closes nothing", "remove it, or close what is open first");
            }
            open.pop();
            open.peek().inside().add(new Directive(last.name(), last.args(), last.inside(), last.origin()));
            return;
        }
        boolean isSection = text.startsWith("<");
        if (isSection && !text.endsWith(">")) {
            throw file.problem(MODE, line, "a section's begin without >", "write it like <Files name>");
        }
        List<String> words = words(isSection ? text.substring(1, text.length() - 1) : text, line);
        if (words.isEmpty() || !words.get(0).matches("[A-Za-z][A-Za-z0-9_]*")) {
            throw file.problem(MODE, line, "no directive", "write its name first");
        }
        String name = words.get(0).toLowerCase(Locale.ROOT);
        List<String> args = words.subList(1, words.size());
        Origin origin = new Origin(file.name(), line, words.get(0), text);
        if (!isSection) {
            open.peek().inside().add(new Directive(name, args, null, origin));
        } else if (open.size() > DEEPEST) {
            throw file.problem(MODE, line, "more than " + DEEPEST + " sections in each other", "divide the file");
        } else {
            open.push(new Open(origin, name, args, new ArrayList<>()));
        }
    }

    /** Parted by white space; quotes keep a word together, and a backslash the quote and itself within them. */
    private List<String> words(String text, int line) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            StringBuilder word = new StringBuilder();
            if (c == '"' || c == '\'') {
                for (at++; at < text.length() && text.charAt(at) != c; at++) {
                    boolean escapes = text.charAt(at) == '\\'
                            && at + 1 < text.length()
                            && (text.charAt(at + 1) == c || text.charAt(at + 1) == '\\');
                    at += escapes ? 1 : 0;
                    word.append(text.charAt(at));
                }
                if (at >= text.length()) {
                    throw file.problem(MODE, line, "a quotation mark that has no other", "close it");
                }
                at++;
            } else {
                while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                    word.append(text.charAt(at++));
                }
            }
            words.add(word.toString());
        }
        return words;
    }
}
