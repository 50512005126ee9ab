/**
 * The same requests through Debian's nginx and through Relais to the same scripts: what PHP sees and what the client gets must
 * be equal, but for each {@link dev.relais.differential.IntendedDifference} and, of resident functions, each
 * {@link dev.relais.differential.ResidentDifference}.
 */
package dev.relais.differential;
