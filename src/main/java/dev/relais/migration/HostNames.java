package dev.relais.migration;

/** Names of hosts as {@code hosts} takes them. */
final class HostNames {
    private static final int LONGEST = 255;

    private HostNames() {}

    /** @param name in lower case */
    static boolean isName(String name) {
        return name.length() <= LONGEST && name.matches("(\\*\\.)?[a-z0-9_]([a-z0-9_-]|\\.(?!\\.))*(?<!\\.)");
    }
}
