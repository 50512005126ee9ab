package dev.relais.migration;

import dev.relais.ConfigurationProblem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Caddyfile into directives: words up to the line's end, with a block where the last one is a brace. What {@code import} names, a snippet or a
 * file, stands in its place. Bounded in all that a file could make large. Not thread-safe.
 */
final class CaddyReader {
    static final String MODE = "import caddy";
    private static final int DEEPEST = 32;
    private static final int LONGEST = 4_096;
    private static final int MOST_DIRECTIVES = 20_000;
    private static final int MOST_FILES = 100;

    private record Word(String text, int line, boolean isQuoted, boolean endsLine) {}

    private final Path folder;
    private final Notes notes;
    private final Map<String, List<Directive>> snippets = new HashMap<>();
    private final Set<Path> open = new HashSet<>();
    private int directives;
    private int files;

    private CaddyReader(Path folder, Notes notes) {
        this.folder = folder;
        this.notes = notes;
    }

    /** The blocks of sites, each with its addresses as name and arguments, and perhaps the global options, whose name is empty. Blocks. */
    static List<Directive> read(Path file, Notes notes) {
        Path absolute = file.toAbsolutePath();
        CaddyReader reader = new CaddyReader(absolute.getParent() == null ? absolute : absolute.getParent(), notes);
        return reader.file(absolute);
    }

    private List<Directive> file(Path path) {
        if (++files > MOST_FILES || !open.add(path.normalize())) {
            throw new ConfigurationProblem(MODE, path, "includes itself, or too many files", "remove an import");
        }
        SourceFile source = SourceFile.read(MODE, path);
        List<Directive> all = new Parser(source, words(source)).all();
        open.remove(path.normalize());
        return all;
    }

    private static List<Word> words(SourceFile source) {
        List<Word> words = new ArrayList<>();
        String text = source.text();
        int line = 1;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                endLine(words);
                line++;
                at++;
            } else if (c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '\n') {
                line++;
                at += 2;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == '"' || c == '`') {
                int begin = line;
                StringBuilder word = new StringBuilder();
                for (at++; at < text.length() && text.charAt(at) != c; at++) {
                    if (c == '"' && text.charAt(at) == '\\' && at + 1 < text.length() && text.charAt(at + 1) == '"') {
                        at++;
                    }
                    line += text.charAt(at) == '\n' ? 1 : 0;
                    word.append(text.charAt(at));
                }
                if (at >= text.length()) {
                    throw source.problem(MODE, begin, "a quotation mark that has no other", "close it");
                }
                at++;
                words.add(checked(source, new Word(word.toString(), begin, true, false)));
            } else {
                int begin = at;
                while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
                words.add(checked(source, new Word(text.substring(begin, at), line, false, false)));
            }
        }
        endLine(words);
        return words;
    }

    private static Word checked(SourceFile source, Word word) {
        if (word.text().length() > LONGEST) {
            throw source.problem(
                    MODE, word.line(), "a word of more than " + LONGEST + " characters", "name a Caddyfile");
        }
        return word;
    }

    private static void endLine(List<Word> words) {
        if (!words.isEmpty()) {
            Word last = words.get(words.size() - 1);
            words.set(words.size() - 1, new Word(last.text(), last.line(), last.isQuoted(), true));
        }
    }

    private final class Parser {
        private final SourceFile source;
        private final List<Word> words;
        private int at;

        Parser(SourceFile source, List<Word> words) {
            this.source = source;
            this.words = words;
        }

        List<Directive> all() {
            List<Directive> all = new ArrayList<>();
            while (at < words.size()) {
                Directive one = directive(0, true);
                if (one.name().matches("\\(.+\\)") && one.block() != null) {
                    snippets.put(one.name().substring(1, one.name().length() - 1), one.block());
                } else if (one.is("import")) {
                    all.addAll(imported(one, 0));
                } else if (one.block() == null
                        && all.stream().allMatch(other -> other.name().isEmpty())) {
                    List<Directive> rest = new ArrayList<>(); // one site without braces
                    while (at < words.size()) {
                        add(directive(1, false), rest, 0);
                    }
                    all.add(new Directive(one.name(), one.args(), rest, one.origin()));
                } else {
                    all.add(one);
                }
            }
            return all;
        }

        private Directive directive(int depth, boolean isAddress) {
            if (++directives > MOST_DIRECTIVES || depth > DEEPEST) {
                throw source.problem(
                        MODE, words.get(at).line(), "too many directives, or too deep", "name the file of one site");
            }
            Word first = words.get(at);
            List<String> all = new ArrayList<>();
            while (at < words.size()) {
                Word word = words.get(at++);
                boolean isBrace = !word.isQuoted() && word.text().equals("{");
                if (isBrace && word.endsLine()) {
                    return built(first, all, block(depth, first));
                }
                if (!word.isQuoted() && word.text().equals("}")) {
                    throw source.problem(MODE, word.line(), "a } that closes nothing", "remove it");
                }
                all.add(replaced(word.text()));
                boolean goesOn = isAddress
                        && (word.text().endsWith(",")
                                || at < words.size()
                                        && words.get(at).text().equals("{")
                                        && !words.get(at).isQuoted());
                if (word.endsLine() && !goesOn) {
                    return built(first, all, null);
                }
            }
            return built(first, all, null);
        }

        private List<Directive> block(int depth, Word first) {
            List<Directive> block = new ArrayList<>();
            while (at < words.size()) {
                if (!words.get(at).isQuoted() && words.get(at).text().equals("}")) {
                    at++;
                    return block;
                }
                add(directive(depth + 1, false), block, depth);
            }
            throw source.problem(MODE, first.line(), "the block has no end", "close it with }");
        }

        private void add(Directive one, List<Directive> block, int depth) {
            if (one.is("import")) {
                block.addAll(imported(one, depth));
            } else {
                block.add(one);
            }
        }

        private Directive built(Word first, List<String> all, @Nullable List<Directive> block) {
            String name = all.isEmpty() ? "" : all.get(0);
            List<String> args = all.isEmpty() ? List.of() : all.subList(1, all.size());
            return new Directive(
                    name, args, block, new Origin(source.name(), first.line(), name, String.join(" ", all)));
        }
    }

    /** Variables of the environment have the value that the file gives for where they are not set. */
    private static String replaced(String text) {
        return text.replaceAll("\\{\\$[A-Za-z0-9_]+:([^}]*)}", "$1");
    }

    private List<Directive> imported(Directive one, int depth) {
        List<Directive> snippet = snippets.get(one.arg(0));
        if (snippet != null) {
            directives += snippet.size();
            if (directives > MOST_DIRECTIVES) {
                throw new ConfigurationProblem(
                        MODE, one.origin().place(), "too many directives", "name the file of one site");
            }
            return snippet.stream().map(each -> filled(each, one)).toList();
        }
        try {
            Path path = folder.resolve(one.arg(0));
            if (one.arg(0).indexOf('*') < 0 && Files.exists(path)) {
                return file(path);
            }
        } catch (InvalidPathException e) {
            // told below
        }
        notes.guard(one.origin(), "it is not here, so nothing is known of what it closes");
        return List.of();
    }

    /** A directive of a snippet with the arguments of its import. */
    private static Directive filled(Directive one, Directive by) {
        List<String> args = new ArrayList<>();
        for (String arg : one.args()) {
            String text = arg;
            for (int i = 1; i < by.args().size(); i++) {
                text = text.replace("{args[" + (i - 1) + "]}", by.arg(i)).replace("{args." + (i - 1) + "}", by.arg(i));
            }
            args.add(text);
        }
        List<Directive> block = one.block() == null
                ? null
                : one.block().stream().map(each -> filled(each, by)).toList();
        return new Directive(one.name(), args, block, one.origin());
    }
}
