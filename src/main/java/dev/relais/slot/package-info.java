/**
 * The right to use one child for one exchange: the slots of a worker, the connection to each child, who holds a slot, and the child's end.
 *
 * <p>Imports {@code fastcgi} and {@code process}. A slot is confined to its event loop; only claiming and releasing it are one compare-and-set
 * from any thread.
 */
package dev.relais.slot;
