package org.smscallbacks.broker;

import java.io.File;
import java.nio.ByteBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.apache.activemq.artemis.core.io.IOCriticalErrorListener;
import org.apache.activemq.artemis.core.io.SequentialFile;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFile;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;

/**
 * A folder of files that say so when they could not be written. Those of Artemis tell a listener and go on
 * (<code>NIOSequentialFile.internalWrite</code>), with a stack trace for each message, and do not look whether all of it was written: of
 * the last bytes of a disk, a part is.
 */
final class FailSafeFiles extends NIOSequentialFileFactory {

    private final DiskFailure failure;

    FailSafeFiles(File folder, IOCriticalErrorListener onFailure, DiskFailure failure) {
        super(folder, false, onFailure, 1);
        this.failure = failure;
    }

    @Override
    public SequentialFile createSequentialFile(String name) {
        return new FailSafeFile(name);
    }

    private final class FailSafeFile extends NIOSequentialFile {

        FailSafeFile(String name) {
            super(FailSafeFiles.this, journalDir, name, 1);
        }

        /** Pages are written so. */
        @Override
        public void writeDirect(ByteBuffer bytes, boolean sync) throws Exception {
            long end = end(bytes);
            super.writeDirect(bytes, sync);
            refuseAPart(end);
        }

        /** Large messages are written so. */
        @Override
        public void blockingWriteDirect(ByteBuffer bytes, boolean sync, boolean releaseBuffer) throws Exception {
            long end = end(bytes);
            super.blockingWriteDirect(bytes, sync, releaseBuffer);
            refuseAPart(end);
        }

        private long end(ByteBuffer bytes) throws Exception {
            failure.refuse();
            return isOpen() ? channel.position() + bytes.remaining() : 0;
        }

        private void refuseAPart(long end) throws Exception {
            failure.refuse();
            if (channel.position() < end) {
                var part = new ActiveMQIOErrorException("only a part was written");
                onIOError(part, part.getMessage(), this);
                throw part;
            }
        }

        @Override
        public SequentialFile cloneFile() {
            return createSequentialFile(getFileName());
        }
    }
}
