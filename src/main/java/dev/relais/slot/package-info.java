/**
 * The right to use one child for one exchange: the slots of a worker, the connection to each child, the owner of a slot, and
 * the child's end.
 *
 * <p>{@link dev.relais.slot.SlotState} has the states of a slot. Only {@link dev.relais.slot.WorkerKind} knows what program
 * runs the children.
 *
 * <p>Imports {@code fastcgi}, {@code process} and {@code events}. A slot is confined to its event loop; only claiming and
 * releasing it are one compare-and-set from any thread.
 */
@NullMarked
package dev.relais.slot;

import org.jspecify.annotations.NullMarked;
