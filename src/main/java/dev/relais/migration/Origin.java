package dev.relais.migration;

/**
 * Where a directive stands, and what it says.
 *
 * @param file as messages name it
 * @param line from 1
 * @param name of the directive
 * @param text the directive as it was written, without what stands in its block
 */
record Origin(String file, int line, String name, String text) {
    String place() {
        return file + ":" + line;
    }
}
