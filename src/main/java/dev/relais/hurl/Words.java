package dev.relais.hurl;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The words of a line, one after the other: plain ones, {@code "texts"}, {@code `texts`} and {@code /patterns/}. A comment ends the line. */
final class Words {
    enum Kind {
        PLAIN,
        TEXT,
        PATTERN
    }

    record Word(Kind kind, String text) {
        boolean is(String plain) {
            return kind == Kind.PLAIN && text.equals(plain);
        }
    }

    private final int number;
    private final List<Word> words = new ArrayList<>();
    private int next;

    /** @param number of the line, for problems */
    Words(int number, String line) throws SyntaxProblem {
        this.number = number;
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '#') {
                break;
            } else if (c == ' ' || c == '\t') {
                at++;
            } else if (c == '"' || c == '`' || c == '/') {
                at = delimited(line, at);
            } else {
                int end = at;
                while (end < line.length() && " \t".indexOf(line.charAt(end)) < 0) {
                    end++;
                }
                words.add(new Word(Kind.PLAIN, line.substring(at, end)));
                at = end;
            }
        }
    }

    private int delimited(String line, int begin) throws SyntaxProblem {
        char mark = line.charAt(begin);
        StringBuilder text = new StringBuilder();
        for (int at = begin + 1; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == mark) {
                words.add(new Word(mark == '/' ? Kind.PATTERN : Kind.TEXT, text.toString()));
                return at + 1;
            }
            if (c != '\\' || mark == '`' || at + 1 == line.length()) {
                text.append(c);
            } else if (mark == '/') {
                char escaped = line.charAt(++at);
                text.append(escaped == '/' ? "/" : "\\" + escaped);
            } else {
                at = escape(line, at + 1, text);
            }
        }
        throw problem("a " + mark + " is missing at the end");
    }

    /** @return the index of the last character of the escape sequence that begins behind the backslash */
    private int escape(String line, int at, StringBuilder text) throws SyntaxProblem {
        char c = line.charAt(at);
        int known = "\"\\#bfnrt".indexOf(c);
        if (known >= 0) {
            text.append("\"\\#\b\f\n\r\t".charAt(known));
            return at;
        }
        int end = line.indexOf('}', at);
        if (c == 'u' && end > 0 && line.substring(at + 1, end).matches("\\{[0-9A-Fa-f]{1,5}")) {
            text.appendCodePoint(Integer.parseInt(line.substring(at + 2, end), 16));
            return end;
        }
        throw problem("\\" + c + " is no escape sequence; write \\\\ for a backslash");
    }

    boolean hasNext() {
        return next < words.size();
    }

    /** The next word, without passing on; null at the end. */
    @Nullable
    Word peek() {
        return hasNext() ? words.get(next) : null;
    }

    /** @param what is missing at the end of the line, for the problem */
    Word next(String what) throws SyntaxProblem {
        if (!hasNext()) {
            throw problem(what + " is missing at the end");
        }
        return words.get(next++);
    }

    /** The next word, which has to be a text in quotes. */
    String text(String what) throws SyntaxProblem {
        Word word = next(what);
        if (word.kind() != Kind.TEXT) {
            throw problem(word.text() + ": " + what + " is written in quotes");
        }
        return word.text();
    }

    /** The next word as a pattern, which may be written in quotes, too. */
    Pattern pattern() throws SyntaxProblem {
        Word word = next("a pattern");
        if (word.kind() == Kind.PLAIN) {
            throw problem(word.text() + ": a pattern is written like /[0-9]+/");
        }
        try {
            return Pattern.compile(word.text());
        } catch (PatternSyntaxException e) {
            throw problem(word.text() + ": no pattern: " + e.getDescription());
        }
    }

    void end() throws SyntaxProblem {
        if (hasNext()) {
            throw problem(words.get(next).text() + ": stands behind the end of the line's sense");
        }
    }

    SyntaxProblem problem(String problem) {
        return new SyntaxProblem(number, problem);
    }
}
