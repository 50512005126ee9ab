/**
 * Sends files without PHP: it finds where an application's path leads, checks what may be read, evaluates conditions and
 * ranges, and copies.
 */
@NullMarked
package dev.relais.files;

import org.jspecify.annotations.NullMarked;
