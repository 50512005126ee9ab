package dev.relais.migration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is told of one site, or of the whole file. Not thread-safe. */
final class Notes {
    /** So that a hostile file cannot make an endless result. */
    private static final int MOST = 10_000;

    private final List<Note> notes = new ArrayList<>();

    void guard(Origin origin, String why) {
        add(new Note(Note.Kind.GUARD, origin.file(), origin.line(), origin.text(), why));
    }

    void lost(Origin origin, String why) {
        add(new Note(Note.Kind.LOST, origin.file(), origin.line(), origin.text(), why));
    }

    void different(Origin origin, String why) {
        add(new Note(Note.Kind.DIFFERENT, origin.file(), origin.line(), origin.text(), why));
    }

    /** @param why is also what such directives are gathered by */
    void needless(Origin origin, String why) {
        add(new Note(Note.Kind.NEEDLESS, origin.file(), origin.line(), origin.name(), why));
    }

    private void add(Note note) {
        if ((notes.size() < MOST || note.kind() == Note.Kind.GUARD) && !notes.contains(note)) {
            notes.add(note);
        }
    }

    void addAll(Notes others) {
        others.notes.forEach(this::add);
    }

    boolean hasGuard() {
        return count(Note.Kind.GUARD) > 0;
    }

    long count(Note.Kind kind) {
        return notes.stream().filter(note -> note.kind() == kind).count();
    }

    /** The lines of comments, without their hash. What is not needed is gathered by its reason. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Note.Kind kind : Note.Kind.values()) {
            Stream<Note> own = notes.stream()
                    .filter(note -> note.kind() == kind)
                    .sorted(Comparator.comparing(Note::file).thenComparingInt(Note::line));
            if (kind != Note.Kind.NEEDLESS) {
                own.forEach(note -> lines.add(kind.words()
                        + ": "
                        + (note.place().isEmpty() ? "" : note.place() + ": ")
                        + note.directive()
                        + ": "
                        + note.why()));
                continue;
            }
            Map<String, Map<String, List<String>>> gathered = new LinkedHashMap<>();
            own.forEach(note -> gathered.computeIfAbsent(note.why(), why -> new LinkedHashMap<>())
                    .computeIfAbsent(note.directive(), directive -> new ArrayList<>())
                    .add(note.place()));
            gathered.forEach((why, directives) -> {
                List<String> texts = new ArrayList<>();
                directives.forEach(
                        (directive, places) -> texts.add(directive + " (" + String.join(", ", places) + ")"));
                lines.add(kind.words() + ", " + why + ": " + String.join(", ", texts));
            });
        }
        return lines;
    }
}
