/**
 * The life of one request to a function: its route, its invocation from head to last byte, attempts, the relay of its answer.
 *
 * <p>Imports all rooms below it; nobody imports it but {@code lifecycle}.
 */
@NullMarked
package dev.relais.gateway;

import org.jspecify.annotations.NullMarked;
