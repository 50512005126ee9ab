/**
 * PHP-FPM, which is the only kind of worker process: its program, its launch, its configuration file, its log, the questions to
 * PHP before the start, and the private directory that all of these use.
 *
 * <p>Imports {@code process}, {@code slot}, {@code fastcgi} and {@code system}. What is specific to FPM stays here: no class outside names one
 * of its classes except {@link dev.relais.fpm.FpmConfig}. {@link dev.relais.fpm.FpmKind} is the bean by which the package
 * {@code worker} gets FPM.
 */
@NullMarked
package dev.relais.fpm;

import org.jspecify.annotations.NullMarked;
