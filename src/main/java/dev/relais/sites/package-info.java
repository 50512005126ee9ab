/**
 * Folders that are served whole: what a path leads to in one, by rules that a site or an application has.
 *
 * <p>{@link dev.relais.sites.Application} is such a folder. It answers one question, {@code find}, whose steps stand in their order in
 * {@code Decision}: rules, refusals, script, file, index, fallback. Every step asks the same {@link dev.relais.sites.Asked}, which is the
 * parsed path of a request below the mount; nothing looks for {@code .php} in a text. {@link dev.relais.sites.SiteTable} says which site a
 * host name and a path belong to.
 *
 * <p>All types are immutable. {@code find} asks the disk and so blocks; the rest is called on event loops, too. This room reads no
 * configuration file: {@code functions} does.
 */
@NullMarked
package dev.relais.sites;

import org.jspecify.annotations.NullMarked;
