/**
 * What is between an invocation that may run and the slot it runs on: limits, the exchange, and the hop to the slot's event loop.
 */
package dev.relais.dispatch;
