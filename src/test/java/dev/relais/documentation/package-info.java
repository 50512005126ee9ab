/**
 * Whether the documentation says what the code does: tables that are made of the code, links, and the facts with their tests.
 *
 * <p>{@code ./mvnw test -Dtest=DocumentationTest,DocumentedMetersTest -Ddocs.write=true} writes the tables anew. It keeps the cells that a
 * person writes, such as what a key means.
 */
package dev.relais.documentation;
