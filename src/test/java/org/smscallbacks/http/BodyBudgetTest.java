package org.smscallbacks.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smscallbacks.config.Account;
import org.smscallbacks.config.AddressRanges;
import org.smscallbacks.config.Credentials;
import org.smscallbacks.http.BodyBudget.Booking;

/** Who gets memory for a body, and who gives way. */
class BodyBudgetTest {

    private static final int SHARE = 1 << 18;

    private static final int SMALL = 1_000;
    private static final Account ONE = account("one");
    private static final Account OTHER = account("other");

    private final List<Booking> refused = new ArrayList<>();
    private final List<Integer> statuses = new ArrayList<>();
    private final List<Booking> mapped = new ArrayList<>();
    private BodyBudget budget;

    @BeforeEach
    void open() {
        budget = new BodyBudget(0);
        budget.allow(SHARE);
    }

    @Test
    void strangersAreInNobodysWay() {
        var first = body(null);
        assertTrue(first.take(bytes(SHARE)));
        assertTrue(body(ONE).take(bytes(SHARE)));
        assertTrue(body(OTHER).take(bytes(SHARE)));
        assertEquals(List.of(), refused);
    }

    @Test
    void ofStrangersWhoHoldsMostGivesWay() {
        var large = body(null);
        var larger = body(null);
        assertTrue(large.take(bytes(SHARE / 4)));
        assertTrue(larger.take(bytes(SHARE / 4 * 3)));
        var small = body(null);
        assertTrue(small.take(bytes(SMALL)));
        assertEquals(List.of(larger), refused);
        assertFalse(larger.take(bytes(1)), "it is over");

        var last = body(null);
        assertFalse(last.take(bytes(SHARE)), "holds most itself");
        assertEquals(List.of(larger, last), refused);
    }

    @Test
    void anAccountThatTakesAllGivesWayToAnother() {
        var greedy = new ArrayList<Booking>();
        for (int i = 0; i < 40; i++) {
            greedy.add(body(ONE));
            assertTrue(greedy.get(i).take(bytes(SHARE / 20)));
        }
        assertFalse(body(ONE).take(bytes(SHARE / 20)), "no more for the account itself");
        for (int i = 0; i < 20; i++) {
            assertTrue(body(OTHER).take(bytes(SHARE / 20)));
        }
        assertFalse(body(OTHER).take(bytes(SHARE / 20)), "nor more than its part for the other");
    }

    @Test
    void anAccountsLargeBodiesThatStandStillAreNotInTheWayOfItsSmallOnes() {
        var stalled = body(ONE, SHARE);
        var other = body(ONE, SHARE);
        assertTrue(stalled.take(bytes(SHARE)));
        assertTrue(other.take(bytes(SHARE - 1)));
        assertTrue(body(ONE, SMALL).take(bytes(SMALL)));
        assertEquals(List.of(stalled), refused);
        var next = body(ONE, SHARE);
        assertTrue(next.take(bytes(SHARE / 2)));
        assertFalse(next.take(bytes(SHARE / 2)), "a large one waits its turn");
        assertEquals(List.of(stalled, next), refused);
    }

    @Test
    void whatIsMappedIsNotTakenBack() {
        var first = body(ONE);
        assertTrue(first.take(bytes(SHARE)));
        arrive(first);
        assertTrue(body(ONE).take(bytes(SHARE)));
        var other = body(OTHER);
        assertTrue(other.take(bytes(SHARE)), "of what is not mapped yet");
        assertFalse(refused.contains(first));
        first.letGo();
        assertTrue(body(ONE).take(bytes(SHARE)));
    }

    @Test
    void largeOnesAreMappedInTurnAndSmallOnesAtOnce() {
        var bodies = List.of(body(ONE), body(OTHER), body(ONE), body(OTHER));
        for (var body : bodies) {
            assertTrue(body.take(bytes(SHARE / 2 + (body == bodies.get(0) ? 0 : -SMALL))));
            arrive(body);
        }
        assertEquals(bodies.subList(0, 2), mapped);
        var small = body(ONE);
        assertTrue(small.take(bytes(SMALL)));
        arrive(small);
        assertTrue(mapped.contains(small));
        assertTrue(bodies.get(2).hasArrived());
        assertFalse(bodies.get(2).isMapped());
        bodies.get(0).letGo();
        assertTrue(bodies.get(2).isMapped());
        assertFalse(bodies.get(3).isMapped());
        bodies.get(1).letGo();
        assertTrue(bodies.get(3).isMapped());
    }

    @Test
    void isHeldUntilAllAreDone() {
        var body = body(ONE);
        assertTrue(body.take(bytes(SHARE)));
        arrive(body);
        body.hold();
        body.letGo();
        var next = body(OTHER);
        assertTrue(next.take(bytes(SHARE)));
        arrive(next);
        assertFalse(next.isMapped(), "the store is not done with the first");
        body.letGo();
        assertTrue(next.isMapped());
    }

    @Test
    void whoeverWaitsCanGiveUp() {
        var first = body(ONE);
        assertTrue(first.take(bytes(SHARE)));
        arrive(first);
        var waiting = body(ONE);
        assertTrue(waiting.take(bytes(SHARE)));
        arrive(waiting);
        waiting.letGo();
        first.letGo();
        assertFalse(mapped.contains(waiting));
        assertTrue(body(OTHER).take(bytes(SHARE)));
        assertTrue(body(OTHER).take(bytes(SHARE)));
    }

    @Test
    void givesWhatHasArrivedInItsOrder() {
        var body = body(ONE);
        var sent = new byte[SHARE];
        new Random(14).nextBytes(sent);
        for (int at = 0, next = 1; at < SHARE; at += next, next = Math.min(at + 1, SHARE - at)) {
            assertTrue(body.take(Buffer.buffer().appendBytes(sent, at, next)));
        }
        arrive(body);
        var read = Buffer.buffer();
        assertTrue(body.drainTo(read::appendBuffer));
        assertArrayEquals(sent, read.getBytes());
        body.letGo();
        assertFalse(body.drainTo(piece -> {}), "it is over");
    }

    @Test
    void whatIsTooLargeIsRefusedAsThat() {
        var body = body(ONE);
        assertTrue(body.take(bytes(SHARE)));
        assertFalse(body.take(bytes(1)));
        assertEquals(List.of(413), statuses);
        assertTrue(body(ONE).take(bytes(SHARE)));
        assertTrue(body(ONE).take(bytes(SHARE)));
        assertFalse(body(ONE).take(bytes(SHARE)));
        assertEquals(List.of(413, 503), statuses);
    }

    @Test
    void whatGivesWayIsNotKept() {
        var large = body(null);
        var piece = new WeakReference<>(bytes(SHARE));
        assertTrue(large.take(piece.get()));
        assertTrue(body(null).take(bytes(SMALL)));
        assertEquals(List.of(large), refused);
        await().until(() -> {
            System.gc();
            return piece.get() == null;
        });
    }

    @Test
    void nothingIsLeftOverWhateverHappens() {
        var random = new Random(14);
        for (int round = 0; round < 200; round++) {
            var open = new ArrayList<Booking>();
            for (int step = 0; step < 200; step++) {
                if (open.isEmpty() || random.nextInt(3) == 0) {
                    open.add(body(List.of(ONE, OTHER).get(random.nextInt(2))));
                    open.add(body(null));
                }
                var body = open.get(random.nextInt(open.size()));
                switch (random.nextInt(4)) {
                    case 0 -> arrive(body);
                    case 1 -> {
                        open.remove(body);
                        body.letGo();
                    }
                    default -> {
                        if (!body.hasArrived()) {
                            body.take(bytes(random.nextInt(SHARE)));
                        }
                    }
                }
            }
            open.forEach(Booking::letGo);
            var largest = List.of(body(ONE), body(null));
            for (var body : largest) {
                assertTrue(body.take(bytes(SHARE)), "round " + round);
                arrive(body);
                assertTrue(body.isMapped(), "round " + round);
                body.letGo();
            }
        }
    }

    private static Buffer bytes(int length) {
        return Buffer.buffer(new byte[length]);
    }

    private Booking body(Account account) {
        return body(account, Long.MAX_VALUE);
    }

    private Booking body(Account account, long announced) {
        var booking = new Booking[1];
        booking[0] = budget.open(account, announced, status -> {
            refused.add(booking[0]);
            statuses.add(status);
        });
        return booking[0];
    }

    private void arrive(Booking body) {
        if (!body.hasArrived()) {
            body.arrived(() -> mapped.add(body));
        }
    }

    private static Account account(String name) {
        return new Account("infobip", name, Credentials.nobodys(), AddressRanges.parse(""), "", 200, "", "");
    }
}
