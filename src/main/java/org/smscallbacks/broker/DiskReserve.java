package org.smscallbacks.broker;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.server.RoutingContext;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;

/**
 * The free space that stays free on each file system the broker writes to. What would take from it is refused before anything is
 * written: callbacks, and every message that is sent or moved to another queue, whoever does it. Consumers go on, which makes room.
 *
 * <p>The broker's own limit, <code>max-disk-usage</code>, counts as well, and whichever is reached first is named. The broker looks at
 * it every few seconds only, and a disk can be full before.
 */
public final class DiskReserve implements ActiveMQServerMessagePlugin {

    /** What is kept free at least, unless less is configured: bytes. */
    public static final long LEAST = 256L << 20;

    private static final String RESERVE = "sms.broker.disk-reserve";
    private static final int PART_OF_THE_DISK = 100;
    private static final int PERCENT = 100;
    private static final long BELIEVED_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** Among the properties of a transaction; the broker's own have lower numbers. */
    private static final int LET_IN = 736_001;

    private final Set<FileStore> stores = new HashSet<>();
    private final long configured;
    private final int mostUsed;
    private final long leastFree;
    private final AtomicLong underWay = new AtomicLong();
    private volatile Answer last;

    /** What is kept free, in bytes, by what is configured under this name. */
    private record Limit(long bytes, String name) {}

    private record Answer(long askedAt, long left, Limit limit) {}

    /**
     * @param folders where the broker writes; they exist
     * @param configured in bytes; 0 for a hundredth of each disk, and {@link #LEAST} at least
     * @param broker with the limits of its own
     */
    DiskReserve(List<Path> folders, long configured, Configuration broker) throws IOException {
        for (var folder : folders) {
            stores.add(Files.getFileStore(folder));
        }
        this.configured = configured;
        this.mostUsed = broker.getMaxDiskUsage();
        this.leastFree = broker.getMinDiskFree();
        this.last = ask();
    }

    /** How many bytes may still be written until the first limit is reached, on the disk where it is the fewest; negative below it. */
    public long left() {
        var answer = last;
        // a callback of many events need not ask for each of them
        if (System.nanoTime() - answer.askedAt > BELIEVED_NANOS) {
            last = answer = ask();
        }
        return answer.left - underWay.get();
    }

    private Answer ask() {
        long least = Long.MAX_VALUE;
        Limit nearest = null;
        for (var store : stores) {
            var limit = limitOn(store);
            long left;
            try {
                left = store.getUsableSpace() - limit.bytes;
            } catch (IOException e) {
                left = -limit.bytes;
            }
            if (left < least) {
                least = left;
                nearest = limit;
            }
        }
        return new Answer(System.nanoTime(), least, nearest);
    }

    private Limit limitOn(FileStore store) {
        long size;
        try {
            size = store.getTotalSpace();
        } catch (IOException e) {
            size = 0;
        }
        var ours = new Limit(configured > 0 ? configured : Math.max(LEAST, size / PART_OF_THE_DISK), RESERVE);
        var ofTheBroker = ofTheBroker(size);
        return ofTheBroker.bytes > ours.bytes ? ofTheBroker : ours;
    }

    /** As the broker reckons: with the one the other does not count. */
    private Limit ofTheBroker(long size) {
        if (leastFree >= 0) {
            return new Limit(leastFree, "min-disk-free in broker.xml");
        }
        long kept = mostUsed < 0 ? 0 : size / PERCENT * (PERCENT - mostUsed);
        return new Limit(kept, "max-disk-usage (" + mostUsed + " %) in broker.xml");
    }

    /**
     * Counts these bytes as written until they are given back.
     *
     * @throws ActiveMQIOErrorException when they would take from the reserve; nothing is counted then
     */
    public void take(long bytes) throws ActiveMQIOErrorException {
        underWay.addAndGet(bytes);
        try {
            refuse();
        } catch (ActiveMQIOErrorException e) {
            giveBack(bytes);
            throw e;
        }
    }

    /** They are written, or will not be. */
    public void giveBack(long bytes) {
        underWay.addAndGet(-bytes);
    }

    private void refuse() throws ActiveMQIOErrorException {
        if (left() < 0) {
            throw new ActiveMQIOErrorException(state());
        }
    }

    /** How much is left, and until which limit, in words. */
    public String state() {
        long left = left();
        var limit = last.limit.name;
        return left < 0
                ? "the broker's disk has " + mebibytes(-left) + " less room than " + limit
                        + " keeps free: make room, and it goes on by itself"
                : "the broker's disk has " + mebibytes(left) + " more room than " + limit + " keeps free";
    }

    private static String mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1 >> 20) + " MiB";
    }

    /**
     * Called by the broker for each message before it is written. What no durable queue gets takes no room: answers to an operator. A
     * move that was let in may end.
     */
    @Override
    public void beforeMessageRoute(Message message, RoutingContext context, boolean direct, boolean rejectDuplicates)
            throws ActiveMQIOErrorException {
        if (!message.isDurable() || isUnderWay(message, context)) {
            return;
        }
        if (left() < 0 && isForDurableQueue(context)) {
            refuse();
        }
        if (isMoved(message) && context.getTransaction() != null) {
            context.getTransaction().putProperty(LET_IN, true);
        }
    }

    /** The broker never rolls a move back: what it had moved before it was refused would be nowhere until the next start. */
    private static boolean isUnderWay(Message message, RoutingContext context) {
        return isMoved(message)
                && context.getTransaction() != null
                && context.getTransaction().getProperty(LET_IN) != null;
    }

    private static boolean isMoved(Message message) {
        return message.getBrokerProperty(Message.HDR_ORIG_MESSAGE_ID) != null;
    }

    private static boolean isForDurableQueue(RoutingContext context) {
        return context.getContexListing().values().stream()
                .anyMatch(queues -> !queues.getDurableQueues().isEmpty());
    }
}
