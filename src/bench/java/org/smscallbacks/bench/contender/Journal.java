package org.smscallbacks.bench.contender;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.smscallbacks.bench.Reports;

/**
 * What the broker alone stores: transactions of the same messages, already mapped, with nothing before them. Each line of the input,
 * <code>batch sessions milliseconds prefix</code>, is one run; the
 * number of events and the nanoseconds it took are then in the file <code>answer.txt</code>.
 */
public final class Journal {

    /** Mapped before the run, and renamed in it: another id and message id make another event of each. */
    private static final int TEMPLATES = 2_000;

    private static final Path ANSWER = Path.of("answer.txt");

    public static void main(String[] args) throws Exception {
        var home = Home.open();
        var connections = home.connections();
        var sessions = new TransactedSession[64];
        for (int i = 0; i < sessions.length; i++) {
            sessions[i] = TransactedSession.over(connections);
        }
        var body = new Reports("template", TEMPLATES).body(0);
        var templates = home.reports().read(body, "demo");
        home.sayReady();
        var input = new Scanner(System.in, StandardCharsets.UTF_8);
        while (input.hasNext()) {
            var result = run(sessions, templates, input.nextInt(), input.nextInt(), input.nextLong(), input.next());
            Files.writeString(Path.of("answer.tmp"), result);
            Files.move(Path.of("answer.tmp"), ANSWER, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static String run(
            TransactedSession[] sessions, List<Event> templates, int batch, int senders, long millis, String prefix)
            throws Exception {
        var stored = new AtomicLong();
        var pool = Executors.newFixedThreadPool(senders);
        long started = System.nanoTime();
        long end = started + TimeUnit.MILLISECONDS.toNanos(millis);
        var running = new ArrayList<Callable<Void>>();
        for (int i = 0; i < senders; i++) {
            int sender = i;
            running.add(() -> {
                for (long call = 0; System.nanoTime() < end; call++) {
                    var events = new Event[batch];
                    for (int item = 0; item < batch; item++) {
                        events[item] = templates
                                .get(item % TEMPLATES)
                                .renamed(prefix + "-" + sender + "-" + call + "-" + item);
                    }
                    sessions[sender].store(List.of(events));
                    stored.addAndGet(batch);
                }
                return null;
            });
        }
        for (var one : pool.invokeAll(running)) {
            one.get();
        }
        pool.shutdown();
        return stored.get() + " " + (System.nanoTime() - started);
    }
}
