/**
 * The host: its limits, what of them is not as it should be, and how its memory is shared out between gateway and PHP.
 *
 * <p>{@link dev.relais.system.Doctor} has what all checks find; the other packages add checks of their own, as beans of
 * {@link dev.relais.system.HostCheck}. Imports no other package.
 */
@NullMarked
package dev.relais.system;

import org.jspecify.annotations.NullMarked;
