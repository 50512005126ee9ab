/** The gateway running inside the test, with the real php-fpm behind it. */
package dev.relais.running;
