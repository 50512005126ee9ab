package dev.relais.gateway;

/**
 * Where TLS is, for clients that have come without it. Who has named no port, or 80, is at the usual one, perhaps of a proxy or a port mapping in
 * front, and so is the same host with TLS; who has named another one meets Relais itself.
 *
 * @param number the port on which Relais takes TLS
 */
record HttpsPort(int number) {
    private static final int USUAL = 443;
    private static final String USUAL_WITHOUT = "80";

    /**
     * The same target with TLS.
     *
     * @param host as received, perhaps with a port
     * @param target in origin form, as received
     */
    String to(String host, String target) {
        int colon = host.indexOf(':', host.indexOf(']') + 1);
        String name = colon < 0 ? host : host.substring(0, colon);
        String port = colon < 0 ? "" : host.substring(colon + 1);
        boolean isUsual = port.isEmpty() || port.equals(USUAL_WITHOUT) || number == USUAL;
        return "https://" + name + (isUsual ? "" : ":" + number) + target;
    }
}
