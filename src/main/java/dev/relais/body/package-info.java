/**
 * What holds the bytes of bodies between client and PHP: in memory, within budgets, or in unlinked files of the spool.
 */
package dev.relais.body;
