/**
 * The order and the deadlines of start, drain and stop, which no other package decides. It may import all packages; none
 * imports it.
 */
@NullMarked
package dev.relais.lifecycle;

import org.jspecify.annotations.NullMarked;
