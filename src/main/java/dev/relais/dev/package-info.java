/**
 * Help for who writes functions, in dev mode only: the list of the functions, errors as pages, messages under their request, and pages that load
 * anew when their code changes.
 *
 * <p>Outside dev mode ({@link dev.relais.dev.DevMode}) nothing of this room sees a request: no route is registered, and no exchange is watched. So
 * no source line, path or message can get into an answer there.
 */
@NullMarked
package dev.relais.dev;

import org.jspecify.annotations.NullMarked;
