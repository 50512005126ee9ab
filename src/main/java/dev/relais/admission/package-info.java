/**
 * Run, wait or refuse: the bounded deadline queue of invocations for which no child is free.
 *
 * <p>Imports no other room. Event loops offer and poll; nothing here blocks or starts a thread.
 */
package dev.relais.admission;
