/** What the host allows: read at start and shown, with the values in force. Imports no other room. */
package dev.relais.system;
