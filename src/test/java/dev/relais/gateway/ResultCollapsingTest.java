package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import dev.relais.functions.OnAbort;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many requests for the same: one asks PHP, and the others follow it. */
class ResultCollapsingTest extends ResultFixture {
    private final List<Caller> followers = new ArrayList<>();

    private EmbeddedChild leads(Caller leader) {
        EmbeddedChild child = called();
        assertFalse(leader.client.isEnded());
        return child;
    }

    private void follow(int count, String... fields) {
        for (int i = 0; i < count; i++) {
            followers.add(get(fields));
        }
        noneIsCalled();
    }

    private void allHave(String body) {
        for (Caller follower : followers) {
            assertEquals(body, follower.client.body());
            assertTrue(follower.client.isEnded());
            assertTrue(status(follower).contains("; collapsed"), status(follower));
        }
    }

    @Test
    void aThousandSimultaneousMissesRunPhpOnce() {
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(999);
        assertEquals(1, running());
        assertEquals(0, room.length());
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nfirst"), Wire.end(0, 0));
        assertEquals("first", leader.client.body());
        allHave("first");
        noneIsCalled();
        assertEquals(1000, statuses.size());
        assertEquals(0, gateway().inFlight());
        hit("first", get());
    }

    @Test
    void anAnswerIsGivenToFollowersWhileItArrives() {
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(1);
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\none,"));
        assertEquals("one,", leader.client.body());
        assertEquals("one,", followers.get(0).client.body());
        follow(1); // which comes in the midst of it
        assertEquals("one,", followers.get(1).client.body());
        sends(child, Wire.stdout("two"));
        assertEquals("one,two", followers.get(1).client.body());
        assertFalse(followers.get(0).client.isEnded());
        sends(child, Wire.end(0, 0));
        followers.forEach(follower -> follower.client.written(true));
        allHave("one,two");
        hit("one,two", get());
    }

    @Test
    void aFollowerThatIsSlowHoldsNobodyUp() {
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(2);
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\none,"));
        followers.get(0).client.stop();
        sends(child, Wire.stdout("two,"));
        sends(child, Wire.stdout("three"));
        assertEquals("one,", followers.get(0).client.body());
        assertEquals("one,two,three", followers.get(1).client.body());
        sends(child, Wire.end(0, 0));
        followers.get(0).client.takeAll();
        followers.get(0).client.takeAll();
        assertEquals("one,two,three", followers.get(0).client.body());
        assertTrue(followers.get(0).client.isEnded());
    }

    @ParameterizedTest
    @EnumSource
    void followersOutliveTheClientOfTheirLeader(OnAbort rule) {
        settings = settings.toBuilder().onAbort(rule).build();
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(2);
        leader.hangsUp();
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\none,"));
        sends(child, Wire.stdout("two"), Wire.end(0, 0));
        followers.forEach(follower -> follower.client.written(true));
        allHave("one,two");
        noneIsCalled();
        hit("one,two", get());
    }

    @Test
    void followersOutliveAClientThatLeavesInTheMidstOfTheAnswer() {
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(1);
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\none,"));
        leader.hangsUp();
        sends(child, Wire.stdout("two"), Wire.end(0, 0));
        followers.forEach(follower -> follower.client.written(true));
        allHave("one,two");
    }

    @Test
    void aFollowerWhoseClientLeavesIsForgotten() {
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(2);
        followers.remove(0).hangsUp();
        assertEquals(List.of(499), statuses);
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nfirst"), Wire.end(0, 0));
        allHave("first");
    }

    @Test
    void followersOfAnAnswerThatCannotBeSharedGoOnTogether() {
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(2);
        sends(child, Wire.stdout("Cache-Control: private\r\n\r\nmine"));
        EmbeddedChild second = called(); // before the leader has its whole answer
        sends(child, Wire.end(0, 0));
        sends(second, Wire.answer("yours"));
        assertEquals("mine", leader.client.body());
        sends(called(), Wire.answer("theirs"));
        assertEquals("yours", followers.get(0).client.body());
        assertEquals("theirs", followers.get(1).client.body());
    }

    @Test
    void afterAnAnswerThatCannotBeSharedNobodyWaitsForAWhile() {
        asked(get(), "mine", "Cache-Control: private");
        Caller first = get();
        EmbeddedChild one = called();
        Caller second = get();
        EmbeddedChild two = called();
        sends(one, Wire.answer("one"));
        sends(two, Wire.answer("two"));
        assertEquals("one", first.client.body());
        assertEquals("two", second.client.body());
    }

    @Test
    void followersOfALeaderThatFailsGoOn() throws InterruptedException {
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(1);
        dies(child);
        sends(called(), Wire.answer("second"));
        assertEquals(502, leader.client.status());
        assertEquals("second", followers.get(0).client.body());
    }

    @Test
    void aFollowerThatHasHalfOfAnAnswerThatBreaksOffSeesIt() throws InterruptedException {
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(1);
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nhalf"));
        dies(child);
        assertTrue(leader.client.isReset());
        assertTrue(followers.get(0).client.isReset());
    }

    @Test
    void whenTheLeadersClientLeavesInTheQueueOneFollowerTakesItsPlace() {
        ask(HttpMethod.POST, "");
        EmbeddedChild one = called();
        ask(HttpMethod.POST, "");
        called();
        Caller leader = get();
        follow(3);
        assertEquals(1, room.length());
        leader.hangsUp();
        assertEquals(1, room.length());
        sends(one, Wire.answer("done"));
        EmbeddedChild child = called();
        noneIsCalled();
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nfirst"), Wire.end(0, 0));
        assertEquals("first", followers.get(0).client.body());
        assertEquals("first", followers.get(2).client.body());
        assertTrue(status(followers.get(1)).contains("; collapsed"));
    }

    @Test
    void eachFollowerKeepsItsOwnDeadline() {
        Caller leader = get();
        leads(leader);
        follow(1, "X-Request-Timeout: 1000");
        follow(1);
        pass(TimeUnit.MILLISECONDS.toNanos(1000));
        assertEquals(504, followers.get(0).client.status());
        assertFalse(followers.get(1).client.isEnded());
    }

    @Test
    void whatTheAnswerVariesByDecidesWhoFollows() {
        Caller leader = get("Foo: 1");
        EmbeddedChild child = leads(leader);
        follow(1, "Foo: 1");
        Caller other = get("Foo: 2");
        noneIsCalled();
        sends(child, Wire.stdout(MAX_AGE + "\r\nVary: Foo\r\n\r\none"), Wire.end(0, 0));
        allHave("one");
        asked(other, "two", MAX_AGE, "Vary: Foo");
        hit("two", get("Foo: 2"));
    }

    @Test
    void requestsWithCookiesWaitOnlyForEachOther() {
        Caller anonymous = get();
        EmbeddedChild child = leads(anonymous);
        Caller personal = get("Cookie: id=1");
        EmbeddedChild second = called();
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nanonymous"), Wire.end(0, 0));
        sends(second, Wire.stdout(MAX_AGE + "\r\n\r\npersonal"), Wire.end(0, 0));
        assertEquals("personal", personal.client.body());
        assertEquals("anonymous", anonymous.client.body());
        hit("anonymous", get());
    }

    @Test
    void aStaleAnswerIsRevalidatedOnce() {
        miss("first", MAX_AGE, "ETag: \"1\"");
        seconds(60);
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(5);
        sends(child, Wire.stdout("Status: 304 Same\r\nETag: \"1\"\r\n" + MAX_AGE + "\r\n\r\n"), Wire.end(0, 0));
        assertEquals("first", leader.client.body());
        allHave("first");
        noneIsCalled();
    }

    @Test
    void nobodyWaitsForAFunctionThatDoesNotSayThatItsAnswersAreKept() {
        doesNotAsk();
        Caller first = get();
        EmbeddedChild one = leads(first);
        Caller second = get();
        EmbeddedChild two = called();
        sends(one, Wire.stdout(MAX_AGE + "\r\n\r\none"), Wire.end(0, 0));
        sends(two, Wire.answer("two"));
        assertEquals("two", second.client.body());
        seconds(60);
        Caller leader = get(); // by now it has shown that it does
        EmbeddedChild child = leads(leader);
        follow(1);
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nthree"), Wire.end(0, 0));
        allHave("three");
    }

    @Test
    void whoComesAfterAPurgeDoesNotWaitForAnAnswerFromBeforeIt() {
        Caller before = get();
        EmbeddedChild old = leads(before);
        follow(1);
        cache().purge(null, null, null, false);
        Caller after = get();
        EmbeddedChild fresh = called();
        sends(fresh, Wire.stdout(MAX_AGE + "\r\n\r\nnew"), Wire.end(0, 0));
        sends(old, Wire.stdout(MAX_AGE + "\r\n\r\nold"), Wire.end(0, 0));
        assertEquals("new", after.client.body());
        allHave("old");
        hit("new", get());
    }

    @Test
    void whoComesAfterAChangeDoesNotWaitForAnAnswerFromBeforeIt() {
        Caller before = get();
        EmbeddedChild old = leads(before);
        asked(ask(HttpMethod.POST, ""), "changed");
        Caller after = get();
        EmbeddedChild fresh = called();
        sends(old, Wire.stdout(MAX_AGE + "\r\n\r\nold"), Wire.end(0, 0));
        sends(fresh, Wire.stdout(MAX_AGE + "\r\n\r\nnew"), Wire.end(0, 0));
        assertEquals("old", before.client.body());
        assertEquals("new", after.client.body());
        hit("new", get());
    }

    @Test
    void whoComesAfterAPurgeByTagGetsNoAnswerFromBeforeItThatHasTheTag() {
        Caller before = get();
        EmbeddedChild old = leads(before);
        follow(1);
        asked(ask(HttpMethod.POST, "/other"), "done", "X-Relais-Purge: x");
        Caller after = get();
        noneIsCalled();
        sends(old, Wire.stdout(MAX_AGE + "\r\nCache-Tag: x\r\n\r\nold"), Wire.end(0, 0));
        allHave("old");
        assertFalse(after.client.isEnded());
        asked(after, "new", MAX_AGE, "Cache-Tag: x");
        hit("new", get());
    }

    @Test
    void afterAnErrorOthersWaitAgain() {
        asked(get(), "oops", "Status: 500 Oops");
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(2);
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nfirst"), Wire.end(0, 0));
        allHave("first");
    }

    @Test
    void othersWaitAgainOnceAnAnswerWasKept() {
        asked(get(), "mine", "Cache-Control: private");
        miss("first", "Cache-Control: max-age=1");
        seconds(1);
        Caller leader = get();
        EmbeddedChild child = leads(leader);
        follow(2);
        sends(child, Wire.stdout(MAX_AGE + "\r\n\r\nsecond"), Wire.end(0, 0));
        allHave("second");
    }

    @Test
    void followersAreToldTheLength() {
        EmbeddedChild child = leads(get());
        follow(1);
        sends(child, Wire.stdout(MAX_AGE + "\r\nContent-Length: 7\r\n\r\none,"));
        assertEquals("7", followers.get(0).client.header("Content-Length"));
        sends(child, Wire.stdout("two"), Wire.end(0, 0));
        followers.get(0).client.written(true);
        allHave("one,two");
    }

    @Test
    void aFollowerOfAnAnswerThatIsTooShortSeesIt() {
        EmbeddedChild child = leads(get());
        follow(1);
        sends(child, Wire.stdout(MAX_AGE + "\r\nContent-Length: 7\r\n\r\none,"));
        sends(child, Wire.end(0, 0));
        assertTrue(followers.get(0).client.isReset());
        asked(get(), "second");
    }
}
