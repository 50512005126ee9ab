package dev.relais.differential;

/** A difference that is known and documented. */
interface Listed {
    /** Whether it shows in nearly every answer, so that answers count as identical in spite of it. */
    boolean everywhere();

    /** One sentence of the documentation. */
    String reason();

    boolean covers(Difference difference);
}
