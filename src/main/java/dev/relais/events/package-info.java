/**
 * What happens to the gateway and is worth telling an operator: the one source of those log lines, of {@code events} in
 * {@code /q/relais}, and of tests that wait for something. All rooms may import it; it imports none.
 */
@NullMarked
package dev.relais.events;

import org.jspecify.annotations.NullMarked;
