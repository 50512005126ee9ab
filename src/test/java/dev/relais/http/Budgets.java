package dev.relais.http;

/** Makes memory budgets for tests. */
public final class Budgets {
    private Budgets() {}

    public static MemoryBudget of(long capacity) {
        return new MemoryBudget(capacity);
    }

    public static long used(MemoryBudget budget) {
        return budget.used();
    }
}
