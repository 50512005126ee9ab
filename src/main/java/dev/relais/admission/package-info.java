/**
 * Decides for each invocation whether it runs now, waits, or is refused. A {@link dev.relais.admission.Gate} counts what runs
 * of one function and lets in what its limits and the shared {@link dev.relais.admission.Permits} admit; the
 * {@link dev.relais.admission.WaitingRoom} is the bounded deadline queue of the others; a
 * {@link dev.relais.admission.CircuitBreaker} refuses a function that kills its PHP processes; a {@code ComputingLimit} lets
 * no more runs that compute have a child than the processors have work for.
 *
 * <p>Imports {@code events}. Event loops enter, leave and serve; nothing here blocks or starts a thread.
 */
@NullMarked
package dev.relais.admission;

import org.jspecify.annotations.NullMarked;
