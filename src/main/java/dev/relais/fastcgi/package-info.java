/**
 * Bytes and sockets of FastCGI 1.0: record codec, params, CGI head parser, one connection to one PHP child, the Unix transport.
 *
 * <p>Imports no other room. Everything here is confined to the event loop of its connection, and does not block.
 */
@NullMarked
package dev.relais.fastcgi;

import org.jspecify.annotations.NullMarked;
