package org.smscallbacks.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.smscallbacks.config.Account;
import org.smscallbacks.event.BodyMemory;

/**
 * The bodies that are arriving, and how much memory they may take: what has arrived of each is counted, not what its caller announces, and
 * kept here until it is mapped, so that a body that gives way takes none from that moment on. Callers whose credentials are
 * proven by the request alone share one part, all others another, so that no stranger is in their way. Where a part is full, whoever holds
 * most of it gives way: of an account its largest body that has not been read yet, of strangers the largest. So neither an account nor a
 * stranger can keep others out, and small bodies pass.
 *
 * <p>What has arrived whole is mapped at once where it is small, and else when there is memory for that, in turn: a body takes many times
 * its size then.
 */
public final class BodyBudget {

    private static final int SMALL = 64 * 1024;
    private static final int UNAVAILABLE = 503;
    private static final int TOO_LARGE = 413;
    private static final int PART_OF_MEMORY = 32;

    private final Set<Booking> proven = new HashSet<>();
    private final Set<Booking> unproven = new HashSet<>();
    private final Deque<Booking> waiting = new ArrayDeque<>();
    private final long memory;
    private long largest;
    private long share;
    private long provenBytes;
    private long unprovenBytes;
    private long mappedBytes;

    /** @param memory bytes of which bodies get a part */
    public BodyBudget(long memory) {
        this.memory = memory;
    }

    /** @param largestBody bytes; there is room for one at least */
    synchronized void allow(long largestBody) {
        largest = largestBody;
        share = Math.max(memory / PART_OF_MEMORY, largestBody);
    }

    /**
     * @param account of a caller who has proven that it is his, else null
     * @param announced how many bytes it will have
     * @param refused called with the status of the answer when the body is too large, there is no room for it, or not any more, or what
     *     became of it takes too long
     */
    Booking open(Account account, long announced, IntConsumer refused) {
        return new Booking(account, announced, refused);
    }

    /** One body. */
    final class Booking implements BodyMemory {

        private final Account account;
        private final long announced;
        private final IntConsumer refused;
        private final BodyPieces pieces = new BodyPieces();
        private long bytes;
        private int users = 1;
        private boolean isOver;
        private boolean isMapped;
        private Runnable next;

        private Booking(Account account, long announced, IntConsumer refused) {
            this.account = account;
            this.announced = announced;
            this.refused = refused;
        }

        /** Some bytes have arrived; false when they are too many, or there is no room for them: then nothing of the body is left. */
        boolean take(Buffer piece) {
            int arrived = piece.length();
            List<Booking> given = new ArrayList<>();
            boolean fits;
            synchronized (BodyBudget.this) {
                if (!isOver && pieces.length() + arrived > largest) {
                    giveUp();
                    refused.accept(TOO_LARGE);
                }
                while (!isOver && !hasRoomFor(arrived)) {
                    var most = most(arrived);
                    given.add(most);
                    most.giveUp();
                }
                fits = !isOver;
                if (fits) {
                    part().add(this);
                    add(arrived);
                    pieces.add(piece);
                }
            }
            given.forEach(booking -> booking.refused.accept(UNAVAILABLE));
            return fits;
        }

        /**
         * Gives all that has arrived, from the first piece to the last, and keeps none of it; its memory stays booked.
         *
         * @return false when the body is over: there is nothing to give
         */
        boolean drainTo(Handler<Buffer> reader) {
            Deque<Buffer> taken;
            synchronized (BodyBudget.this) {
                if (isOver) {
                    return false;
                }
                taken = pieces.takeAll();
            }
            while (!taken.isEmpty()) {
                reader.handle(taken.poll());
            }
            return true;
        }

        /**
         * All has arrived.
         *
         * @param next maps it; called now or, by whoever makes room, later
         */
        void arrived(Runnable next) {
            synchronized (BodyBudget.this) {
                if (isOver) {
                    return;
                }
                this.next = next;
                waiting.add(this);
            }
            startWhatFits(this);
        }

        /** Whether it has arrived whole. */
        boolean hasArrived() {
            synchronized (BodyBudget.this) {
                return next != null;
            }
        }

        /** Whether it is being mapped, or was. */
        boolean isMapped() {
            synchronized (BodyBudget.this) {
                return isMapped;
            }
        }

        @Override
        public void hold() {
            synchronized (BodyBudget.this) {
                users++;
            }
        }

        @Override
        public void letGo() {
            synchronized (BodyBudget.this) {
                users--;
                if (users > 0 || isOver) {
                    return;
                }
                giveUp();
            }
            startWhatFits(null);
        }

        @Override
        public void refuseCaller() {
            refused.accept(UNAVAILABLE);
        }

        private boolean hasRoomFor(int arrived) {
            return account == null ? unprovenBytes + arrived <= share : provenBytes + arrived <= 2 * share;
        }

        /** Of those in the same part that are not mapped yet, the one to give way; this one if there is no other. */
        private Booking most(int arrived) {
            var held = new HashMap<Object, Long>();
            part().forEach(booking -> held.merge(booking.holder(), booking.bytes, Long::sum));
            held.merge(holder(), (long) arrived, Long::sum);
            return part().stream()
                    .filter(booking -> !booking.isMapped)
                    .filter(booking -> held.get(booking.holder()) > held.get(holder()) || isSmallBeside(booking))
                    .max(Comparator.<Booking>comparingLong(booking -> held.get(booking.holder()))
                            .thenComparingLong(booking -> booking.bytes))
                    .orElse(this);
        }

        /** An account's large bodies that stand still are not in the way of its small ones. */
        private boolean isSmallBeside(Booking other) {
            return announced <= SMALL && other.bytes > announced && holder().equals(other.holder());
        }

        private Object holder() {
            return account == null ? this : account;
        }

        private Set<Booking> part() {
            return account == null ? unproven : proven;
        }

        private void giveUp() {
            isOver = true;
            part().remove(this);
            waiting.remove(this);
            pieces.takeAll();
            if (isMapped) {
                mappedBytes -= bytes;
            }
            add(-bytes);
        }

        private void add(long more) {
            bytes += more;
            if (account == null) {
                unprovenBytes += more;
            } else {
                provenBytes += more;
            }
        }

        private boolean fits() {
            return bytes <= SMALL || mappedBytes == 0 || mappedBytes + bytes <= share;
        }
    }

    private void startWhatFits(Booking arrived) {
        var starting = new ArrayList<Booking>();
        synchronized (this) {
            if (arrived != null && waiting.contains(arrived) && arrived.bytes <= SMALL) {
                start(arrived, starting);
            }
            while (!waiting.isEmpty() && waiting.peek().fits()) {
                start(waiting.peek(), starting);
            }
        }
        starting.forEach(booking -> booking.next.run());
    }

    private void start(Booking booking, List<Booking> starting) {
        waiting.remove(booking);
        booking.isMapped = true;
        mappedBytes += booking.bytes;
        starting.add(booking);
    }
}
