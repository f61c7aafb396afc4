package org.smscallbacks.simulate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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
        var made = authorised.of(request, address, Instant.now());
        return made.unsigned().isEmpty() && uri(made) == null ? "its URL is none" : made.unsigned();
    }

    /** Sends it, signed now. */
    Answer send(TrialRequest request) throws InterruptedException {
        var made = authorised.of(request, address, Instant.now());
        var call = HttpRequest.newBuilder(uri(made)).timeout(patience);
        request.headers().forEach(call::header);
        for (Map.Entry<String, String> header : made.headers()) {
            call.header(header.getKey(), header.getValue());
        }
        call.method(
                request.isGet() ? "GET" : "POST",
                request.isGet() ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(made.body()));
        try {
            var answer = http.send(call.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            return Answer.NONE;
        }
    }

    /** What the provider calls, at the address of this gateway; null where Java cannot call it. */
    private URI uri(AuthorisedRequest made) {
        int path = made.url().indexOf("/callbacks/");
        try {
            return URI.create(address + made.url().substring(path));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
