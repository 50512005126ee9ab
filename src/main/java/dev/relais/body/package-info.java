/** Holds the bytes of bodies between client and PHP, in memory within budgets, or in unlinked files of the spool. */
@NullMarked
package dev.relais.body;

import org.jspecify.annotations.NullMarked;
