package org.smscallbacks.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.activemq.artemis.core.postoffice.QueueBinding;
import org.apache.activemq.artemis.core.server.ActivateCallback;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says at the start what the broker's data has lost since the last stop: Artemis goes on without a word where a page or a journal file is
 * missing, and without those messages.
 *
 * <p>After a crash there is nothing to compare with. What files remain does not tell then: Artemis deletes and reuses them all the time,
 * pages in the middle too.
 */
final class DataCheck implements ActivateCallback {

    private static final Logger LOG = LoggerFactory.getLogger(DataCheck.class);

    private static final long LONGEST_COUNT_SECONDS = 20;

    private final ActiveMQServer server;
    private final Path data;
    private final DataFiles files;
    private LastStop last;
    private boolean hasLost;
    private boolean isActive;
    private List<Queue> queues = List.of();

    DataCheck(ActiveMQServer server, Path data) {
        this.server = server;
        this.data = data;
        this.files = new DataFiles(data, server.getConfiguration());
    }

    /** Compares the files; to be called before Artemis changes any. */
    void beforeStart() throws IOException {
        try {
            last = LastStop.in(data);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "What the broker had at its last stop cannot be read ({}): its data is not compared", e.toString());
        }
        (last == null ? files.emptyFolders() : files.losses(last.files())).forEach(this::say);
    }

    /** Compares the messages; called by the broker when they are loaded and before anybody can take one. */
    @Override
    public void activated() {
        isActive = true;
        if (last != null) {
            var now = queues();
            compare("its journal", last.journal(), counts(now, DataCheck::inJournal));
            // counting pages takes as long as reading them all: only where there is reason to
            if (hasLost && pagesAreCounted()) {
                compare("its pages", last.pages(), counts(now, DataCheck::inPages));
            }
        }
        if (hasLost) {
            LOG.error(
                    "Data of the broker is lost, the lines before say which: stop the gateway and restore {} from a backup, or go on without it",
                    data);
        }
        try {
            LastStop.forget(data);
        } catch (IOException e) {
            LOG.warn("The next start may report messages as lost that were taken: {}", e.toString());
        }
    }

    private boolean pagesAreCounted() {
        var counted = new CountDownLatch(1);
        server.getPagingManager().execute(counted::countDown);
        try {
            return counted.await(LONGEST_COUNT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void compare(String where, Map<String, Long> before, Map<String, Long> now) {
        before.forEach((queue, count) -> {
            long lost = count - now.getOrDefault(queue, 0L);
            if (lost > 0) {
                say(lost + " of the " + count + " messages that queue " + queue + " had in " + where + " are gone");
            }
        });
    }

    private void say(String loss) {
        hasLost = true;
        LOG.error("The broker's data is not complete: {}", loss);
    }

    /** Called by the broker when nobody can reach it any more. */
    @Override
    public void deActivate() {
        queues = isActive ? queues() : List.of();
    }

    /** Writes down what there is; to be called once the broker has written all. */
    void afterStop() throws IOException {
        if (isActive) {
            new LastStop(files.sizes(), counts(queues, DataCheck::inJournal), counts(queues, DataCheck::inPages))
                    .writeTo(data);
        }
    }

    private List<Queue> queues() {
        var durable = new ArrayList<Queue>();
        server.getPostOffice().getAllBindings().forEach(binding -> {
            if (binding instanceof QueueBinding queue && queue.getQueue().isDurable()) {
                durable.add(queue.getQueue());
            }
        });
        return durable;
    }

    private static Map<String, Long> counts(List<Queue> queues, ToLongFunction<Queue> count) {
        var counts = new TreeMap<String, Long>();
        queues.forEach(queue -> counts.put(queue.getName().toString(), count.applyAsLong(queue)));
        counts.values().removeIf(messages -> messages == 0);
        return counts;
    }

    private static long inJournal(Queue queue) {
        long pages;
        long all;
        // while Artemis counts the pages the one changes after the other
        do {
            pages = inPages(queue);
            all = queue.getDurableMessageCount();
        } while (pages != inPages(queue));
        return all - pages;
    }

    private static long inPages(Queue queue) {
        var pages = queue.getPageSubscription();
        return pages == null ? 0 : pages.getMessageCount();
    }
}
