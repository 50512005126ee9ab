/** The probes of an orchestrator, on the management port. Reads the other rooms; nobody imports it. */
@NullMarked
package dev.relais.health;

import org.jspecify.annotations.NullMarked;
