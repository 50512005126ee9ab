/**
 * PHP-FPM as the one kind of worker process there is: its program, its launch, its configuration file, what its log says, what PHP is asked
 * before the start, and the private directory that all of it uses.
 *
 * <p>Imports {@code process}, {@code slot} and {@code fastcgi}. What only FPM knows stays here: outside nothing names its classes but
 * {@link dev.relais.fpm.FpmConfig}. {@link dev.relais.fpm.FpmKind} is the bean by which the workers' room gets it.
 */
@NullMarked
package dev.relais.fpm;

import org.jspecify.annotations.NullMarked;
