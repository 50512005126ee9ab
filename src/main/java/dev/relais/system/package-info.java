/** The limits of the host, which are read at start and logged together with the values in force. Imports no other package. */
@NullMarked
package dev.relais.system;

import org.jspecify.annotations.NullMarked;
