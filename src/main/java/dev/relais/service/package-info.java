/** What the service manager that has started the gateway, such as systemd, is told of its state and its health. */
@NullMarked
package dev.relais.service;

import org.jspecify.annotations.NullMarked;
