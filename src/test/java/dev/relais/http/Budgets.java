package dev.relais.http;

/** Memory budgets for tests of what is counted in them. */
public final class Budgets {
    private Budgets() {}

    public static MemoryBudget of(long capacity) {
        return new MemoryBudget(capacity);
    }

    public static long used(MemoryBudget budget) {
        return budget.used();
    }
}
