package org.smscallbacks.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Route;
import org.smscallbacks.config.AuthorisedRequest;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.config.Settings;
import org.smscallbacks.event.Callback;
import org.smscallbacks.gateway.TrialResult.Problem;
import org.smscallbacks.http.UnguardedCallback;

/**
 * The routes as they stand on the disk, to try callbacks with: the same code as in a gateway, with no broker and no port. Nothing is
 * stored, and what a step would send is noted instead. Used by one thread.
 */
public final class Trial implements AutoCloseable {

    private final CloseStack opened = new CloseStack();
    private final ExecutorService caller = Executors.newSingleThreadExecutor(work -> {
        var thread = new Thread(work, "trial");
        thread.setContextClassLoader(Trial.class.getClassLoader());
        // one that never ends must not keep the command from ending
        thread.setDaemon(true);
        return thread;
    });
    private final Duration limit;
    private final Settings settings;
    private final TrialAccounts accounts;
    private final RouteSet routes;
    private final TrialWatch watch = new TrialWatch();
    private final TrialProblems problems;
    private final KnownQueues queues;

    /**
     * @param source is read once
     * @param limit how long a callback may take
     * @throws ConfigurationException when a start would be refused
     */
    public Trial(Supplier<Settings> source, Duration limit) {
        this.limit = limit;
        try {
            settings = source.get();
            accounts = new TrialAccounts(settings);
            problems = new TrialProblems(settings.routes());
            var services = Services.withoutBroker(settings, opened);
            var configuration = Configuration.of(settings);
            queues = new KnownQueues(configuration);
            routes = opened.push(RouteSet.onTrial(configuration, services, watch));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * What would become of a callback, if it came now.
     *
     * @throws ConfigurationException when there is no such provider or account
     */
    public TrialResult run(TrialRequest request) {
        var account = accounts.of(request);
        if (request.body().length > settings.http().maxBody()) {
            return refused(
                    413,
                    "the body is larger than sms.http.max-body: "
                            + inWords(settings.http().maxBody()));
        }
        var route = routes.routeOf(request.provider(), request.isGet() ? "GET" : "POST");
        if (route == null) {
            return refused(
                    405,
                    "no route takes a " + (request.isGet() ? "GET" : "POST") + " at /callbacks/" + request.provider()
                            + "/" + account.name());
        }
        var exchange = route.getEndpoint().createExchange(ExchangePattern.InOut);
        var callback = UnguardedCallback.enter(
                exchange,
                account,
                Instant.now(),
                request.isGet(),
                request.query(),
                request.body(),
                request.header("Content-Type"));
        return isDoneInTime(route, exchange) ? result(exchange, callback) : outOfTime(route);
    }

    /** In digits so few that nobody takes them for a phone number, and hides some. */
    private static String inWords(long bytes) {
        return bytes < 1 << 10 ? bytes + " bytes" : (bytes >> 10) + " KiB";
    }

    private static TrialResult refused(int status, String problem) {
        return new TrialResult(status, "", "", List.of(), List.of(), List.of(new Problem("", problem)), List.of());
    }

    private boolean isDoneInTime(Route route, Exchange exchange) {
        var call = caller.submit(() -> {
            // not before what was tried last has really ended
            watch.begin();
            route.getProcessor().process(exchange);
            return null;
        });
        try {
            call.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            exchange.setException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            watch.end();
            call.cancel(true);
        }
        return true;
    }

    private TrialResult outOfTime(Route route) {
        return new TrialResult(
                0,
                "",
                "",
                List.of(),
                watch.unsent(),
                List.of(new Problem(
                        watch.lastPlace(),
                        "route " + route.getRouteId() + " did not come to an answer within " + limit.toSeconds()
                                + " s: does it go round in circles?")),
                List.of());
    }

    private TrialResult result(Exchange exchange, Callback callback) {
        var answer = exchange.getMessage();
        var failure = exchange.getException();
        int status = failure != null ? 500 : status(answer.getHeader(Exchange.HTTP_RESPONSE_CODE));
        var events = new ArrayList<TrialResult.Event>();
        for (var event : callback.events()) {
            var origin = watch.origin(event);
            events.add(new TrialResult.Event(
                    event, callback.isKnown(event), origin.mapping(), problems.of(event, origin)));
        }
        var wrong = new ArrayList<Problem>();
        if (failure != null || status >= 500) {
            var failed = watch.failed();
            wrong.add(new Problem(failed.place(), "the route failed: " + failed.cause()));
        } else if (!callback.isStored()) {
            wrong.add(new Problem("", "the callback was answered " + status + ", and its events were not stored"));
        } else if (status >= 300) {
            wrong.add(
                    new Problem("", "the answer " + status + " tells the provider that the callback is not accepted"));
        }
        return new TrialResult(
                status,
                answer.getHeader(Exchange.CONTENT_TYPE, "", String.class),
                failure != null || answer.getBody() == null ? "" : answer.getBody(String.class),
                events,
                watch.unsent(),
                wrong,
                notesOn(callback));
    }

    private List<String> notesOn(Callback callback) {
        var notes = new LinkedHashSet<String>();
        for (var event : callback.events()) {
            for (var queue : event.queues()) {
                var note = queues.noteOn(queue);
                if (note != null) {
                    notes.add(watch.origin(event).queueNamedAt() + ": " + note);
                }
            }
        }
        var provider = callback.account().provider();
        if (settings.providersWithoutAccount().contains(provider)) {
            notes.add("no account of " + provider
                    + " is configured, so a gateway answers 401 to each of its callbacks: write" + " sms.account."
                    + provider + ".<account>.token");
        }
        return List.copyOf(notes);
    }

    /** A route can set whatever it likes. */
    private static int status(Object header) {
        return header instanceof Integer number ? number : header == null ? 200 : 500;
    }

    /**
     * The callback as the provider would send it, with token and signature.
     *
     * @throws ConfigurationException when there is no such provider or account
     */
    public AuthorisedRequest authorised(TrialRequest request) {
        var address = "http://" + settings.http().address();
        return new AuthorisedCallbacks(settings).of(request, address, Instant.now());
    }

    @Override
    public void close() {
        caller.shutdownNow();
        opened.close();
    }
}
