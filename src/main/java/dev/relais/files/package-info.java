/**
 * Files that are sent without PHP: where an application's path leads, what may be read, conditions and ranges, and the copying.
 */
@NullMarked
package dev.relais.files;

import org.jspecify.annotations.NullMarked;
