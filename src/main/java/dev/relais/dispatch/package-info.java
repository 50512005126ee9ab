/**
 * What is between an invocation that may run and the child it runs on: how the two are brought together, the exchange, and its way to the
 * child's event loop and back.
 */
@NullMarked
package dev.relais.dispatch;

import org.jspecify.annotations.NullMarked;
