/**
 * The manifests in {@code kubernetes/}: whether they are those that the build makes of its sources, whether each is valid, rendered alone
 * and with every component and overlay, and whether they agree with each other and with the code.
 *
 * <p>{@code src/main/kubernetes/generate} writes them anew.
 */
package dev.relais.kubernetes;
