package dev.relais.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Makes new keys and certificates of a gateway for the test's own host, by keytool. */
final class WebKeys {
    static final String PASSWORD = "secret";

    private WebKeys() {}

    /** @param file to be made */
    static Path make(Path file) throws Exception {
        int exit = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/keytool",
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        "web",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=DNS:localhost,IP:127.0.0.1")
                .redirectErrorStream(true)
                .start()
                .waitFor();
        assertEquals(0, exit);
        return file;
    }

    /** Trusts the certificate in this file and no other. */
    static SSLContext trusting(Path file) throws Exception {
        KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("web", store.getCertificate("web"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    static X509Certificate certificate(Path file) throws Exception {
        return (X509Certificate)
                KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()).getCertificate("web");
    }

    /** The certificate that is served at this port of this host; null when it is not trusted. */
    static X509Certificate served(SSLContext trusting, int port) {
        try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            return null;
        }
    }
}
