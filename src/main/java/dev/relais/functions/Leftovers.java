package dev.relais.functions;

import java.util.regex.Pattern;

/**
 * Names of files whose content is source, configuration, a key, a dump or a leftover of an editor, and that a web server would hand out as
 * they are. Judged by the last segment, whatever its case, but for a few names that mean something else in another place.
 */
final class Leftovers {
    /**
     * Extensions of such files: PHP's, the list of Drupal's .htaccess, configuration, databases and keys. As a word they count anywhere in
     * a name, for what is behind them was added by whoever kept a copy: {@code config.php_bak}, {@code db.sql.gz}, {@code a.php (1)}.
     */
    private static final String EXTENSIONS = "php[a-z0-9]*|phtml[0-9]*|pht|phar[0-9]*"
            + "|(inc|ini|engine|install|make|module|profile|po|sh|theme|twig|latte|tpl|xtmpl|ctp|yml|yaml|neon|toml|conf|cfg"
            + "|config|env|sql|sqlite[0-9]?|db|mdb|dump|log|lock|key|pem|p12|pfx|jks|kdbx|ppk|htpasswd|htaccess)[0-9]*";

    /** Behind such a word they make a file of a browser's: {@code three.module.js}, {@code jquery-ui.theme.min.css}. */
    private static final String OF_A_BROWSER =
            "[cm]?js|css|map|wasm|html?|json|webmanifest|png|jpe?g|jxl|gif|svg|webp|avif|hei[cf]|tiff?|bmp|djvu|ico|cur"
                    + "|woff2?|ttf|otf|eot|mp[34]|m4[av]|mov|avi|mkv|flac|wav|aac|opus|web[mp]|og[gv]|vtt|srt"
                    + "|pdf|epub|docx?|xlsx?|pptx?|rtf|od[tsp]|ics|vcf|glb|gltf";

    /** What people and programs put behind a name, whatever was before it. */
    private static final String COPIES =
            "(sw[a-p]|bak|backup|orig|original|rej|old|save?|tmp|temp|dist|disabled)[0-9]*";

    private static final Pattern SOURCE =
            Pattern.compile("\\.(" + EXTENSIONS + "|" + COPIES + ")(?![a-z0-9])", flags());
    private static final Pattern ASSET = Pattern.compile("\\.(" + OF_A_BROWSER + ")(\\.(gz|br|zst))?$", flags());

    /** Published on purpose, by standards: {@code /.well-known/stellar.toml}. */
    private static final Pattern PUBLISHED = Pattern.compile("/\\.well-known/[^/]+\\.(toml|ya?ml)");

    /** Composer's, at the top; deeper down it is a translation for the browser ({@code /locales/en/auth.json}). */
    private static final Pattern CREDENTIALS = Pattern.compile("/?auth\\.json", Pattern.CASE_INSENSITIVE);

    /** Of editors: {@code a.txt~}, {@code #a.txt#}. */
    private static final Pattern EDITED = Pattern.compile("~[0-9]*$|^#.*#$", flags());

    /** Whole names. */
    private static final Pattern KNOWN = Pattern.compile(
            "composer\\.json|phpunit\\.xml|web\\.config|artisan|id_(rsa|dsa|ecdsa|ed25519)|htpasswd|htaccess"
                    + "|(docker|make|vagrant|jenkins)file",
            flags());

    private Leftovers() {}

    private static int flags() {
        return Pattern.CASE_INSENSITIVE | Pattern.DOTALL; // a name may hold a line feed
    }

    /**
     * Whether a file is never sent as it is.
     *
     * @param path below the application's folder, with a slash at the begin
     */
    static boolean matches(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (SOURCE.matcher(name).find() && !ASSET.matcher(name).find()) {
            return !PUBLISHED.matcher(path).matches();
        }
        return EDITED.matcher(name).find()
                || KNOWN.matcher(name).matches()
                || CREDENTIALS.matcher(path).matches();
    }
}
