/**
 * Brings an invocation to the child that runs it: the assignment of children to invocations, the exchange, and its way to the
 * child's event loop and back.
 */
@NullMarked
package dev.relais.dispatch;

import org.jspecify.annotations.NullMarked;
