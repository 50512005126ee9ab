/**
 * What the values of the configuration look like, before anybody reads them: each wrong one stops the start with one line that names the key,
 * the value and the remedy, whichever library would have met it, and however. {@link dev.relais.configuration.ValueCheck} sees each value
 * when it is looked up, {@link dev.relais.configuration.UnknownKeys} the keys that nobody looks up. The range of a value is checked by
 * the interface that has the key. Imports no other package.
 */
@NullMarked
package dev.relais.configuration;

import org.jspecify.annotations.NullMarked;
