/** The status of the gateway for people, on the management port. Reads the other rooms; nobody imports it. */
package dev.relais.console;
