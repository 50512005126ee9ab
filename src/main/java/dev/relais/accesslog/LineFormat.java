package dev.relais.accesslog;

/** What lines look like. Immutable. */
interface LineFormat {
    /** The names of the request's fields that lines are made of, in small letters. */
    String[] fields();

    /** Writes the line of an entry without its end. */
    void write(Entry entry, Line line);
}
