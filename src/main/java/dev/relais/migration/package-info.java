/**
 * Moving in: reads the configuration of a site for nginx, Apache, NGINX Unit or Caddy, and writes what it means as {@code sites} of
 * {@code functions.yaml}, with a comment for each directive that could not be carried over.
 *
 * <p>{@link dev.relais.migration.ImportMode} is what other rooms use. Each server has a reader, which knows only the syntax, and an importer, which
 * knows what the directives mean and fills {@code SiteDraft}s. {@code SitesYaml} writes them. Nothing here decides about a request: what the keys do is
 * said by the room that reads {@code functions.yaml}. Imports no other room.
 */
@NullMarked
package dev.relais.migration;

import org.jspecify.annotations.NullMarked;
