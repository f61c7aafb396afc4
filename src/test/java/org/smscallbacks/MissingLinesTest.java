package org.smscallbacks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.smscallbacks.SomeEvents.events;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.store.JournalStore;

/** A <code>broker.xml</code> of before, which an update leaves as it is. */
class MissingLinesTest {

    private static final String DEAD_LETTER_ADDRESS = "<dead-letter-address>sms.refused</dead-letter-address>";
    private static final String QUEUE =
            "<address name=\"sms.refused\"><anycast><queue name=\"sms.refused\"/></anycast></address>";
    private static final String POLICY = "<address-full-policy>PAGE</address-full-policy>";

    @TempDir
    private Path folder;

    @Test
    void keepsWhatIsRejected() throws Exception {
        try (var broker = new OwnBroker(folder)
                .edit(DEAD_LETTER_ADDRESS, "")
                .edit(QUEUE, "")
                .start()) {
            assertNotNull(broker.broker().server().locateQueue("sms.refused"));
            for (var queue : new String[] {"sms.inbound", "sms.retry.5s"}) {
                new JournalStore(broker.broker()).store(events(queue, 3, queue));
                RefusedEventsTest.reject(broker, queue, 3, RefusedEventsTest.REJECTED);
            }
            await().untilAsserted(() -> assertEquals(6, broker.count("sms.refused")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<address-full-policy>DROP</address-full-policy>",
                POLICY + "<page-limit-bytes>1G</page-limit-bytes><page-full-policy>DROP</page-full-policy>"
            })
    void refusesToDropWhatIsStored(String policy) throws Exception {
        try (var broker = new OwnBroker(folder).edit(POLICY, policy)) {
            var failure = assertThrows(ConfigurationException.class, broker::start);
            assertTrue(failure.getMessage().contains("broker.xml"), failure::getMessage);
            assertTrue(failure.getMessage().contains("address-setting # has DROP"), failure::getMessage);
        }
    }
}
