package org.smscallbacks.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Sends callbacks of all dialects and repeats each until it is told yes, or as often as its dialect does, whatever happens to the gateway.
 */
final class Provider extends Thread {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long REPEAT_MILLIS = 200;

    private final List<Home> gateways;
    private final Ledger ledger;
    private final Random random;
    private final int pauseMillis;
    private volatile boolean goesOn = true;
    private boolean isAtOnce;

    /**
     * @param gateways of several it calls one after the other; a callback that is repeated goes to the same one or to another, half and half
     * @param name of which its ids are made: no other has it
     */
    Provider(List<Home> gateways, Ledger ledger, String name, long seed, int pauseMillis) {
        super(name);
        setDaemon(true);
        this.gateways = gateways;
        this.ledger = ledger;
        this.random = new Random(seed);
        this.pauseMillis = pauseMillis;
    }

    /** Sends everything to all gateways at the same moment. */
    Provider atOnce() {
        isAtOnce = true;
        return this;
    }

    /** Begins no other callback; the one under way is repeated as before. */
    void finish() {
        goesOn = false;
    }

    @Override
    public void run() {
        var http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        try {
            for (int number = 0; goesOn; number++) {
                var dialect = Dialect.values()[random.nextInt(Dialect.values().length)];
                var prefix = getName() + "-" + number + "-";
                var ids = IntStream.rangeClosed(0, random.nextInt(dialect.largest()))
                        .mapToObj(item -> prefix + item)
                        .toList();
                send(http, dialect, ids, number);
                Thread.sleep(random.nextInt(pauseMillis + 1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(HttpClient http, Dialect dialect, List<String> ids, int number) throws InterruptedException {
        ledger.sends(ids);
        var request = dialect.callback(gateways.get(0).callbackUrl(dialect.provider()), ids, random)
                .timeout(PATIENCE)
                .build();
        for (int attempt = 1; attempt <= dialect.attempts(); attempt++) {
            long began = System.nanoTime();
            int status = isAtOnce ? statusOfAll(http, request) : status(http, to(gatewayOf(number, attempt), request));
            long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            if (status / 100 == 2) {
                ledger.acknowledges(ids, millis);
                return;
            }
            if (status != 0 && status != 503) {
                ledger.oddAnswer();
            }
            Thread.sleep(REPEAT_MILLIS);
            ledger.repeats(millis + REPEAT_MILLIS);
        }
    }

    private static int status(HttpClient http, HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            // gone in the middle of it: was it stored? it is sent again
            return 0;
        }
    }

    /** The best of them. */
    private int statusOfAll(HttpClient http, HttpRequest request) {
        ledger.sendsAtOnce();
        var answers = gateways.stream()
                .map(gateway -> http.sendAsync(to(gateway, request), BodyHandlers.discarding())
                        .thenApply(HttpResponse::statusCode)
                        .exceptionally(failure -> 0))
                .toList();
        return answers.stream()
                .map(CompletableFuture::join)
                .filter(status -> status / 100 == 2)
                .findFirst()
                .orElse(0);
    }

    private Home gatewayOf(int number, int attempt) {
        boolean staysWithOne = number / gateways.size() % 2 == 0;
        return gateways.get((number + (staysWithOne ? 0 : attempt)) % gateways.size());
    }

    private HttpRequest to(Home gateway, HttpRequest request) {
        var uri = request.uri().toString().replace(gateways.get(0).url(), gateway.url());
        return HttpRequest.newBuilder(request, (name, value) -> true)
                .uri(URI.create(uri))
                .build();
    }
}
