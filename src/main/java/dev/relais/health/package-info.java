/** The probes of an orchestrator, on the management port. Reads the other rooms; nobody imports it. */
package dev.relais.health;
