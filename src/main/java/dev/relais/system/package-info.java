/** What the host allows: read at start and shown, with the values in force. Imports no other room. */
@NullMarked
package dev.relais.system;

import org.jspecify.annotations.NullMarked;
