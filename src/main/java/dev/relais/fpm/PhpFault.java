package dev.relais.fpm;

/**
 * A known fault of PHP-FPM that a FastCGI client has to work around. src/docs/security.md#known-faults-of-php describes the
 * other faults, which concern Relais less.
 */
enum PhpFault {
    /**
     * What a script leaves unread of its request's body is taken as the next FastCGI request of a kept connection, with parameters of the
     * client's choice. Tried with PHP 8.2.32: a PUT of whose body the script reads a part through {@code php://input} is enough, and it
     * does not help to close the connection at END_REQUEST, since the bytes lie in the child's socket already. When the request itself says
     * that the connection ends with it, PHP reads them and drops them.
     */
    UNREAD_BODY(
            "CVE-2026-129289",
            "what a script leaves unread of a request's body can be taken as another request",
            36,
            37,
            28,
            13);

    /**
     * The minor version of the branch to which the first element of {@link #cured} belongs, which is 8.2. The PHP project has
     * not fixed older branches.
     */
    private static final int FIRST_CURED_BRANCH = 2;

    private final String name;
    private final String meaning;
    private final int[] cured; // the first fixed patch levels of 8.2, 8.3, ...; later branches never had the fault

    PhpFault(String name, String meaning, int... cured) {
        this.name = name;
        this.meaning = meaning;
        this.cured = cured;
    }

    /**
     * Whether this release of the PHP project has the fault. It cannot be seen from outside whether a distribution has fixed an
     * older version by a patch of its own.
     *
     * @param version such as {@code 8.2.36}
     */
    boolean isIn(String version) {
        String[] numbers = version.split("\\.");
        int major = Integer.parseInt(numbers[0]);
        int branch = Integer.parseInt(numbers[1]) - FIRST_CURED_BRANCH;
        if (major != 8) {
            return major < 8;
        }
        return branch < 0 || branch < cured.length && Integer.parseInt(numbers[2]) < cured[branch];
    }

    /** One sentence for logs and health data. */
    String describe(String version) {
        return name + " in PHP " + version + ": " + meaning;
    }
}
