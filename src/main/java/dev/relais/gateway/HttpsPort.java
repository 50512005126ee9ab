package dev.relais.gateway;

/**
 * Where TLS is, for clients that have come without it. Who has named no port is at the usual one, perhaps of a proxy or a port mapping in
 * front, and so is the same host with TLS; who has named one meets Relais itself.
 *
 * @param number the port on which Relais takes TLS
 */
record HttpsPort(int number) {
    private static final int USUAL = 443;

    /**
     * The same target with TLS.
     *
     * @param host as received, perhaps with a port
     * @param target in origin form, as received
     */
    String to(String host, String target) {
        int colon = host.indexOf(':', host.indexOf(']') + 1);
        String name = colon < 0 ? host : host.substring(0, colon);
        return "https://" + name + (colon < 0 || number == USUAL ? "" : ":" + number) + target;
    }
}
