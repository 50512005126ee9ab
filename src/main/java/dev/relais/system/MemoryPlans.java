package dev.relais.system;

/** Works out how the memory of the container is used. Any thread; blocks for some milliseconds. */
public interface MemoryPlans {
    /** The sum with what is known now: measured once children run. */
    MemoryPlan current();
}
