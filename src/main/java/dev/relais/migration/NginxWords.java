package dev.relais.migration;

import dev.relais.ConfigurationProblem;
import org.jspecify.annotations.Nullable;

/**
 * The words of a file for nginx, as {@code ngx_conf_read_token} takes them apart: parted by white space, ended by a semicolon or a brace; quotes
 * count at the begin of a word, and a backslash keeps what follows it in its word. Not thread-safe.
 */
final class NginxWords {
    static final String MODE = "import nginx";
    /** As in nginx itself. */
    private static final int LONGEST = 4_096;

    /** A word; {@code ;}, <code>{</code> and <code>}</code> are words that are not quoted and have no other letter. */
    record Word(String text, boolean isQuoted, int line) {
        boolean is(String sign) {
            return !isQuoted && text.equals(sign);
        }
    }

    private final SourceFile file;
    private final String text;
    private int at;
    private int line = 1;

    NginxWords(SourceFile file) {
        this.file = file;
        this.text = file.text();
    }

    /** The next word; null at the end. */
    @Nullable
    Word next() {
        skip();
        if (at == text.length()) {
            return null;
        }
        char first = text.charAt(at);
        if (first == ';' || first == '{' || first == '}') {
            at++;
            return new Word(String.valueOf(first), false, line);
        }
        return first == '"' || first == '\'' ? quoted(first) : bare();
    }

    int line() {
        return line;
    }

    ConfigurationProblem problem(int where, String problem, String remedy) {
        return file.problem(MODE, where, problem, remedy);
    }

    private void skip() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(c)) {
                line += c == '\n' ? 1 : 0;
                at++;
            } else {
                return;
            }
        }
    }

    private Word quoted(char quote) {
        int begin = line;
        StringBuilder word = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                return new Word(word.toString(), true, begin);
            }
            take(c, word);
        }
        throw problem(begin, "the quotation mark " + quote + " has no other", "close it");
    }

    private Word bare() {
        int begin = line;
        StringBuilder word = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean isVariable = c == '{' && word.length() > 0 && word.charAt(word.length() - 1) == '$';
            if (Character.isWhitespace(c) || c == ';' || c == '{' && !isVariable) {
                break;
            }
            take(c, word);
            at++;
        }
        return new Word(word.toString(), false, begin);
    }

    /** Takes one letter, or a backslash with what follows it. */
    private void take(char c, StringBuilder word) {
        line += c == '\n' ? 1 : 0;
        if (c != '\\' || at + 1 == text.length()) {
            word.append(c);
        } else {
            char escaped = text.charAt(++at);
            line += escaped == '\n' ? 1 : 0;
            switch (escaped) {
                case '"', '\'', '\\' -> word.append(escaped);
                case 't' -> word.append('\t');
                case 'r' -> word.append('\r');
                case 'n' -> word.append('\n');
                default -> word.append('\\').append(escaped);
            }
        }
        if (word.length() > LONGEST) {
            throw problem(line, "a word of more than " + LONGEST + " characters", "name a file of configuration");
        }
    }

    /** Passes over a block in another language up to its closing brace; the opening one was read. */
    void skipForeign(int begin) {
        int depth = 1;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            line += c == '\n' ? 1 : 0;
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                at++;
                return;
            }
        }
        throw problem(begin, "the block has no end", "close it with }");
    }
}
