/** A peer of {@code src/bench/cached}. */
package dev.relais.constant;
