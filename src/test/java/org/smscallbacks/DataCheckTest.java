package org.smscallbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Session;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smscallbacks.config.ConfigurationException;

/** What is said when the broker starts on data that is not what it was, and that nothing is said when it is. */
class DataCheckTest {

    private static final int PAGED = 1000;
    private static final int IN_JOURNAL = 20;

    @TempDir
    static Path full;

    private int saidBefore;

    private interface Damage {
        void to(Path data) throws IOException;
    }

    /** A broker that has messages in pages, in its journal and in a file of their own, and was stopped. */
    @BeforeAll
    static void fill() throws Exception {
        try (var broker = broker(full).start()) {
            send(broker, "sms.inbound", PAGED, "x".repeat(500));
            send(broker, "sms.click", IN_JOURNAL, "x".repeat(500));
            send(broker, "sms.unrecognised", 1, "x".repeat(300_000));
        }
    }

    static List<Arguments> damages() {
        return List.of(
                damage(
                        "the first page missing",
                        data -> Files.delete(pages(data).get(0)),
                        "000000001.page is missing",
                        "had in its pages"),
                damage(
                        "a page in the middle missing",
                        data -> Files.delete(pages(data).get(4)),
                        "000000005.page is missing",
                        "had in its pages"),
                damage(
                        "a page cut short",
                        data -> cut(pages(data).get(4), 30_000),
                        "000000005.page has become shorter",
                        "had in its pages"),
                damage(
                        "all pages missing",
                        data -> delete(data.resolve("paging")),
                        "000000001.page is missing",
                        " more: ",
                        "had in its pages"),
                damage(
                        "no address",
                        data -> Files.delete(first(data, "paging", "address.txt")),
                        "address.txt is missing",
                        "had in its pages"),
                damage(
                        "a journal file missing",
                        data -> Files.delete(first(data, "journal", ".amq")),
                        "journal/activemq-data-1.amq is missing",
                        IN_JOURNAL + " of the " + IN_JOURNAL
                                + " messages that queue sms.click had in its journal are gone"),
                damage(
                        "a journal file empty",
                        data -> cut(first(data, "journal", ".amq"), 0),
                        "journal/activemq-data-1.amq has become shorter",
                        "queue sms.click"),
                damage(
                        "a journal file of another id",
                        data -> spoil(first(data, "journal", ".amq"), 8, 8),
                        "queue sms.click had in its journal"),
                damage(
                        "a journal record spoilt",
                        data -> spoil(first(data, "journal", ".amq"), 100_000, 500),
                        "queue sms.inbound had in its journal"),
                damage(
                        "the bindings missing",
                        data -> delete(data.resolve("bindings")),
                        "bindings/activemq-bindings-1.bindings is missing",
                        "queue sms.click had in its journal"),
                damage(
                        "a large message missing",
                        data -> Files.delete(first(data, "large-messages", ".msg")),
                        ".msg is missing"),
                damage(
                        "after a crash no bindings",
                        data -> {
                            crash(data);
                            delete(data.resolve("bindings"));
                        },
                        "bindings has no *.bindings"),
                damage(
                        "after a crash no journal",
                        data -> {
                            crash(data);
                            delete(data.resolve("journal"));
                        },
                        "journal has no *.amq"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void saysWhatIsLost(String name, Damage damage, List<String> words, @TempDir Path folder) throws Exception {
        copy(full.resolve("data"), folder.resolve("data"));
        damage.to(folder.resolve("data"));
        try (var broker = broker(folder).start()) {
            var said = said();
            assertTrue(said.contains("restore " + folder.resolve("data") + " from a backup"), said);
            for (var word : words) {
                assertTrue(said.contains(word), () -> word + " in " + said);
            }
        }
    }

    @Test
    void saysNothingWhenNothingIsLost(@TempDir Path folder) throws Exception {
        try (var broker = broker(folder)) {
            broker.start();
            send(broker, "sms.inbound", PAGED, "x".repeat(500));
            for (int round = 0; round < 2; round++) {
                stopAtWork(broker);
                broker.start();
            }
            take(broker, "sms.inbound", PAGED / 2);
            broker.stop();
            crash(folder.resolve("data"));
            broker.start();
            assertEquals("", said());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file.x=12z", "journal.sms.inbound=\\u00", "\0\0\0"})
    void startsWhenWhatItHadIsSpoilt(String text, @TempDir Path folder) throws Exception {
        copy(full.resolve("data"), folder.resolve("data"));
        Files.writeString(folder.resolve("data/last-stop.properties"), text);
        try (var broker = broker(folder).start()) {
            assertFalse(said().contains("ERROR"));
            broker.stop();
            cut(pages(folder.resolve("data")).get(4), 30_000);
            broker.start();
            assertTrue(said().contains("000000005.page has become shorter"), "it is written anew");
        }
    }

    @Test
    void namesTheFileThatKeepsItFromStarting(@TempDir Path folder) throws Exception {
        copy(full.resolve("data"), folder.resolve("data"));
        spoil(first(folder.resolve("data"), "bindings", ".bindings"), 0, 16);
        try (var broker = broker(folder)) {
            var said = assertThrows(ConfigurationException.class, broker::start).getMessage();
            assertTrue(said.contains(folder.resolve("data") + " cannot be read"), said);
            assertTrue(said.contains("bindings/activemq-bindings-1.bindings; restore the folder"), said);
        }
    }

    @Test
    void saysInUseWhenItIs(@TempDir Path folder) throws Exception {
        var other = Files.createDirectory(folder.resolve("other"));
        try (var first = broker(folder).start();
                var second = broker(other).edit("timeout>5000<", "timeout>100<")) {
            Files.createSymbolicLink(other.resolve("data"), folder.resolve("data"));
            var said = assertThrows(ConfigurationException.class, second::start).getMessage();
            assertTrue(said.contains(other.resolve("data") + " is in use by another gateway"), said);
            assertEquals("", said());
        }
    }

    /** Its pages are small, so that it has many. */
    private static OwnBroker broker(Path folder) throws IOException {
        return new OwnBroker(folder)
                .edit("<max-size-bytes>10M<", "<max-size-bytes>200K<")
                .edit("<page-size-bytes>2M<", "<page-size-bytes>50K<");
    }

    private static Arguments damage(String name, Damage damage, String... words) {
        return arguments(name, damage, List.of(words));
    }

    @BeforeEach
    void countWhatWasSaid() throws IOException {
        saidBefore = TestGateway.logged("DataCheck ").size();
    }

    /** What was said of the data in this test. */
    private String said() throws IOException {
        var lines = TestGateway.logged("DataCheck ");
        return String.join("\n", lines.subList(saidBefore, lines.size()));
    }

    private static void send(OwnBroker broker, String queue, int messages, String text) {
        try (var factory = broker.operator();
                var context = factory.createContext(Session.SESSION_TRANSACTED)) {
            var producer = context.createProducer();
            for (int i = 1; i <= messages; i++) {
                producer.send(context.createQueue(queue), text);
                if (i % 10 == 0 || i == messages) {
                    context.commit();
                }
            }
        }
    }

    private static void take(OwnBroker broker, String queue, int messages) {
        try (var factory = broker.operator();
                var context = factory.createContext(Session.AUTO_ACKNOWLEDGE);
                var consumer = context.createConsumer(context.createQueue(queue))) {
            for (int i = 0; i < messages; i++) {
                assertNotNull(consumer.receive());
            }
        }
    }

    /** Stops it while two move messages from queue to queue, and have others at hand. */
    private static void stopAtWork(OwnBroker broker) throws Exception {
        var atWork = new CountDownLatch(200);
        var movers = List.of(
                new Thread(() -> move(broker, "sms.inbound", "sms.click", atWork)),
                new Thread(() -> move(broker, "sms.click", "sms.inbound", atWork)));
        movers.forEach(Thread::start);
        assertTrue(atWork.await(1, TimeUnit.MINUTES));
        broker.stop();
        for (var mover : movers) {
            mover.join();
        }
    }

    private static void move(OwnBroker broker, String from, String to, CountDownLatch moved) {
        try (var factory = broker.operator();
                var context = factory.createContext(Session.SESSION_TRANSACTED);
                var consumer = context.createConsumer(context.createQueue(from))) {
            var producer = context.createProducer();
            for (var message = consumer.receive(); message != null; message = consumer.receive()) {
                producer.send(context.createQueue(to), message);
                context.commit();
                moved.countDown();
            }
        } catch (JMSRuntimeException e) {
            // the broker has stopped
        }
    }

    /** After a crash nothing says what there was. */
    private static void crash(Path data) throws IOException {
        Files.delete(data.resolve("last-stop.properties"));
    }

    private static List<Path> pages(Path data) throws IOException {
        return files(data.resolve("paging"), ".page");
    }

    private static Path first(Path data, String folder, String ending) throws IOException {
        return files(data.resolve(folder), ending).get(0);
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static void cut(Path file, int size) throws IOException {
        try (var opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(size);
        }
    }

    private static void spoil(Path file, int position, int bytes) throws IOException {
        try (var opened = new RandomAccessFile(file.toFile(), "rw")) {
            var garbage = new byte[bytes];
            new Random(1).nextBytes(garbage);
            opened.seek(position);
            opened.write(garbage);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
