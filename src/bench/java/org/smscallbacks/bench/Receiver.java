package org.smscallbacks.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The downstream: takes every call with 204 and remembers when which event came first. A thread for each connection. */
final class Receiver implements AutoCloseable {

    private static final byte[] TAKEN = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_CONNECTIONS = 512;
    private static final String SUBJECT = "\"subject\":\"";

    private final ServerSocket server = new ServerSocket(0, MOST_CONNECTIONS, InetAddress.getLoopbackAddress());
    private final Map<String, Long> arrivals = new ConcurrentHashMap<>();

    Receiver() throws IOException {
        daemon(this::accept, "receiver");
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/events";
    }

    /** When each event came, by message id, on the clock of <code>System.nanoTime()</code>. */
    Map<String, Long> arrivals() {
        return arrivals;
    }

    private void accept() {
        try {
            while (true) {
                var connection = server.accept();
                connection.setTcpNoDelay(true);
                daemon(() -> answer(connection), "receiver-connection");
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            var in = new BufferedInputStream(connection.getInputStream(), 1 << 14);
            var out = connection.getOutputStream();
            for (int length = lengthOfCall(in); length >= 0; length = lengthOfCall(in)) {
                var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                int start = body.indexOf(SUBJECT) + SUBJECT.length();
                arrivals.putIfAbsent(body.substring(start, body.indexOf('"', start)), System.nanoTime());
                out.write(TAKEN);
            }
        } catch (IOException e) {
            // the caller has gone
        }
    }

    /** Reads the head of a call; -1 at the end. */
    private static int lengthOfCall(InputStream in) throws IOException {
        int length = -1;
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c != '\n') {
                line.append((char) c);
                continue;
            }
            var header = line.toString().strip().toLowerCase(Locale.ROOT);
            if (header.isEmpty()) {
                return length;
            }
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
            line.setLength(0);
        }
        return -1;
    }

    private static void daemon(Runnable work, String name) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
