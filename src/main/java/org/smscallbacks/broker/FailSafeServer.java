package org.smscallbacks.broker;

import java.io.File;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.io.SequentialFileFactory;
import org.apache.activemq.artemis.core.paging.PagingStoreFactory;
import org.apache.activemq.artemis.core.paging.impl.PagingStoreFactoryNIO;
import org.apache.activemq.artemis.core.persistence.StorageManager;
import org.apache.activemq.artemis.core.persistence.impl.journal.JournalStorageManager;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;

/**
 * Artemis, but no transaction is committed once its disk has failed, whoever began it.
 *
 * <p>Artemis writes pages before it writes the commit, and goes on to the commit when a page could not be written: the journal has
 * room of its own. The event would then be nowhere while its sender is told yes, or its last copy is acknowledged, and its id would
 * be known, so that a repetition were taken for a duplicate.
 */
final class FailSafeServer extends ActiveMQServerImpl {

    private final DiskFailure failure;

    FailSafeServer(Configuration configuration, ActiveMQSecurityManager security, DiskFailure failure) {
        super(configuration, security);
        this.failure = failure;
        registerIOCriticalErrorListener(failure);
    }

    @Override
    protected StorageManager createStorageManager() {
        var configuration = getConfiguration();
        if (!configuration.isPersistenceEnabled() || configuration.isUsingDatabasePersistence()) {
            return super.createStorageManager();
        }
        var storage = new FailSafeStorage();
        getCriticalAnalyzer().add(storage);
        return storage;
    }

    @Override
    protected PagingStoreFactory getPagingStoreFactory() throws Exception {
        return getConfiguration().isUsingDatabasePersistence() ? super.getPagingStoreFactory() : new FailSafePages();
    }

    private FailSafeFiles files(File folder) {
        return new FailSafeFiles(folder, ioCriticalErrorListener, failure);
    }

    private final class FailSafePages extends PagingStoreFactoryNIO {

        FailSafePages() {
            super(
                    FailSafeServer.this.getStorageManager(),
                    getConfiguration().getPagingLocation(),
                    getConfiguration().getPageSyncTimeout(),
                    scheduledPool,
                    pageExecutorFactory,
                    getConfiguration().isJournalSyncNonTransactional(),
                    ioCriticalErrorListener,
                    getConfiguration()::isPurgePageFolders);
        }

        @Override
        protected SequentialFileFactory newFileFactory(String folder) {
            return files(new File(getDirectory(), folder));
        }
    }

    private final class FailSafeStorage extends JournalStorageManager {

        FailSafeStorage() {
            super(
                    FailSafeServer.this.getConfiguration(),
                    FailSafeServer.this.getCriticalAnalyzer(),
                    FailSafeServer.this.executorFactory,
                    FailSafeServer.this.scheduledPool,
                    FailSafeServer.this.ioExecutorFactory,
                    FailSafeServer.this.ioCriticalErrorListener);
            largeMessagesFactory = files(FailSafeServer.this.getConfiguration().getLargeMessagesLocation());
        }

        @Override
        public void commit(long transaction, boolean lineUpContext) throws Exception {
            failure.refuse();
            super.commit(transaction, lineUpContext);
        }

        @Override
        public void asyncCommit(long transaction) throws Exception {
            failure.refuse();
            super.asyncCommit(transaction);
        }
    }
}
