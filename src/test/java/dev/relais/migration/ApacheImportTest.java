package dev.relais.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of single directives of Apache that keep somebody from something. */
class ApacheImportTest {
    @TempDir
    Path folder;

    private Imported imported(String text) {
        try {
            return ApacheImport.read(Files.writeString(folder.resolve("x.conf"), text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private SiteDraft site(String text) {
        Imported imported = imported(text);
        assertEquals(1, imported.sites().size(), imported.yaml());
        return imported.sites().get(0);
    }

    private static String host(String outside) {
        return outside + "\n<VirtualHost *:80>\nServerName x.example\nDocumentRoot /srv/x/public\n</VirtualHost>\n";
    }

    private void assertGuard(boolean expected, String text) {
        Imported imported = imported(text);
        assertEquals(expected, imported.hasGuard(), () -> text + "\n" + imported.yaml());
    }

    @Test
    void aDenialOfSomeClientsIsTold() {
        for (String denial : new String[] {"Deny from 203.0.113.5", "Deny from env=bad_bot", "Deny from bad.example"}) {
            assertGuard(true, "Order Allow,Deny\nAllow from all\n" + denial);
            assertGuard(true, "<Files x.txt>\nOrder Allow,Deny\nAllow from all\n" + denial + "\n</Files>");
        }
        assertGuard(false, "Order Allow,Deny\nAllow from all\nDeny from none");
        assertGuard(false, "<Files x.txt>\nDeny from 203.0.113.5\nDeny from all\n</Files>");
    }

    @Test
    void whatIsSaidOfPathsThatAreNoSinglePatternIsSaidOfEach() {
        SiteDraft names = site("<FilesMatch \"^admin\\.php$|\\.sql$\">\nRequire ip 10.0.0.0/8\n"
                + "<IfModule mod_headers.c>\nHeader set A b\n</IfModule>\n</FilesMatch>");
        assertEquals(2, names.paths.size(), names.paths::toString);
        for (PathDraft path : names.paths.values()) {
            assertEquals(Set.of("10.0.0.0/8"), path.allowFrom);
            assertEquals("b", path.headers.get("A"));
        }
        SiteDraft folders =
                site("<LocationMatch \"^/(wp-content/uploads|cache)/\">\nSetHandler none\n</LocationMatch>");
        assertEquals(Set.of("wp-content/uploads/", "cache/"), folders.paths.keySet());
        folders.paths.values().forEach(path -> assertEquals("none", path.scripts));
    }

    @Test
    void aLaterSectionOfAPathGoesBeforeAnEarlierOne() {
        SiteDraft site = site("<Files *.sql>\nHeader set A a\nHeader set B b\n</Files>\n"
                + "<FilesMatch \"^admin\\.php$|\\.sql$\">\nHeader set A c\n</FilesMatch>");
        assertEquals("c", site.path("*.sql").headers.get("A"));
        assertEquals("b", site.path("*.sql").headers.get("B"));
    }

    @Test
    void whatGuardsAFolderAboveTheRootIsTold() {
        assertGuard(true, host("<Directory /srv>\nRequire ip 10.0.0.0/8\n</Directory>"));
        assertGuard(true, host("<Directory /srv>\nOrder deny,allow\nDeny from all\n</Directory>"));
        assertGuard(true, host("<Directory />\nRequire valid-user\n</Directory>"));
        String closed = "AllowOverride None\nRequire all denied\n";
        assertGuard(false, host("<Directory />\n" + closed + "</Directory>"));
        assertGuard(false, host("<Directory />\n<IfModule mod_authz_core.c>\n" + closed + "</IfModule>\n</Directory>"));
        assertGuard(false, host("<Directory /srv>\nOptions None\nRequire all granted\n</Directory>"));
    }

    @Test
    void whatModulesGuardIsReadOrTold() {
        assertTrue(site("<IfModule mod_access_compat.c>\n<Files x.txt>\nDeny from all\n</Files>\n</IfModule>")
                .deny
                .contains("**/x.txt"));
        assertTrue(site("<IfModule !mod_access_compat.c>\n<Files x.txt>\nRequire all denied\n</Files>\n</IfModule>")
                .deny
                .contains("**/x.txt"));
        assertGuard(true, "<IfModule mod_security2.c>\nSecRuleEngine On\n</IfModule>");
        assertGuard(false, "<IfModule mod_security2.c>\nSecRuleEngine Off\n</IfModule>");
        assertGuard(false, "<IfModule !mod_authz_core.c>\nDeny from all\n</IfModule>");
    }

    @Test
    void aRuleThatRefusesIsNoRuleForVariablesOrPackedFiles() {
        SiteDraft site = site("RewriteEngine On\nRewriteRule \\.sql\\.gz$ - [F]\nRewriteRule ^x$ - [E=a:b,F]");
        assertEquals(Set.of("*.sql.gz", "x"), site.deny);
        assertTrue(site.precompressed.isEmpty());
    }

    @Test
    void whatGuardsInASectionWithoutAPatternIsTold() {
        String expression = "<FilesMatch \"[0-9]{3}x\\.(?!a)\">\n";
        for (String guard : new String[] {
            "SetHandler none",
            "RemoveHandler .php",
            "RemoveType .php",
            "php_flag engine off",
            "<IfModule mod_php.c>\nphp_admin_flag engine off\n</IfModule>",
            "<LimitExcept GET>\nDeny from all\n</LimitExcept>",
            "Deny from 203.0.113.5"
        }) {
            assertGuard(true, expression + guard + "\n</FilesMatch>");
        }
        assertGuard(false, expression + "Order allow,deny\nAllow from all\n</FilesMatch>");
        Imported proxied = imported(expression + "SetHandler proxy:fcgi://127.0.0.1:9000\n</FilesMatch>");
        assertFalse(proxied.hasGuard(), proxied.yaml());
        assertGuard(true, host("<DirectoryMatch \"/uploads$\">\nphp_flag engine off\n</DirectoryMatch>"));
    }
}
