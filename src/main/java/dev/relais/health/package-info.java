/** The probes of an orchestrator, on the management port. It reads the other packages; none imports it. */
@NullMarked
package dev.relais.health;

import org.jspecify.annotations.NullMarked;
