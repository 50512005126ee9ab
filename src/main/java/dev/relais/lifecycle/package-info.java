/**
 * Start order, drain order, deadlines: the only room where order is written. May import all; nobody imports it.
 */
package dev.relais.lifecycle;
