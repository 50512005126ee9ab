package dev.relais.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Apache's {@code Redirect} and {@code RedirectMatch} as rules. */
final class ApacheRedirects {
    private final SiteDraft site;

    ApacheRedirects(SiteDraft site) {
        this.site = site;
    }

    void read(Directive one) {
        List<String> args = new ArrayList<>(one.args());
        int status = one.is("redirectpermanent") ? 301 : 302;
        if (one.name().matches("redirect(match)?")
                && !args.isEmpty()
                && args.get(0).matches("(?i)permanent|temp|seeother|gone|[1-5][0-9]{2}")) {
            status = switch (args.remove(0).toLowerCase(Locale.ROOT)) {
                case "permanent" -> 301;
                case "temp" -> 302;
                case "seeother" -> 303;
                case "gone" -> 410;
                default -> Integer.parseInt(one.arg(0));
            };
        }
        String from = args.isEmpty() ? "" : args.get(0);
        boolean isRegex = one.is("redirectmatch");
        String match = Re2.of(isRegex ? from : "^" + Re2.quote(from.replaceFirst("/$", "")) + "(/.*)?$");
        if (match == null || from.isEmpty()) {
            ApacheKnown.tell(one, site.notes);
            return;
        }
        if (status >= 400) {
            if (status == 403 || status == 404 || status == 410) {
                site.rules.add(RuleDraft.refusal(match, status));
            } else {
                site.rules.add(RuleDraft.refusal(match, 404));
            }
            return;
        }
        String to = args.size() > 1 ? args.get(1) : "";
        String target = isRegex ? to : to.replaceFirst("/$", "") + "$1";
        boolean isTarget = target.matches("(https?://[^/$]+)?/[^\\s]*|https?://[^/$\\s]+(\\$1)?");
        if (!isTarget || status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
            ApacheKnown.tell(one, site.notes);
            return;
        }
        if (target.matches("https?://[^/$]+\\$1")) { // what fills a gap is a path only behind a slash
            match = Re2.of("^" + Re2.quote(from.replaceFirst("/$", "")) + "/?(.*)$");
            target = target.replace("$1", "/$1");
        }
        site.rules.add(RuleDraft.redirect(String.valueOf(match), target, status));
    }
}
