package org.smscallbacks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** A receiver on loopback whose answers no HTTP server would give. */
final class OddDownstream implements AutoCloseable {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");
    private static final Pattern ID = Pattern.compile("(?i)webhook-id: *(\\S+)");

    /** What happens on a connection once a request is there. */
    interface Oddity {
        void answer(OddDownstream downstream, Socket socket) throws IOException, InterruptedException;
    }

    /** No byte ever comes. */
    static final Oddity NEVER_ANSWERS = (downstream, socket) -> downstream.closed.await();

    /** The connection is reset in the middle of the headers. */
    static final Oddity RESETS_IN_THE_HEADERS = (downstream, socket) -> {
        downstream.write(socket, OK + "Content-Le");
        socket.setSoLinger(true, 0);
    };

    /** One header after the other, for ever. */
    static final Oddity NEVER_ENDS_THE_HEADERS = (downstream, socket) -> {
        downstream.write(socket, OK);
        downstream.trickle(socket, "X-More: yes\r\n");
    };

    /** An answer, and a body that comes byte by byte, for ever. */
    static final Oddity NEVER_ENDS_THE_BODY = (downstream, socket) -> {
        downstream.write(socket, OK + "Transfer-Encoding: chunked\r\n\r\n");
        downstream.trickle(socket, "1\r\n.\r\n");
    };

    /** An answer whose body is cut short. */
    static final Oddity BREAKS_THE_BODY =
            (downstream, socket) -> downstream.write(socket, OK + "Content-Length: 100\r\n\r\nshort");

    /** An answer with a body of 100 MB. */
    static final Oddity SENDS_100_MB = (downstream, socket) -> {
        downstream.write(socket, OK + "Content-Length: " + (100 << 20) + "\r\n\r\n");
        var megabyte = ".".repeat(1 << 20);
        for (int i = 0; i < 100; i++) {
            downstream.write(socket, megabyte);
        }
    };

    /** A good answer that promises a connection for more, which is then closed. */
    static final Oddity HANGS_UP = (downstream, socket) -> downstream.write(socket, OK + "Content-Length: 0\r\n\r\n");

    /** Something that is not HTTP. */
    static final Oddity SPEAKS_SMTP =
            (downstream, socket) -> downstream.write(socket, "220 mail.example.org ESMTP\r\n");

    private final ServerSocket entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final AtomicLong written = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Oddity oddity;

    OddDownstream(Oddity oddity) throws IOException {
        this.oddity = oddity;
        daemon(() -> {
            while (true) {
                var socket = entry.accept();
                sockets.add(socket);
                daemon(() -> meet(socket));
            }
        });
    }

    /** From now on it is odd in this way. */
    void becomes(Oddity other) {
        oddity = other;
    }

    private void meet(Socket socket) throws IOException, InterruptedException {
        try (socket) {
            var request = request(socket.getInputStream());
            if (!request.isEmpty()) {
                var id = ID.matcher(request);
                ids.add(id.find() ? id.group(1) : "");
                oddity.answer(this, socket);
            }
        }
    }

    private static String request(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
        }
        var text = head.toString(StandardCharsets.US_ASCII);
        var length = LENGTH.matcher(text);
        if (length.find()) {
            in.readNBytes(Integer.parseInt(length.group(1)));
        }
        return text;
    }

    private void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        written.addAndGet(text.length());
    }

    private void trickle(Socket socket, String drop) throws IOException, InterruptedException {
        while (!closed.await(20, TimeUnit.MILLISECONDS)) {
            write(socket, drop);
        }
    }

    /** The ids of the events, in the order in which they came. */
    List<String> ids() {
        return List.copyOf(ids);
    }

    /** How many bytes of answers were sent. */
    long written() {
        return written.get();
    }

    String url() {
        return "http://127.0.0.1:" + entry.getLocalPort() + "/events";
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void daemon(Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // the other end has gone
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        entry.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
