/** The launcher {@code src/main/launcher/relais}, run with a java that only says how it was called. */
package dev.relais.launcher;
