/**
 * Start order, drain order, deadlines: the only room where order is written. May import all; nobody imports it.
 */
@NullMarked
package dev.relais.lifecycle;

import org.jspecify.annotations.NullMarked;
