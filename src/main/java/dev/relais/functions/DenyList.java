package dev.relais.functions;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What of an application is never served: hidden files, sources and leftovers, and what its function's {@code deny} names. Paths
 * are those below the folder, decoded, with a slash at the begin.
 *
 * @param entries {@code data/}: this folder; {@code install.php}: this file; {@code *.bak}: all names that end so
 */
public record DenyList(List<String> entries) {
    /**
     * Names whose content is source, configuration or a leftover of an editor, and that a web server would hand out as text: the
     * list of Drupal's .htaccess, PHP's other extensions, and databases.
     */
    private static final Pattern SOURCES = Pattern.compile(
            "(?i).*\\.(php[0-9]?|phtml|phar|phps|inc|ini|engine|install|make|module|profile|po|sh|sql|sqlite3?|theme|twig"
                    + "|tpl|xtmpl|yml|yaml)([~#]|\\.(sw[a-p]|bak|orig|save|old|dist))?"
                    + "|.*(~|\\.(sw[a-p]|bak|orig|save))|#.*#|composer\\.(json|lock)|web\\.config");

    public DenyList {
        entries = List.copyOf(entries);
    }

    /** Whether nothing is to be served under this path, whatever is there. */
    boolean refuses(String path) {
        return isHidden(path) || isListed(path);
    }

    /** Whether a file that is there may not be sent as it is. */
    boolean refusesFile(String path) {
        return refuses(path) || SOURCES.matcher(name(path)).matches();
    }

    /** Whether a script that is there may not be run. Libraries hold scripts that were never meant to be (CVE-2017-9841). */
    boolean refusesScript(String path) {
        return refuses(path) || path.contains("/vendor/") || path.contains("/node_modules/");
    }

    /** A segment begins with a dot; {@code /.well-known/} is there to be served (RFC 8615). */
    private static boolean isHidden(String path) {
        int dot = path.indexOf("/.");
        while (dot >= 0) {
            if (!path.startsWith("/.well-known/", dot)) {
                return true;
            }
            dot = path.indexOf("/.", dot + 1);
        }
        return false;
    }

    private boolean isListed(String path) {
        for (String entry : entries) {
            if (entry.startsWith("*")) {
                if (path.endsWith(entry.substring(1))) {
                    return true;
                }
            } else if (entry.endsWith("/") ? (path + "/").startsWith("/" + entry) : path.equals("/" + entry)) {
                return true;
            }
        }
        return false;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
