/**
 * Serves one request to a function: its route, its invocation from head to last byte, the attempts, and the relay of its
 * answer.
 *
 * <p>Imports the packages below it; only {@code lifecycle} imports it.
 */
@NullMarked
package dev.relais.gateway;

import org.jspecify.annotations.NullMarked;
