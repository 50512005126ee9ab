package dev.relais.worker;

/**
 * Where a group begins to count.
 *
 * @param worker the number of its first worker
 * @param generation the number of its first generation
 */
record FirstNumbers(int worker, int generation) {
    /** Of the group that is there from the start. */
    static final FirstNumbers USUAL = new FirstNumbers(0, 1);
}
