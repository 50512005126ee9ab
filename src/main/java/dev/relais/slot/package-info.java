/**
 * The right to use one child for one exchange: the slots of a worker, the connection to each child, who holds a slot, and the child's end.
 *
 * <p>{@link dev.relais.slot.SlotState} has the life of a slot. What runs the children is known by {@link dev.relais.slot.WorkerKind} alone.
 *
 * <p>Imports {@code fastcgi} and {@code process}. A slot is confined to its event loop; only claiming and releasing it are one
 * compare-and-set from any thread.
 */
@NullMarked
package dev.relais.slot;

import org.jspecify.annotations.NullMarked;
