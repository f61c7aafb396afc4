package org.smscallbacks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;

/** A broker's journal that writes nothing, as one on a disk that hangs, until it is let go. */
final class BlockedJournal implements AutoCloseable {

    private final CountDownLatch held = new CountDownLatch(1);

    BlockedJournal(ActiveMQServer server) throws ReflectiveOperationException, InterruptedException {
        var journal = (JournalImpl) server.getStorageManager().getMessageJournal();
        var field = JournalImpl.class.getDeclaredField("appendExecutor");
        field.setAccessible(true);
        var reached = new CountDownLatch(1);
        ((Executor) field.get(journal)).execute(() -> {
            reached.countDown();
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        reached.await();
    }

    void letGo() {
        held.countDown();
    }

    @Override
    public void close() {
        letGo();
    }
}
