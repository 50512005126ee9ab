/**
 * The status of the gateway and what can be done to it, for people, on the management port; {@link dev.relais.console.ManagementGuard}
 * stands before all of it. Reads the other rooms; nobody imports it.
 */
@NullMarked
package dev.relais.console;

import org.jspecify.annotations.NullMarked;
