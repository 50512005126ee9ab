package dev.relais.telemetry;

/**
 * What a function or a site has answered since the start.
 *
 * @param requests all that have ended
 * @param errors those answered with a 5xx
 * @param clientErrors those answered with a 4xx, or whose client was gone
 * @param files those answered by a file, or by 304 in its place
 * @param scripts those answered by PHP
 */
public record Served(long requests, long errors, long clientErrors, long files, long scripts) {
    static final Served NOTHING = new Served(0, 0, 0, 0, 0);
}
