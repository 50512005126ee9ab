/**
 * The status of the gateway and the actions on it, for operators, on the management port: as JSON, and as a page.
 * {@link dev.relais.console.ManagementGuard} checks each request first. This package reads the other packages, and none imports
 * it.
 */
@NullMarked
package dev.relais.console;

import org.jspecify.annotations.NullMarked;
