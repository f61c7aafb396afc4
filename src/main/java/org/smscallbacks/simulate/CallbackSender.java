package org.smscallbacks.simulate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.smscallbacks.config.AuthorisedRequest;
import org.smscallbacks.config.ConfigurationException;
import org.smscallbacks.gateway.AuthorisedCallbacks;
import org.smscallbacks.gateway.TrialRequest;

/** Calls the gateway as the provider does. Its URLs hold a token: they are in no message. */
final class CallbackSender {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final AuthorisedCallbacks authorised;
    private final String address;
    private final Duration patience;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();

    /**
     * @param address scheme, host and port
     * @param patience how long an answer is waited for
     */
    CallbackSender(AuthorisedCallbacks authorised, String address, Duration patience) {
        this.authorised = authorised;
        this.address = address;
        this.patience = patience;
    }

    /**
     * Why this callback cannot be sent as the provider would; empty when it can.
     *
     * @throws ConfigurationException when there is no such provider or account
     */
    String problem(TrialRequest request) {
        var made = made(request);
        if (!made.unsigned().isEmpty()) {
            return made.unsigned();
        }
        try {
            call(request, made);
            return "";
        } catch (IllegalArgumentException e) {
            // its message would quote the URL
            return "Java cannot call such a URL, or send such a header";
        }
    }

    /** Sends it, signed now. */
    Answer send(TrialRequest request) throws InterruptedException {
        var answered = http.sendAsync(call(request, made(request)), BodyHandlers.ofString());
        try {
            var answer = answered.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(answer.statusCode(), answer.body());
        } catch (ExecutionException | TimeoutException e) {
            return Answer.NONE;
        } finally {
            answered.cancel(true);
        }
    }

    private AuthorisedRequest made(TrialRequest request) {
        return authorised.of(request, address, Instant.now());
    }

    /** What the provider calls, at the address of this gateway. */
    private HttpRequest call(TrialRequest request, AuthorisedRequest made) {
        var path = made.url().substring(made.url().indexOf("/callbacks/"));
        var call = HttpRequest.newBuilder(URI.create(address + path));
        request.headers().forEach(call::header);
        made.headers().forEach(header -> call.header(header.getKey(), header.getValue()));
        return request.isGet()
                ? call.GET().build()
                : call.POST(BodyPublishers.ofByteArray(made.body())).build();
    }
}
