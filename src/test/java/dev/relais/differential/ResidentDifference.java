package dev.relais.differential;

import java.util.function.Predicate;

/** What a resident function shows differently from PHP-FPM, and why; src/docs/resident.md lists each of them. */
enum ResidentDifference implements Listed {
    WHERE("x", it -> false);

    private final String reason;
    private final Predicate<Difference> covers;

    ResidentDifference(String reason, Predicate<Difference> covers) {
        this.reason = reason;
        this.covers = covers;
    }

    @Override
    public boolean everywhere() {
        return false;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public boolean covers(Difference difference) {
        return covers.test(difference);
    }
}
