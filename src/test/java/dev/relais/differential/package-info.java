/**
 * The same requests through Debian's nginx and through Relais to the same scripts: what PHP sees and what the client gets must
 * be equal, but for each {@link dev.relais.differential.IntendedDifference}.
 */
package dev.relais.differential;
