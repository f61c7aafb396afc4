package org.smscallbacks.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Posts callbacks over so many connections that stay open. A thread for each connection writes a prepared body and waits for the
 * answer: cheap, since it shares the processors with what it measures.
 */
final class Load implements AutoCloseable {

    private static final String PATH = "/callbacks/infobip/demo?token=demo-only-not-a-secret";
    private static final int ANSWER_MILLIS = 60_000;
    private static final long PAUSE_AFTER_REFUSAL_MILLIS = 20;

    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Load(int port) {
        this.port = port;
    }

    /**
     * What came of a run.
     *
     * @param calls the numbers of the calls that were acknowledged
     * @param refused how often the answer was 503, try again later
     * @param nanos how long it took
     * @param dueNanos when each of them was to be sent, on the clock of <code>System.nanoTime()</code>
     * @param answerNanos how long each waited for its answer from then on
     */
    record Outcome(Reports reports, long[] calls, int refused, long nanos, long[] dueNanos, long[] answerNanos) {

        long events() {
            return (long) calls.length * reports.batch();
        }

        double eventsPerSecond() {
            return events() / (nanos / 1e9);
        }
    }

    /** As fast as the answers come, for so long. */
    Outcome run(Reports reports, int connectionCount, long millis) throws Exception {
        var next = new AtomicLong();
        long started = System.nanoTime();
        long end = started + TimeUnit.MILLISECONDS.toNanos(millis);
        return run(
                reports,
                connectionCount,
                () -> System.nanoTime() < end ? new Call(next.getAndIncrement(), System.nanoTime()) : null);
    }

    /**
     * So many calls a second, each at its time, whatever the answers are; a call that finds no connection free waits, and its
     * waiting counts.
     */
    Outcome runAtRate(Reports reports, int connectionCount, double callsPerSecond, long millis) throws Exception {
        var next = new AtomicLong();
        long started = System.nanoTime();
        long count = (long) (callsPerSecond * millis / 1e3);
        return run(reports, connectionCount, () -> {
            long number = next.getAndIncrement();
            if (number >= count) {
                return null;
            }
            long due = started + (long) (number * 1e9 / callsPerSecond);
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            return new Call(number, due);
        });
    }

    private record Call(long number, long due) {}

    private interface Calls {
        /** The next call, when its time has come; null at the end. */
        Call next() throws InterruptedException;
    }

    private Outcome run(Reports reports, int connectionCount, Calls calls) throws Exception {
        long started = System.nanoTime();
        var connections = Stream.generate(() -> new Connection(port))
                .limit(connectionCount)
                .toList();
        var refused = new AtomicInteger();
        var running = new ArrayList<Callable<long[][]>>();
        for (var connection : connections) {
            running.add(() -> post(connection, reports, calls, refused));
        }
        var acknowledged = new ArrayList<long[][]>();
        for (var one : threads.invokeAll(running)) {
            acknowledged.add(one.get());
        }
        long nanos = System.nanoTime() - started;
        // a server may close what was idle until the next run
        connections.forEach(Connection::close);
        return new Outcome(
                reports,
                joined(acknowledged, 0),
                refused.get(),
                nanos,
                joined(acknowledged, 1),
                joined(acknowledged, 2));
    }

    private static long[][] post(Connection connection, Reports reports, Calls calls, AtomicInteger refused)
            throws Exception {
        var numbers = LongStream.builder();
        var due = LongStream.builder();
        var waited = LongStream.builder();
        for (var call = calls.next(); call != null; call = calls.next()) {
            var body = reports.body(call.number);
            int status = connection.post(body);
            while (status == 503) {
                refused.incrementAndGet();
                Thread.sleep(PAUSE_AFTER_REFUSAL_MILLIS);
                status = connection.post(body);
            }
            if (status != 200) {
                throw new IllegalStateException("a callback was answered " + status);
            }
            numbers.add(call.number);
            due.add(call.due);
            waited.add(System.nanoTime() - call.due);
        }
        return new long[][] {
            numbers.build().toArray(), due.build().toArray(), waited.build().toArray()
        };
    }

    private static long[] joined(List<long[][]> parts, int which) {
        return parts.stream().flatMapToLong(part -> Arrays.stream(part[which])).toArray();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One connection; opened again when the other side has closed it. */
    private static final class Connection {

        private final int port;
        private Socket socket;
        private InputStream in;

        Connection(int port) {
            this.port = port;
        }

        int post(byte[] body) throws IOException {
            var head = ("POST " + PATH
                            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                            + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            var request = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, request, head.length, body.length);
            if (socket == null) {
                socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(ANSWER_MILLIS);
                in = new BufferedInputStream(socket.getInputStream());
            }
            try {
                socket.getOutputStream().write(request);
            } catch (IOException e) {
                // refused while it was written: the answer is there all the same
            }
            return answer();
        }

        private int answer() throws IOException {
            var statusLine = line();
            int status = Integer.parseInt(statusLine.substring(9, 12));
            int length = 0;
            boolean chunked = false;
            boolean stays = true;
            for (var header = line(); !header.isEmpty(); header = line()) {
                var lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(lower.substring(15).strip());
                } else if (lower.startsWith("transfer-encoding:")) {
                    chunked = true;
                } else if (lower.startsWith("connection:")) {
                    stays = !lower.contains("close");
                }
            }
            if (chunked) {
                for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                    in.readNBytes(size);
                    line();
                }
                line();
            } else {
                in.readNBytes(length);
            }
            if (!stays) {
                close();
            }
            return status;
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the connection was closed in the middle of an answer");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        void close() {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException e) {
                // gone anyway
            }
            socket = null;
        }
    }
}
