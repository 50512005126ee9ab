package dev.relais.functions;

import java.util.regex.Pattern;

/**
 * Names of files whose content is source, configuration, a key, a dump or a leftover of an editor, and that a web server would hand out as
 * they are. Judged by the last segment alone, whatever its case.
 */
final class Leftovers {
    /**
     * Extensions of such files: PHP's, the list of Drupal's .htaccess, configuration, databases and keys. As a word they count anywhere in
     * a name, for what is behind them was added by whoever kept a copy: {@code config.php_bak}, {@code db.sql.gz}, {@code a.php (1)}.
     */
    private static final String EXTENSIONS = "php[a-z0-9]*|phtml[0-9]*|pht|phar[0-9]*"
            + "|(inc|ini|engine|install|make|module|profile|po|sh|theme|twig|latte|tpl|xtmpl|ctp|yml|yaml|neon|toml|conf|cfg"
            + "|config|properties|env|sql|sqlite[0-9]?|db|mdb|dump|log|lock|key|pem|p12|pfx|jks|kdbx|ppk|htpasswd|htaccess)[0-9]*";

    /** Behind such a word they make a file of a browser's: {@code three.module.js}, {@code jquery-ui.theme.min.css}. */
    private static final String OF_A_BROWSER =
            "[cm]?js|css|map|wasm|html?|json|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf|eot"
                    + "|mp[34]|web[mp]|og[gv]|pdf|docx|xlsx|pptx|od[tsp]";

    /** What people and programs put behind a name, whatever was before it. */
    private static final String COPIES =
            "(sw[a-p]|bak|backup|orig|original|rej|old|save?|tmp|temp|dist|disabled)[0-9]*";

    private static final Pattern SOURCE =
            Pattern.compile("\\.(" + EXTENSIONS + "|" + COPIES + ")(?![a-z0-9])", flags());
    private static final Pattern ASSET = Pattern.compile("\\.(" + OF_A_BROWSER + ")(\\.(gz|br|zst))?$", flags());

    /** Of editors: {@code a.txt~}, {@code #a.txt#}. */
    private static final Pattern EDITED = Pattern.compile("~[0-9]*$|^#.*#$", flags());

    /** Whole names. */
    private static final Pattern KNOWN = Pattern.compile(
            "composer\\.json|auth\\.json|phpunit\\.xml|web\\.config|artisan|id_(rsa|dsa|ecdsa|ed25519)|htpasswd|htaccess"
                    + "|(docker|make|vagrant|jenkins)file",
            flags());

    private Leftovers() {}

    private static int flags() {
        return Pattern.CASE_INSENSITIVE | Pattern.DOTALL; // a name may hold a line feed
    }

    /** Whether a file of this name is never sent as it is. */
    static boolean matches(String name) {
        if (SOURCE.matcher(name).find() && !ASSET.matcher(name).find()) {
            return true;
        }
        return EDITED.matcher(name).find() || KNOWN.matcher(name).matches();
    }
}
