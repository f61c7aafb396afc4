package org.smscallbacks.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers who drip, flood, never end, lie about lengths and hang up, with and without credentials. */
final class HostileCallers implements Fault {

    private static final int CALLERS = 40;

    private final int millis;
    private final AtomicInteger count = new AtomicInteger();

    /** @param millis they go on */
    HostileCallers(int millis) {
        this.millis = millis;
    }

    @Override
    public void strike(Home home, Random random) throws Exception {
        long until = System.nanoTime() + millis * 1_000_000L;
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < CALLERS; i++) {
            long seed = random.nextLong();
            var caller = new Thread(() -> callAgainAndAgain(home, new Random(seed), until));
            caller.setDaemon(true);
            caller.start();
            callers.add(caller);
        }
        for (var caller : callers) {
            caller.join(millis * 2);
        }
    }

    private void callAgainAndAgain(Home home, Random random, long until) {
        while (System.nanoTime() < until) {
            try (var socket = new Socket("127.0.0.1", home.httpPort())) {
                socket.setSoTimeout(millis);
                count.incrementAndGet();
                var path = List.of(
                                home.callbackUrl("infobip").replaceFirst("http://[^/]+", ""),
                                "/callbacks/infobip/nobody",
                                "/callbacks/%zz",
                                "/")
                        .get(random.nextInt(4));
                call(socket.getOutputStream(), path, random, until);
            } catch (IOException e) {
                // refused, or cut off: as it should be
                pause(20);
            }
        }
    }

    private static void call(OutputStream out, String path, Random random, long until) throws IOException {
        var head = "POST " + path + " HTTP/1.1\r\nHost: x\r\n";
        switch (random.nextInt(5)) {
            case 0 -> {
                write(out, head + "Content-Length: 8388608\r\n\r\n");
                pause(random.nextInt(2_000));
            }
            case 1 -> {
                write(out, head + "Transfer-Encoding: chunked\r\n\r\n");
                for (int i = 0; i < 600 && System.nanoTime() < until; i++) {
                    write(out, "4000\r\n" + "y".repeat(0x4000) + "\r\n");
                    pause(5);
                }
            }
            case 2 -> write(out, head + "Content-Length: 10\r\nContent-Length: 11\r\n\r\n[]");
            case 3 -> {
                write(out, head);
                for (int i = 0; i < 2_000; i++) {
                    write(out, "X-" + i + ": " + "z".repeat(100) + "\r\n");
                }
            }
            default -> write(out, head + "Content-Length: 5\r\n\r\n[1]]]GARBAGE");
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void pause(int someMillis) {
        try {
            Thread.sleep(someMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Map<String, Integer> struck() {
        return Map.of("strange calls", count.get());
    }
}
