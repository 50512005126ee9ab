/**
 * Files that are sent without PHP: where an application's path leads, what may be read, conditions and ranges, and the copying.
 */
package dev.relais.files;
