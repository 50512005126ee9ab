package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.functions.CacheSettings;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No request can put an answer into the cache that another request gets although it asked for something else. */
class ResultPoisoningTest extends ResultFixture {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Host: evil",
                "X-Forwarded-Scheme: http",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Port: 1",
                "X-Forwarded-Prefix: /evil",
                "X-Forwarded-Server: evil",
                "X-Forwarded-For: 10.0.0.1",
                "X-Original-URL: /admin",
                "X-Rewrite-URL: /admin",
                "X-Host: evil",
                "X-HTTP-Method-Override: POST",
                "X-HTTP-Host-Override: evil",
                "Forwarded: host=evil",
                "Front-End-Https: on",
                "True-Client-IP: 1.2.3.4"
            })
    void aFieldThatSteersIsAPartOfTheKey(String field) {
        asked(get(field), "poison", MAX_AGE);
        asked(get(), "clean", MAX_AGE);
        hit("poison", get(field));
        hit("clean", get());
        asked(get(field + "2"), "other", MAX_AGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil", "localhost:81", "localhost.", "LOCALHOST", "localhost:80"})
    void anotherHostIsAnotherKey(String host) {
        asked(get("Host: " + host), "poison", MAX_AGE);
        asked(get(), "clean", MAX_AGE);
        hit("poison", get("Host: " + host));
    }

    @Test
    void aGetWithABodyIsNeitherKeptNorAnsweredFromTheCache() {
        isKept(MAX_AGE);
        Caller caller = new Caller();
        caller.client.announces(5);
        caller.client.asks(HttpMethod.GET, "/api/scripted");
        caller.calls();
        caller.client.sends("hello");
        caller.client.hasSent();
        asked(caller, "poison", MAX_AGE);
        assertTrue(status(caller).contains("fwd=bypass"), status(caller));
        hit("first", get());
    }

    /** Each of these leads to the function, which may show the page of the user for it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/account/x.css",
                "/account%2Fx.css",
                "/account%2fx.css",
                "/account;x.css",
                "/account%3Bx.css",
                "/account%00x.css",
                "/account%0Ax.css",
                "/account%23x.css",
                "/account%3Fx.css",
                "/account/.",
                "/account/./",
                "/account//",
                "//account",
                "/%61ccount",
                "/x/../account",
                "/x/%2e%2e/account",
                "/account?",
                "/account?x.css",
                "/account/%E2%82%AC.css",
                "/ACCOUNT"
            })
    void aPathThatPhpMayTakeForAnotherOneIsAnotherKey(String confused) {
        asked(ask(HttpMethod.GET, "/account", "Cookie: id=1"), "mine", MAX_AGE);
        Caller deceived = ask(HttpMethod.GET, confused, "Cookie: id=1");
        if (deceived.client.isEnded()) {
            assertTrue(deceived.client.status() >= 400); // refused as malformed
            return;
        }
        asked(deceived, "mine as well", "Cache-Control: public, max-age=60");
        Caller other = ask(HttpMethod.GET, "/account");
        asked(other, "anonymous", MAX_AGE);
        hit("anonymous", ask(HttpMethod.GET, "/account"));
        hit("mine as well", ask(HttpMethod.GET, confused)); // as its author has said
    }

    @Test
    void anExtensionThatLooksStaticMakesNothingPublic() {
        for (String end : List.of(".css", ".js", ".png", ".ico", ".txt")) {
            asked(ask(HttpMethod.GET, "/account/x" + end, "Cookie: id=1"), "mine", MAX_AGE);
            asked(ask(HttpMethod.GET, "/account/x" + end), "anonymous", "Cache-Control: no-store");
        }
    }

    @Test
    void theQueryIsAPartOfTheKeyAsItIs() {
        for (String query : List.of("?a=1&b=2", "?b=2&a=1", "?a=1&b=2&", "?a=%31&b=2", "?A=1&b=2", "")) {
            asked(ask(HttpMethod.GET, query), query, MAX_AGE);
        }
        hit("?b=2&a=1", ask(HttpMethod.GET, "?b=2&a=1"));
    }

    private void chooses(List<String> query, boolean sorted) {
        settings = settings.toBuilder()
                .cache(new CacheSettings(false, -1, -1, -1, -1, -1, query, sorted, List.of(), null, null))
                .build();
    }

    @Test
    void onlyChosenParametersAreAPartOfTheKeyIfTheAuthorSaysSo() {
        chooses(List.of("city"), false);
        asked(ask(HttpMethod.GET, "?city=Rome&utm=1"), "Rome", MAX_AGE);
        hit("Rome", ask(HttpMethod.GET, "?utm=2&city=Rome"));
        asked(ask(HttpMethod.GET, "?city=Oslo"), "Oslo", MAX_AGE);
        asked(ask(HttpMethod.GET, "?utm=1"), "none", MAX_AGE);
    }

    /** PHP reads a city from each of these. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "?ci%74y=Oslo",
                "?%63ity=Oslo",
                "?city%5B%5D=Oslo",
                "?city[]=Oslo",
                "?+city=Oslo",
                "?%20city=Oslo",
                "?city=Rome&city=Oslo",
                "?city=Rome&ci%74y=Oslo",
                "?city%00x=Oslo"
            })
    void aChosenParameterCannotBeCloaked(String query) {
        chooses(List.of("city"), false);
        asked(ask(HttpMethod.GET, "?city=Rome"), "Rome", MAX_AGE);
        asked(ask(HttpMethod.GET, ""), "none", MAX_AGE);
        asked(ask(HttpMethod.GET, query), "Oslo", MAX_AGE);
        hit("Rome", ask(HttpMethod.GET, "?city=Rome"));
        hit("none", ask(HttpMethod.GET, ""));
    }

    @Test
    void parametersBehindMoreThanPhpReadsCountForNothing() {
        chooses(List.of("city"), false);
        asked(ask(HttpMethod.GET, "?" + "a&".repeat(1000) + "city=Rome"), "no city", MAX_AGE);
        asked(ask(HttpMethod.GET, "?city=Rome"), "Rome", MAX_AGE);
    }

    @Test
    void theOrderOfParametersMakesNoDifferenceIfTheAuthorSaysSo() {
        chooses(null, true);
        asked(ask(HttpMethod.GET, "?a=1&b=2"), "first", MAX_AGE);
        hit("first", ask(HttpMethod.GET, "?b=2&a=1"));
        asked(ask(HttpMethod.GET, "?a=1&a=2"), "2", MAX_AGE);
        asked(ask(HttpMethod.GET, "?a=2&a=1"), "1", MAX_AGE);
    }

    @Test
    void chosenFieldsAreAPartOfTheKey() {
        settings = settings.toBuilder()
                .cache(new CacheSettings(
                        false, -1, -1, -1, -1, -1, null, false, List.of("accept-language"), null, null))
                .build();
        asked(get("Accept-Language: de"), "de", MAX_AGE);
        asked(get("Accept-Language: en"), "en", MAX_AGE);
        hit("de", get("Accept-Language: de"));
        asked(get(), "none", MAX_AGE);
    }

    @ParameterizedTest
    @CsvSource({"/api/scripted, /api/scripted/", "/api/scripted/a, /api/scripted/a/"})
    void aSlashAtTheEndMakesAnotherKey(String one, String other) {
        asked(ask(HttpMethod.GET, one.substring(13)), "one", MAX_AGE);
        asked(ask(HttpMethod.GET, other.substring(13)), "other", MAX_AGE);
        hit("one", ask(HttpMethod.GET, one.substring(13)));
    }

    @Test
    void aSetCookieOfOneUserDoesNotReachAnother() {
        asked(get(), "first", MAX_AGE, "Set-Cookie: session=1");
        asked(get(), "second", MAX_AGE, "Set-Cookie: session=2");
    }
}
