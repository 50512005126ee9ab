package dev.relais.differential;

import dev.relais.migration.ImportedText;
import dev.relais.testing.Side;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A gateway whose sites are what {@code import nginx} makes of the configurations that the documentation of applications has; each has a tree of
 * scripts that tell what they see, and of files, as such an application has them.
 */
public class ImportedSites implements QuarkusTestResourceLifecycleManager {
    static final Path CONFIGURATIONS = Path.of("src/test/resources/dev/relais/migration/nginx");

    /** Each stands for a file of {@link #CONFIGURATIONS}. */
    static final List<String> APPLICATIONS = List.of("wordpress", "nextcloud", "laravel", "drupal", "symfony");

    private static final String SCRIPT =
            "<?php header('Content-Type: application/json'); header('X-Powered-By: PHP'); echo json_encode($_SERVER);\n";
    private static final String SECRET = "<?php echo 'source';\n";

    private static final Map<String, String> TREES = Map.of(
            "srv/blog",
            """
            index.php wp-login.php wp-cron.php xmlrpc.php wp-admin/index.php wp-admin/admin-ajax.php wp-admin/css/a.css
            wp-content/themes/a/style.css wp-content/themes/a/functions.php wp-content/uploads/2026/x.png wp-content/uploads/2026/x.pdf
            wp-content/uploads/evil.php wp-content/plugins/p/p.php wp-content/plugins/p/files/evil.php wp-includes/js/j.js favicon.ico robots.txt
            readme.html .htaccess .well-known/security.txt""",
            "srv/nextcloud",
            """
            index.php remote.php public.php cron.php status.php ocs/v1.php ocs/v2.php core/ajax/update.php core/ajax/other.php
            updater/index.php ocs-provider/index.php apps/files/ajax/x.php apps/files/js/f.js apps/files/css/f.css apps/files/img/i.svg
            apps/richdocumentscode/proxy.php core/fonts/f.woff2 core/js/m.mjs config/config.php lib/base.php 3rdparty/a.php data/ada/notes.txt
            templates/t.php build/b.js tests/t.php occ console.php robots.txt favicon.ico .well-known/acme-challenge/t .htaccess themes/README""",
            "srv/app/public",
            """
            index.php info.php robots.txt favicon.ico build/app.css build/app.js storage/x.png css/a.css images/i.gif docs/index.php docs/a.html .env
            .well-known/security.txt web.config .hidden/x""",
            "srv/drupal/web",
            """
            index.php update.php core/install.php core/rebuild.php core/misc/d.js core/assets/a.css core/modules/m/m.php robots.txt favicon.ico
            sites/default/files/x.png sites/default/files/styles/small/x.png sites/default/private/secret.pdf sites/default/settings.php
            themes/t/logo.svg modules/m/README.txt modules/m/x.log modules/m/page.html .htaccess .dir/x.php a.b/c.php""",
            "srv/project/public",
            """
            index.php other.php robots.txt favicon.ico bundles/b/a.css bundles/b/a.js build/app.css build/app.js docs/index.html docs/index.php
            uploads/x.png .htaccess .well-known/security.txt""");

    private Path base;

    @Override
    public Map<String, String> start() {
        try {
            base = Files.createTempDirectory("relais-imported").toRealPath();
            Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (Map.Entry<String, String> tree : TREES.entrySet()) {
                for (String name : tree.getValue().split("\\s+")) {
                    write(base.resolve(tree.getKey()).resolve(name));
                }
            }
            Path functions = Files.createDirectory(base.resolve("functions"));
            StringBuilder sites = new StringBuilder("sites:\n");
            for (String application : APPLICATIONS) {
                Path here = Files.writeString(base.resolve(application + ".conf"), configuration(application, base));
                String yaml = ImportedText.ofNginx(here);
                sites.append(yaml, yaml.indexOf("\nsites:\n") + 8, yaml.length());
            }
            Files.writeString(functions.resolve("functions.yaml"), sites);
            return Map.of(
                    "relais.functions.directory",
                    functions.toString(),
                    "relais.test.imported",
                    base.toString(),
                    "relais.sites.state-directory",
                    base.resolve("state").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file as it is, but for the place of its root. */
    static String configuration(String application, Path base) throws IOException {
        return Files.readString(CONFIGURATIONS.resolve(application + ".conf"))
                .replace("root /srv/", "root " + base + "/srv/");
    }

    private static void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        String name = file.getFileName().toString();
        Files.writeString(
                file, name.endsWith(".php") ? SCRIPT : name.equals("occ") ? SECRET : "the bytes of " + name + "\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    @Override
    public void stop() {
        try {
            Side.delete(base);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
