/**
 * What happens to the gateway and matters to an operator. Events are the only source of these log lines, of {@code events} in
 * {@code /q/relais}, and of what tests wait for. All packages may import this one; it imports none.
 */
@NullMarked
package dev.relais.events;

import org.jspecify.annotations.NullMarked;
