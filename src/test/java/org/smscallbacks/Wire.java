package org.smscallbacks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP connection to a port of this machine that can be held: what is sent meanwhile arrives when it is let go. */
final class Wire implements AutoCloseable {

    private final ServerSocket entry;
    private final int exit;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Object gate = new Object();
    private boolean held;

    Wire(int entry, int exit) throws IOException {
        this.entry = new ServerSocket(entry, 50, InetAddress.getLoopbackAddress());
        this.exit = exit;
        daemon(this::accept);
    }

    void hold() {
        synchronized (gate) {
            held = true;
        }
    }

    void letGo() {
        synchronized (gate) {
            held = false;
            gate.notifyAll();
        }
    }

    private void accept() throws IOException {
        while (true) {
            var near = entry.accept();
            var far = new Socket(InetAddress.getLoopbackAddress(), exit);
            sockets.addAll(List.of(near, far));
            daemon(() -> pass(near, far));
            daemon(() -> pass(far, near));
        }
    }

    private void pass(Socket from, Socket to) throws IOException, InterruptedException {
        try (from;
                to) {
            var buffer = new byte[8192];
            for (int count = from.getInputStream().read(buffer);
                    count >= 0;
                    count = from.getInputStream().read(buffer)) {
                synchronized (gate) {
                    while (held) {
                        gate.wait();
                    }
                }
                to.getOutputStream().write(buffer, 0, count);
            }
        }
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
        letGo();
        entry.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
